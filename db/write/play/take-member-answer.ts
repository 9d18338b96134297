import type { Keyring } from '../../../src/config/keyring.ts';
import type { MemberId, RunId, TenantId } from '../../../src/domain/ids.ts';
import { answeredIn, rightIn, type AnswerGiven, type Judged } from '../../../src/domain/play/judge-answer.ts';
import type { Tx } from '../../client.ts';
import { readMemberPlay, type MemberPlayView } from '../../read/play-member.ts';
import { lockMembers } from '../lock-people.ts';
import { storeEvents } from '../store-events.ts';
import { judgeIn, storeAnswer } from './store-answer.ts';

type Answering = { readonly tenantId: TenantId; readonly runId: RunId; readonly given: AnswerGiven; readonly now: number };

/** `view` is as it stands afterwards. */
export type TakenMemberAnswer = { readonly judged: Judged; readonly view: MemberPlayView };

/**
 * Takes an answer of the member for whom a run was started, by the rules of guests: judged here, kept once, never changed. With the last one the deck is
 * completed, as if the app had told it: it is practice, and the run hears of it; not where the app has told it before. The member is locked, so that answers
 * wait for each other. Null: the run has no questions.
 */
export async function takeMemberAnswer(tx: Tx, keyring: Keyring, { tenantId, runId, given, now }: Answering): Promise<TakenMemberAnswer | null> {
  const [run] = await tx.sql<{ memberId: MemberId | null }[]>`select member_id as "memberId" from runs where tenant_id = ${tenantId} and id = ${runId}`;
  if (run === undefined || run.memberId === null) return null;
  await lockMembers(tx, [run.memberId]);
  const before = await readMemberPlay(tx, { tenantId, runId, now });
  if (before === null) return null;
  const judged = judgeIn(keyring, { tenantId, game: before, given });
  if (judged.outcome !== 'taken') return { judged, view: before };
  const play = await storeAnswer(tx, { tenantId, game: before, personId: before.memberId, given, now }, judged.isRight);
  const view = { ...before, plays: [...before.plays, play] };
  const of = view.questions.length;
  if (answeredIn(view.plays, 1) < of || before.hasMemberFinished) return { judged, view };
  await storeEvents(tx, keyring, {
    tenantId, now,
    facts: [{ eventId: memberPlayedEventId(runId), type: 'deck_completed', occurredAt: now, externalId: view.externalId, clickId: null, code: null, properties: { runId, right: rightIn(view.plays, 1), of }, detail: null }],
  });
  return { judged, view: { ...view, hasMemberFinished: true } };
}

/** There is one such event a run. */
function memberPlayedEventId(runId: RunId): string {
  return `run:${runId}:member_played`;
}
