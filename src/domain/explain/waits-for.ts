import { hasEnded } from './ended.ts';
import type { InviteStateNow, StoryFacts } from './facts.ts';
import { redactText } from './redact.ts';
import { messageName, sayCode } from './say-code.ts';
import { utcText, whenText, type StoryClock } from './when.ts';

export type ShownState = InviteStateNow | 'sending';

/** Something that keeps a message from leaving though its time may have come. */
export type Hold = { readonly kind: 'tenant_paused' | 'program_paused' | 'hard_stop'; readonly id: string; readonly since: number; readonly reason: string | null };

/** What an invite waits for. Instants are epoch ms; `nextAt`: when the next thing happens by itself. */
export type Now = {
  readonly state: ShownState;
  readonly reason: string | null;
  readonly waitsFor: string;
  readonly nextAt: number | null;
  readonly heldBy: readonly Hold[];
  readonly permittedUntil: number | null;
  readonly expiresAt: number;
};

export function shownState({ invite, claim }: StoryFacts): ShownState {
  return claim !== null && (invite.state === 'waiting' || invite.state === 'handed_off') ? 'sending' : invite.state;
}

/** Says what the invite waits for now, in one sentence for those who may have to do something about it. */
export function waitsFor(facts: StoryFacts, clock: StoryClock): Now {
  const { invite } = facts;
  const state = shownState(facts);
  const planned = (state === 'waiting' || state === 'handed_off') && invite.step !== null;
  const heldBy = planned ? holdsOf(facts) : [];
  return {
    state,
    reason: invite.reason,
    waitsFor: sentence(facts, state, heldBy, clock),
    nextAt: state === 'sending' ? null : heldBy.length > 0 ? invite.expiresAt : invite.stale ? clock.now : invite.dueAt,
    heldBy,
    permittedUntil: planned && !invite.stale ? invite.permittedUntil : null,
    expiresAt: invite.expiresAt,
  };
}

function sentence(facts: StoryFacts, state: ShownState, heldBy: readonly Hold[], clock: StoryClock): string {
  const { invite, claim } = facts;
  switch (state) {
    case 'sending': return `on the wire since ${whenText(claim?.claimedAt ?? clock.now, clock)}: ${messageName(invite.step ?? 0, invite.channel)} was claimed, and its record or a newer sender's fence decides`;
    case 'waiting':
    case 'handed_off': return heldBy.length > 0 ? heldText(heldBy, facts, clock) : openText(facts, clock);
    case 'unknown': return `evidence: ${messageName(unknownStep(facts))} may have arrived (${sayCode(invite.reason, invite.channel)}); a delivery report, a bounce or a late record settles it${invite.dueAt === null ? '' : `, else it is given up ${whenText(invite.dueAt, clock)}`}`;
    case 'refused': return `nothing: it ended refused (${sayCode(invite.reason, invite.channel)})`;
    case 'unknown_expired': return 'nothing: it ended unknown, and is not sent again';
    case 'joined':
    case 'expired':
    case 'canceled': return `nothing: it ended ${state}`;
  }
}

function unknownStep({ messages }: StoryFacts): number {
  return messages.find(({ state }) => state === 'unknown')?.step ?? 0;
}

function openText({ invite, laneHold }: StoryFacts, clock: StoryClock): string {
  const { step, channel, dueAt, stale, tries, reason, stopReason } = invite;
  if (step === null && invite.notice != null) return 'nothing: the member was told, and nothing follows';
  if (step === null) {
    const why = stopReason === null ? '' : ` (its reminders were stopped: ${stopReason})`;
    return `an answer: the person may join until ${whenText(invite.expiresAt, clock)}; no further message leaves${why}`;
  }
  if (reason === 'run_paused') return `its run, which an operator has paused; it expires ${whenText(invite.expiresAt, clock)}`;
  const what = step === 0 ? '' : `${messageName(step)} `;
  if (stale && invite.notice != null) return 'its sender, which plans it before it may leave';
  if (stale) return `its sender, which plans ${step === 0 ? 'it' : messageName(step)} again before it may leave, because something it was planned from changed`;
  if (dueAt === null) return 'its sender';
  if (dueAt <= clock.now) return `its sender: ${step === 0 ? '' : `${messageName(step)} is `}due since ${whenText(dueAt, clock)}${laneHold === null ? '' : `; held by the ${redactText(laneHold.by)}`}`;
  if (reason !== null && tries > 0) return `another try ${whenText(dueAt, clock)}: ${sayCode(reason, channel)} (${String(tries)} ${tries === 1 ? 'try' : 'tries'} so far)`;
  if (reason !== null) return `another try ${whenText(dueAt, clock)}: ${sayCode(reason, channel)}`;
  return `${what}leaves ${whenText(dueAt, clock)}`;
}

function heldText(heldBy: readonly Hold[], { invite }: StoryFacts, clock: StoryClock): string {
  const what = invite.step === null || invite.step === 0 ? '' : `${messageName(invite.step)} is `;
  return `${what}held: ${heldBy.map((hold) => holdText(hold, clock.now)).join(', and ')}; it expires ${whenText(invite.expiresAt, clock)}`;
}

/** Those who hold something live by other clocks than the recipient: since when is told in UTC. */
function holdText({ kind, id, since, reason }: Hold, now: number): string {
  const when = `${utcText(since, now)} UTC`;
  switch (kind) {
    case 'tenant_paused': return `the tenant is paused since ${when}`;
    case 'program_paused': return `program ${id} is paused since ${when}`;
    case 'hard_stop': return `${id} is stopped since ${when}${reason === null ? '' : ` (${reason})`}`;
  }
}

function holdsOf({ invite, program, tenant, hardStop }: StoryFacts): Hold[] {
  if (hasEnded(invite.state)) return [];
  return [
    ...(tenant.pausedAt === null ? [] : [{ kind: 'tenant_paused' as const, id: invite.tenantId, since: tenant.pausedAt, reason: null }]),
    ...(hardStop === null ? [] : [{ kind: 'hard_stop' as const, id: invite.channel, since: hardStop.since, reason: redactText(hardStop.reason) }]),
    ...(program.pausedAt === null ? [] : [{ kind: 'program_paused' as const, id: invite.programId, since: program.pausedAt, reason: null }]),
  ];
}
