import { createHash } from 'node:crypto';
import { claimIdempotencyKey, rememberAnswer } from '../../db/write/idempotency.ts';
import { PROBLEM_KINDS, problem, problemBody } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Answer, Call, Download, EventStream } from './route.ts';

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

/**
 * Does `perform` once for a key: a repeat gets the stored answer, word for word. What the handler decided is stored,
 * its refusals included (404, 409); what was wrong with the request (400) is not, so that the key serves the corrected one.
 */
export async function answerOnce(call: Call, request: { key: string; fingerprint: Buffer; requestId: string }, perform: () => Promise<Answer | Problem>): Promise<WireAnswer> {
  const claim = { tenantId: call.tenantId, key: request.key, fingerprint: request.fingerprint, now: call.now };
  const claimed = await claimIdempotencyKey(call.tx, claim);
  switch (claimed.kind) {
    case 'running': return refused(problem('request_in_progress'), request.requestId);
    case 'reused': return refused(problem('idempotency_key_reused'), request.requestId);
    case 'replay': return { kind: 'answer', status: claimed.answer.status, body: call.services.keyring.open(call.tenantId, claimed.answer.bodySealed), problem: null, replayed: true };
    case 'fresh': {
      const answer = onWire(await perform(), request.requestId);
      if (answer.status !== 400) await rememberAnswer(call.tx, claim, { status: answer.status, bodySealed: call.services.keyring.seal(call.tenantId, answer.body ?? '') });
      return answer;
    }
  }
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
