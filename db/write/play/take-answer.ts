import type { Keyring } from '../../../src/config/keyring.ts';
import type { TenantId } from '../../../src/domain/ids.ts';
import { FIRST_VALUE_ANSWERS } from '../../../src/domain/play/deck.ts';
import type { PlayHappening } from '../../../src/domain/play/guest-role.ts';
import { firstValueEventId } from '../../../src/domain/play/guest-token.ts';
import { answeredIn, rightIn, type AnswerGiven, type Judged, type Play } from '../../../src/domain/play/judge-answer.ts';
import type { FactScalar } from '../../../src/domain/run/fact.ts';
import type { Tx } from '../../client.ts';
import { readPlayPage, type PlayView } from '../../read/play-page.ts';
import { tellHappenings, type Happening } from '../runs/tell-happenings.ts';
import { placeOnBoard } from '../rally/place-on-board.ts';
import { lockMembers } from '../lock-people.ts';
import { storeEvents } from '../store-events.ts';
import { stopReminders } from '../stop-reminders.ts';
import { judgeIn, storeAnswer } from './store-answer.ts';

export type Answering = { readonly tenantId: TenantId; readonly tokenHash: Uint8Array; readonly code: string; readonly given: AnswerGiven; readonly now: number };

/** `view` is as it stands afterwards. */
export type TakenAnswer = { readonly judged: Judged; readonly view: PlayView };

/**
 * Takes a guest's answer: judged here, kept once, never changed. The guest's row is locked, so that answers and the sign-up that makes the
 * guest a member wait for each other. The run hears of what it may wait for: that somebody plays, the third answer, the end of a game; the
 * third answer of a guest who is a member already is their first value at once. Null: there is no such guest by this link.
 */
export async function takeAnswer(tx: Tx, keyring: Keyring, { tenantId, tokenHash, code, given, now }: Answering): Promise<TakenAnswer | null> {
  const before = await readPlayPage(tx, { tenantId, tokenHash, code, lock: true, now });
  if (before === null) return null;
  const judged = judgeIn(keyring, { tenantId, game: before, given });
  if (judged.outcome !== 'taken') return { judged, view: before };
  // What follows may settle rewards: the member comes before runs in the order of locks.
  if (before.joinedAs !== null) await lockMembers(tx, [before.joinedAs]);
  const play = await storeAnswer(tx, { tenantId, game: before, personId: before.guestId, given, now }, judged.isRight);
  const view = { ...before, plays: [...before.plays, play] };
  // A sign-up has closed the invite already.
  if (before.joinedAs === null && view.plays.length === 1) await stopReminders(tx, { tenantId, code, answer: 'plays', now });
  await tellHappenings(tx, { tenantId, happenings: newsOf(view, play), now });
  await placeOnBoard(tx, { tenantId, view, round: play.round, now });
  if (view.joinedAs !== null && hasJustReachedValue(view, play)) await storeFirstValue(tx, keyring, { tenantId, view, now });
  return { judged, view };
}

/** Milestones only: a run that heard each answer would be dear. */
function newsOf({ guestId, joinedAs, runId, questions, plays }: PlayView, { round, at }: Play): Happening[] {
  const answered = answeredIn(plays, round);
  const happening = (type: PlayHappening, data: Readonly<Record<string, FactScalar>> = {}): Happening => (
    { personId: joinedAs ?? guestId, runId, type, id: `${guestId}:${type}:${String(round)}`, at, data: { guestId, round, ...data } });
  return [
    ...(answered === 1 ? [happening(round === 1 ? 'play_began' : 'play_again')] : []),
    ...(round === 1 && answered === FIRST_VALUE_ANSWERS ? [happening('play_reached_value')] : []),
    ...(answered === questions.length ? [happening('play_finished', { right: rightIn(plays, round), of: questions.length })] : []),
  ];
}

function hasJustReachedValue({ plays }: PlayView, { round }: Play): boolean {
  return round === 1 && answeredIn(plays, 1) === FIRST_VALUE_ANSWERS;
}

/** As if the app had told it, under an id of the guest's. Last in the transaction: it settles rewards. */
async function storeFirstValue(tx: Tx, keyring: Keyring, { tenantId, view, now }: { tenantId: TenantId; view: PlayView; now: number }): Promise<void> {
  const [member] = await tx.sql<{ externalId: string }[]>`select external_id as "externalId" from members where tenant_id = ${tenantId} and id = ${view.joinedAs}`;
  if (member === undefined) throw new Error('a guest is joined to a member that is not there');
  await storeEvents(tx, keyring, {
    tenantId, now,
    facts: [{ eventId: firstValueEventId(view.guestId), type: 'first_value', occurredAt: now, externalId: member.externalId, clickId: null, code: null, properties: {}, detail: null }],
  });
}
