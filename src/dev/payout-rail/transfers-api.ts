import { timingSafeEqual } from 'node:crypto';
import express from 'express';
import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import type { AskedTransfer, RailFault, RailFaultPlan } from './rail-fault.ts';
import type { StoredTransfer, TransferStore } from './transfer-store.ts';

/** What tests may change while it runs. */
export type RailBehaviour = { plan: RailFaultPlan; /** After so long a key is forgotten. */ keyLifeMs: number; secret: string };
export type RailParts = { readonly store: TransferStore; readonly behaviour: RailBehaviour; /** Runs later, unless the stand-in stops before. */ later(work: () => void, afterMs: number): void };

const form = z.object({
  amount: z.coerce.number().int().positive(),
  currency: z.string().regex(/^[a-z]{3}$/),
  destination: z.string().min(1),
  transfer_group: z.string().min(1),
});

/** A card provider's transfers, as far as we use them: create with an Idempotency-Key, list by group, read one. */
export function transfersApi(parts: RailParts): Express {
  const app = express();
  app.use(express.urlencoded({ extended: false, limit: '100kb' }));
  app.use((request, response, next) => {
    if (knows(parts.behaviour.secret, request.headers.authorization)) next();
    else refuse(response, 401, 'invalid_request_error', 'invalid_api_key');
  });
  app.post('/v1/transfers', (request, response) => create(parts, request, response));
  app.get('/v1/transfers', (request, response) => {
    const group = typeof request.query['transfer_group'] === 'string' ? request.query['transfer_group'] : null;
    const found = parts.store.list(group);
    response.json({ object: 'list', url: '/v1/transfers', data: found.slice(0, 100).map(resource), has_more: found.length > 100 });
  });
  app.get('/v1/transfers/:id', (request, response) => {
    const found = parts.store.find(request.params.id);
    if (found === undefined) refuse(response, 404, 'invalid_request_error', 'resource_missing');
    else response.json(resource(found));
  });
  return app;
}

function create(parts: RailParts, request: Request, response: Response): void {
  const read = form.safeParse(request.body);
  if (!read.success) return refuse(response, 400, 'invalid_request_error', 'parameter_invalid');
  const { amount, currency, destination, transfer_group: payoutId } = read.data;
  const asked: AskedTransfer = { payoutId, amount, currency, destination };
  const key = request.get('idempotency-key') ?? null;
  const fault = parts.behaviour.plan(asked);
  switch (fault?.kind) {
    case undefined: return answer(response, work(parts, asked, key, 'paid'));
    case 'refuses': return refuse(response, fault.status, 'invalid_request_error', fault.code);
    case 'busy':
      if (fault.retryAfterSeconds !== undefined) response.set('retry-after', String(fault.retryAfterSeconds));
      return refuse(response, 429, 'rate_limit_error', 'rate_limit');
    case 'hangs_up_before': return void response.socket?.destroy();
    case 'fails_before': return refuse(response, 500, 'api_error', 'internal');
    case 'arrives_late':
      parts.later(() => { work(parts, asked, key, 'paid'); }, fault.afterMs);
      return void response.socket?.destroy();
    case 'repeats':
      work(parts, asked, key, 'paid');
      return answer(response, work(parts, asked, key, 'paid'));
    case 'pays_later':
    case 'breaks_later': return answerLater(parts, response, { fault, worked: work(parts, asked, key, 'pending') });
    case 'loses_answer':
    case 'fails_after':
    case 'silent_after':
    case 'garbled':
      work(parts, asked, key, 'paid');
      return spoil(response, fault.kind);
  }
}

function answerLater({ store, later }: RailParts, response: Response, { fault, worked }: { fault: Extract<RailFault, { afterMs: number }>; worked: Worked }): void {
  if (worked.kind === 'made') later(() => { store.settle(worked.transfer.id, fault.kind === 'breaks_later' ? 'failed' : 'paid'); }, fault.afterMs);
  answer(response, worked);
}

function spoil(response: Response, kind: 'loses_answer' | 'fails_after' | 'silent_after' | 'garbled'): void {
  switch (kind) {
    case 'loses_answer': return void response.socket?.destroy();
    case 'fails_after': return refuse(response, 500, 'api_error', 'internal');
    case 'silent_after': return;
    case 'garbled': return void response.type('html').send('<html>Bad Gateway</html>');
  }
}

type Worked = { readonly kind: 'made' | 'replayed'; readonly transfer: StoredTransfer } | { readonly kind: 'other_request' };

/** Pays, unless this key has paid already: then that payment is the answer, as long as the key is known. */
function work({ store, behaviour }: RailParts, asked: AskedTransfer, key: string | null, status: 'paid' | 'pending'): Worked {
  const fingerprint = JSON.stringify(asked);
  const known = key === null ? undefined : store.key(key);
  if (known !== undefined && Date.now() - known.at < behaviour.keyLifeMs) {
    const transfer = store.find(known.transferId);
    return transfer === undefined || known.fingerprint !== fingerprint ? { kind: 'other_request' } : { kind: 'replayed', transfer };
  }
  const transfer = store.create(asked, key, status);
  if (key !== null) store.keepKey(key, fingerprint, transfer.id);
  return { kind: 'made', transfer };
}

function answer(response: Response, worked: Worked): void {
  if (worked.kind === 'other_request') return refuse(response, 400, 'idempotency_error', 'idempotency_key_in_use');
  if (worked.kind === 'replayed') response.set('idempotent-replayed', 'true');
  response.json(resource(worked.transfer));
}

function resource({ id, payoutId, amount, currency, destination, status, createdAt }: StoredTransfer): Record<string, unknown> {
  return { id, object: 'transfer', amount, amount_reversed: 0, created: Math.floor(createdAt / 1000), currency, destination, livemode: false, metadata: { payout_id: payoutId }, reversed: false, status, transfer_group: payoutId };
}

function refuse(response: Response, status: number, type: string, code: string): void {
  response.status(status).json({ error: { type, code, message: `Refused as ${code}` } });
}

function knows(secret: string, authorization: string | undefined): boolean {
  const given = Buffer.from(authorization ?? '');
  const expected = Buffer.from(`Bearer ${secret}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
