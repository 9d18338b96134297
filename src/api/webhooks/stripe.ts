import express from 'express';
import type { Request, Response } from 'express';
import { readBillingAccount } from '../../../db/read/billing-account.ts';
import { takeBillingEvent } from '../../../db/write/take-billing-event.ts';
import type { TakenBillingEvent } from '../../../db/write/take-billing-event.ts';
import { isId } from '../../domain/ids.ts';
import type { TenantId } from '../../domain/ids.ts';
import { readStripeEvent } from '../../providers/billing/stripe-event.ts';
import type { StripeReading } from '../../providers/billing/stripe-reading.ts';
import { verifyStripeSignature } from '../../providers/billing/stripe-signature.ts';
import { askDatabase } from '../ask-database.ts';
import { readSecrets } from '../billing-secrets.ts';
import { TIMED_OUT, within } from '../deadline.ts';
import { isExternalId } from '../member-change.ts';
import { problem } from '../problems.ts';
import type { Problem } from '../problems.ts';
import type { Services } from '../services.ts';

/** What became of an event: always answered 200, or the vendor would send it again for days. */
export type HeardOfStripe = Problem | ({ kind: 'taken' } & (TakenBillingEvent | { outcome: 'passed_over'; reason: 'unreadable' }));

/** An event holds one object: an invoice with all its lines is the largest. */
const LIMIT_BYTES = 512 * 1024;
const BODY_WITHIN_MS = 10_000;
const WITHIN_MS = 8_000;
const SAID_EVERY_MS = 60_000;
const readBytes = express.raw({ type: () => true, limit: LIMIT_BYTES, inflate: false });
const saidAtMs = new WeakMap<Services, number>();

/**
 * One event of Stripe for the account that its path names. Nothing of it is read or stored before its signature is proved
 * over the raw bytes. Told twice it counts once; what we have no use for is noted with its reason.
 */
export async function takeStripeEvent(services: Services, request: Request, response: Response): Promise<HeardOfStripe> {
  const { db, clock, keyring } = services;
  const tenantId = `tnt_${String(request.params['token'])}`;
  if (!isId('tnt', tenantId)) return problem('not_found');
  const failed = await within(BODY_WITHIN_MS, new Promise<unknown>((settle) => { readBytes(request, response, settle); }));
  if (failed === TIMED_OUT) return problem('request_too_slow');
  if (failed !== undefined) return isTooLarge(failed) ? problem('body_too_large', { detail: 'An event has at most 512 KB.' }) : problem('invalid_request', { detail: 'The body could not be read.' });
  const body: unknown = request.body;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const account = await askDatabase(services, WITHIN_MS, () => db.asTenant(tenantId, (tx) => readBillingAccount(tx, tenantId, 'stripe')));
  const secrets = account === null ? [] : readSecrets(keyring.open(tenantId, account.secretsSealed));
  const signature = verifyStripeSignature({ header: request.get('Stripe-Signature'), body: bytes, secrets, now: clock.now() });
  if (signature.outcome === 'refused') {
    warnOfSignature(services, tenantId, secrets.length === 0 ? 'no_secret' : signature.reason);
    return problem('billing_signature_invalid', { detail: REFUSALS[signature.reason] });
  }
  const event = readStripeEvent(parse(bytes));
  if (event === null) {
    services.log.warn({ tenantId }, 'a signed webhook of Stripe is no event: it was passed over');
    return { kind: 'taken', outcome: 'passed_over', reason: 'unreadable' };
  }
  return take(services, tenantId, event);
}

async function take(services: Services, tenantId: TenantId, { externalId, ...event }: StripeReading): Promise<HeardOfStripe> {
  const { db, clock, keyring, log } = services;
  const usable = externalId !== null && isExternalId(externalId) ? externalId : null;
  const taken = await askDatabase(services, WITHIN_MS, () => db.asTenant(tenantId, (tx) => takeBillingEvent(tx, keyring, {
    tenantId, provider: 'stripe', event: { ...event, externalId: usable }, now: clock.now(),
  })));
  services.afterCommit?.(tenantId);
  log.info({ tenantId, eventId: event.eventId, type: event.type, ...taken }, 'an event of Stripe was taken');
  return { kind: 'taken', ...taken };
}

const REFUSALS = {
  no_signature: 'The header `Stripe-Signature` is missing or cannot be read.',
  altered: 'No signature fits the body and the endpoint\'s signing secret.',
  stale: 'It was signed more than five minutes ago, or by a clock that is as far ahead.',
} as const;

function parse(bytes: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return value;
  } catch {
    return undefined;
  }
}

function isTooLarge(failed: unknown): boolean {
  return typeof failed === 'object' && failed !== null && 'status' in failed && failed.status === 413;
}

/** A stranger's try, or a secret that was changed at one end only: then no payment counts, and somebody must learn of it. */
function warnOfSignature(services: Services, tenantId: TenantId, reason: string): void {
  if (performance.now() - (saidAtMs.get(services) ?? Number.NEGATIVE_INFINITY) < SAID_EVERY_MS) return;
  saidAtMs.set(services, performance.now());
  services.log.warn({ tenantId, reason }, 'a webhook came without a good signature of Stripe: if Stripe sent it, the secret at PUT /v1/billing/stripe is not the endpoint\'s');
}
