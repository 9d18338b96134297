import { setMaxListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Keyring } from '../../src/config/keyring.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { HandOff, Transports } from '../../src/providers/transport.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import type { ClaimedMessage } from '../../db/write/claim-group.ts';
import type { MessageRecord, NextStep } from '../../db/write/message-record.ts';
import { alertTrouble } from './alert-trouble.ts';
import { composeClaimed, composeSms, type GroupContext } from './compose-claimed.ts';
import { nextStepAfter, type PlansMade } from './next-step.ts';
import type { Permits } from './permits.ts';
import { within } from './within.ts';

/** A check is good for this long; a row whose hand-off has not begun by then is put back and claimed afresh. */
export const CHECK_HOLDS_MS = 500;
/** What takes longer is recorded by itself: a server that stalls over one recipient must not keep the rest of its group. */
const SLOW_MS = 2_000;
const WRITTEN_AT_A_STRETCH = 16;
/** Refused for now so often, it is refused for good. */
const MOST_TRIES = 12;

export type ClaimedGroupToSend = {
  tenantId: TenantId;
  attemptId: number;
  messages: readonly ClaimedMessage[];
  context: GroupContext;
  /** performance.now() when the claim's checks were made. */
  checkedAtMs: number;
};

/** `handedOffLate` is told how long after it was due each message was handed off. */
export type SendingDeps = { keyring: Keyring; transport: Transports[Channel]; permits: Permits; log: Logger; now(): number; handedOffLate?(byMs: number): void };

type RunningGroup = ClaimedGroupToSend & { plans: PlansMade };

/** `soon`: what was settled in good time. `late`: one promise for each that is still on the wire; none of them rejects. */
export type SentGroup = { soon: MessageRecord[]; late: Promise<MessageRecord>[] };

/**
 * Hands a claimed group over, each message by itself, and answers when all are settled or the slow ones are known. A
 * message that finds no place on the wire while its check is good is put back.
 */
export async function sendGroup(deps: SendingDeps, group: ClaimedGroupToSend): Promise<SentGroup> {
  const checkEnded = new AbortController();
  // Each message listens.
  setMaxListeners(0, checkEnded.signal);
  const timer = setTimeout(() => checkEnded.abort(), checkLeftMs(group));
  const running = { ...group, plans: new Map() };
  const sendings: Promise<MessageRecord>[] = [];
  for (const message of group.messages) {
    sendings.push(sendOne(deps, running, message, checkEnded.signal));
    // Writing many at a stretch would keep the answers of database and mail server waiting.
    if (sendings.length % WRITTEN_AT_A_STRETCH === 0) await setImmediate();
  }
  const settled: MessageRecord[] = [];
  const open = new Set(sendings);
  for (const sending of sendings) void sending.then((record) => { settled.push(record); open.delete(sending); });
  await within(SLOW_MS, Promise.all(sendings));
  clearTimeout(timer);
  return { soon: [...settled], late: [...open] };
}

function checkLeftMs(group: ClaimedGroupToSend): number {
  return group.checkedAtMs + CHECK_HOLDS_MS - performance.now();
}

async function sendOne(deps: SendingDeps, group: RunningGroup, message: ClaimedMessage, checkEnded: AbortSignal): Promise<MessageRecord> {
  const { batchId, n, step, expiresAt, recipientHash } = message;
  const place = { batchId, n, step, expiresAt };
  let hand: () => Promise<HandOff>;
  try {
    hand = compose(deps, group, message);
  } catch (error) {
    // Poison: it must not stop its group, nor be tried for ever.
    deps.log.error({ batchId, n, step, reason: error instanceof Error ? error.name : 'unknown' }, 'a message could not be written; look at its program and contact');
    return { ...place, outcome: 'refused', reason: 'internal_error', suppress: false, recipientHash };
  }
  if (!(await deps.permits.enterWire(checkEnded))) return putBack(deps, message);
  let handOff: HandOff;
  try {
    // The timer alone would not do: a process that stood still hears of other things first.
    if (checkLeftMs(group) < 0) return putBack(deps, message);
    handOff = await handOver(deps, hand);
  } finally {
    deps.permits.leaveWire();
  }
  return recordOf(deps, group, message, handOff);
}

/** Writes the message; what comes back hands it over. Throws where it cannot be written. */
function compose({ keyring, transport, now }: SendingDeps, group: ClaimedGroupToSend, message: ClaimedMessage): () => Promise<HandOff> {
  switch (transport.channel) {
    case 'email': {
      const mail = composeClaimed(keyring, group.tenantId, message, group.context);
      return () => transport.send(mail);
    }
    case 'sms': {
      const sms = composeSms(keyring, { ...group, message, now: now() });
      return () => transport.send(sms);
    }
  }
}

/** Its check has grown old before its hand-off began: it is claimed afresh. */
function putBack(deps: SendingDeps, { batchId, n, step, expiresAt }: ClaimedMessage): MessageRecord {
  return { batchId, n, step, expiresAt, outcome: 'put_back', dueAt: deps.now(), reason: null, tried: false };
}

/** The port promises not to throw; an adapter that does leaves us not knowing what it had done. */
async function handOver(deps: SendingDeps, hand: () => Promise<HandOff>): Promise<HandOff> {
  try {
    return await hand();
  } catch (error) {
    deps.log.error({ reason: error instanceof Error ? error.name : 'unknown' }, 'the transport threw; the message counts as unknown');
    return { outcome: 'unknown', reason: 'unclear_answer', detail: 'the transport threw' };
  }
}

function recordOf(deps: SendingDeps, group: RunningGroup, message: ClaimedMessage, handOff: HandOff): MessageRecord {
  const { batchId, n, step, expiresAt, recipientHash } = message;
  const place = { batchId, n, step, expiresAt };
  switch (handOff.outcome) {
    case 'handed_off': {
      const { providerMessageId, receipt } = handOff;
      deps.handedOffLate?.(deps.now() - message.dueAt);
      return { ...place, outcome: 'handed_off', providerMessageId, receipt, next: nextStep(deps, group, message) };
    }
    case 'permanent':
      alertTrouble(deps, handOff);
      return { ...place, outcome: 'refused', reason: handOff.reason, suppress: handOff.suppress, recipientHash };
    case 'unknown':
      return { ...place, outcome: 'unknown', reason: handOff.reason };
    case 'retry': {
      alertTrouble(deps, handOff);
      // Only what the recipient's side put off counts as a try; our own trouble is waited out.
      const tried = handOff.reason === 'deferred' || handOff.reason === 'quiet_hours';
      if (tried && message.tries + 1 >= MOST_TRIES) return { ...place, outcome: 'refused', reason: 'undeliverable', suppress: false, recipientHash };
      const waitMs = tried ? handOff.retryAfterMs * 2 ** Math.min(message.tries, 6) : handOff.retryAfterMs;
      // Never past the expiry, which would be found that much late.
      return { ...place, outcome: 'put_back', dueAt: Math.min(deps.now() + waitMs, expiresAt), reason: handOff.reason, detail: handOff.detail, tried };
    }
  }
}

/** It has left: whatever goes wrong with what follows it must not make that unknown. */
function nextStep(deps: SendingDeps, group: RunningGroup, message: ClaimedMessage): NextStep {
  try {
    return nextStepAfter(message, group.context, deps.now(), group.plans);
  } catch (error) {
    const { batchId, n, step } = message;
    deps.log.error({ batchId, n, step, reason: error instanceof Error ? error.name : 'unknown' }, 'the reminder after a message could not be planned and is let go; look at its program');
    return null;
  }
}
