import { Context } from '@temporalio/activity';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { smsTenantsAfter } from '../../db/read/sms-tenants.ts';
import { unknownSms, type UnknownSms } from '../../db/read/unknown-sms.ts';
import { recordSmsStatus } from '../../db/write/record-sms-status.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { inviteCode } from '../../src/domain/link/code.ts';
import type { FindSent } from '../../src/providers/sms/find-sent.ts';
import { reportOf } from '../../src/providers/sms/twilio-events.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import { tenantsInOrder, TURN_MS } from '../walk-tenants.ts';

export type SettleSmsDeps = {
  db: Database;
  clock: Clock;
  keyring: Keyring;
  log: Logger;
  findSentSms: FindSent;
  /** Aborts when the worker drains: end after the message at hand. */
  draining: AbortSignal;
};

/** `next`: call again after this tenant; null: all have been looked at, or the vendor has nothing to say at the moment. */
export type SettleSmsTurn = { next: TenantId | null; asked: number; settled: number };

const MESSAGES_A_TENANT = 200;
/** Sooner a callback may still come, and the vendor's list may lag behind. */
const YOUNGEST_MS = 3 * 60_000;
/** The longest that a request stays on the wire after its claim. */
const ON_THE_WIRE_MS = 120_000;
/** How often a run comes; in its first hour a message is asked about in each, then in one an hour. */
const EVERY_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
/** So many questions without an answer in a row, and the vendor is left alone until the next run. */
const MOST_UNCLEAR = 5;

/**
 * Asks the vendor's list about SMS of unknown outcome, tenant after tenant, until the turn is over. A message is known by its
 * link, which no other invite has, and the time of its try; what the list does not show, or shows twice, stays unknown:
 * nothing is ever sent again for want of evidence.
 */
export async function settleUnknownSms(deps: SettleSmsDeps, { after }: { after: TenantId | null }): Promise<SettleSmsTurn> {
  const context = Context.current();
  const endsMs = performance.now() + TURN_MS;
  const turn: SettleSmsTurn = { next: after, asked: 0, settled: 0 };
  let unclear = 0;
  for await (const tenantId of tenantsInOrder(deps.db.sql, after, smsTenantsAfter)) {
    for (const message of await openQuestions(deps, tenantId)) {
      if (unclear >= MOST_UNCLEAR || deps.draining.aborted || context.cancellationSignal.aborted) return { ...turn, next: null };
      context.heartbeat();
      turn.asked += 1;
      const outcome = await settle(deps, tenantId, message);
      unclear = outcome === 'unclear' ? unclear + 1 : 0;
      if (outcome === 'settled') turn.settled += 1;
    }
    turn.next = tenantId;
    if (performance.now() > endsMs) return turn;
  }
  return { ...turn, next: null };
}

async function openQuestions({ db, clock }: SettleSmsDeps, tenantId: TenantId): Promise<UnknownSms[]> {
  const now = clock.now();
  const waiting = await db.asTenant(tenantId, (tx) => unknownSms(tx, { tenantId, before: now - YOUNGEST_MS, most: MESSAGES_A_TENANT }));
  return waiting.filter(({ claimedAt }) => now - claimedAt < HOUR_MS || (now - claimedAt) % HOUR_MS < EVERY_MS);
}

async function settle({ db, clock, keyring, log, findSentSms }: SettleSmsDeps, tenantId: TenantId, message: UnknownSms): Promise<'settled' | 'not_found' | 'unclear'> {
  const { batchId, n, step, attemptId, claimedAt, phoneSealed, others } = message;
  const ids = { tenantId, batchId, n, step };
  const link = `/l/${inviteCode(keyring, message)}`;
  const found = await findSentSms({ to: keyring.open(tenantId, phoneSealed), text: link, marker: link, from: claimedAt, until: claimedAt + ON_THE_WIRE_MS, others: new Set(others) });
  if (found.outcome === 'not_found') return 'not_found';
  if (found.outcome === 'unclear') {
    log.info({ ...ids, detail: found.detail }, 'the vendor\'s list does not tell what became of an SMS');
    return 'unclear';
  }
  const report = reportOf(found) ?? { kind: 'on_its_way' };
  await db.asTenant(tenantId, (tx) => recordSmsStatus(tx, {
    tenantId, attempt: { batchId, n, step, attemptId }, providerMessageId: found.providerMessageId, report, actor: 'settle-sms', now: clock.now(),
  }));
  return 'settled';
}
