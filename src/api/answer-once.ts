import { createHash } from 'node:crypto';
import { claimIdempotencyKeys, rememberAnswers, type KeyUse } from '../../db/write/idempotency.ts';
import type { Tx } from '../../db/client.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Answer, Download, EventStream } from './answer.ts';
import { PROBLEM_KINDS, problem, problemBody } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Services } from './services.ts';

/** An answer as it goes over the wire; `body` is null where there is none. */
export type WireAnswer = { kind: 'answer'; status: number; body: string | null; problem: Problem | null; replayed: boolean; /** Instead of a body. */ download?: Download; stream?: EventStream };

const KEY = /^[\x20-\x7e]{1,255}$/;

export function isIdempotencyKey(header: string | undefined): header is string {
  return header !== undefined && KEY.test(header);
}

/** SHA-256 over method, route, and the parsed path parameters and body in one canonical form. */
export function fingerprintOf(method: string, route: string, asked: { params: unknown; body: unknown }): Buffer {
  return createHash('sha256').update(`${method} ${route}\n${canonical(asked)}`).digest();
}

/** What requests of one tenant in one transaction share. */
export type SharedCall = { readonly tenantId: TenantId; readonly tx: Tx; readonly now: number; readonly services: Services };
/** A request with its key. `fingerprint`: what it asks for. */
export type KeyedRequest = KeyUse & { readonly requestId: string };

/**
 * Does what is asked once for each key, requests of one tenant in one transaction: a repeat gets the stored answer, word for word. `perform`
 * is given those that are new, and answers each in their order. What was decided is stored,
 * refusals included (404, 409); what was wrong with the request (400) is not, so that the key serves the corrected one.
 */
export async function answerEachOnce<Request extends KeyedRequest>(
  { tx, tenantId, now, services: { keyring } }: SharedCall,
  requests: readonly Request[],
  perform: (fresh: readonly Request[]) => Promise<readonly (Answer | Problem)[]>,
): Promise<WireAnswer[]> {
  const claims = await claimIdempotencyKeys(tx, { tenantId, uses: requests, now });
  const fresh = requests.filter((_request, i) => claims[i]?.kind === 'fresh');
  const performed = fresh.length === 0 ? [] : await perform(fresh);
  if (performed.length !== fresh.length) throw new Error('not each request was answered');
  const answers = new Map(fresh.flatMap((request, i) => {
    const answer = performed[i];
    return answer === undefined ? [] : [[request, onWire(answer, request.requestId)] as const];
  }));
  const kept = [...answers].filter(([, { status }]) => status !== 400);
  rememberAnswers(tx, { tenantId, now, uses: kept.map(([{ key, fingerprint }, { status, body }]) => ({ key, fingerprint, answer: { status, bodySealed: keyring.seal(tenantId, body ?? '') } })) });
  return requests.map((request, i): WireAnswer => {
    const claim = claims[i];
    switch (claim?.kind) {
      case 'running': return refused(problem('request_in_progress'), request.requestId);
      case 'reused': return refused(problem('idempotency_key_reused'), request.requestId);
      case 'replay': return { kind: 'answer', status: claim.answer.status, body: keyring.open(tenantId, claim.answer.bodySealed), problem: null, replayed: true };
      case 'fresh':
      case undefined: {
        const answer = answers.get(request);
        if (answer === undefined) throw new Error('a request has no answer');
        return answer;
      }
    }
  });
}

export function onWire(answer: Answer | Problem, requestId: string): WireAnswer {
  if ('kind' in answer) return refused(answer, requestId);
  if (isDownload(answer.body)) return { kind: 'answer', status: answer.status, body: null, problem: null, replayed: false, download: answer.body };
  if (isStream(answer.body)) return { kind: 'answer', status: answer.status, body: null, problem: null, replayed: false, stream: answer.body };
  return { kind: 'answer', status: answer.status, body: answer.body === undefined ? null : JSON.stringify(answer.body), problem: null, replayed: false };
}

function isDownload(body: unknown): body is Download {
  return typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'download' && 'pieces' in body;
}

function isStream(body: unknown): body is EventStream {
  return typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'stream' && 'look' in body;
}

export function refused(refusal: Problem, requestId: string): WireAnswer {
  return { kind: 'answer', status: PROBLEM_KINDS[refusal.code].status, body: JSON.stringify(problemBody(refusal, requestId)), problem: refusal, replayed: false };
}

/** JSON with its keys sorted at every level: equal values give equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
