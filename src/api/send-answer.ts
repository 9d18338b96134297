import type { Response } from 'express';
import { refused } from './answer-once.ts';
import type { WireAnswer } from './answer-once.ts';
import { PROBLEM_KINDS } from './problems.ts';
import type { Problem } from './problems.ts';
import { contextOf } from './request-context.ts';

/** Writes an answer of the API: JSON, or problem+json with the headers its code asks for. Never kept by a cache. */
export function sendAnswer(response: Response, answer: WireAnswer): void {
  if (response.headersSent) return;
  const context = contextOf(response);
  if (answer.problem !== null) {
    context.problem = answer.problem.code;
    const { status, retryAfterSeconds } = PROBLEM_KINDS[answer.problem.code];
    if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
    if (status === 401) response.setHeader('WWW-Authenticate', answer.problem.code === 'key_missing' ? 'Bearer realm="flywheel"' : 'Bearer realm="flywheel", error="invalid_token"');
    if (status === 413 || status === 408) response.setHeader('Connection', 'close'); // what is left of the body is not read
  }
  if (answer.replayed) {
    context.replayed = true;
    response.setHeader('Idempotent-Replayed', 'true');
  }
  response.setHeader('Cache-Control', 'no-store');
  response.status(answer.status);
  if (answer.body === null || answer.body === '') {
    response.end();
    return;
  }
  response.setHeader('Content-Type', answer.status >= 400 ? 'application/problem+json' : 'application/json; charset=utf-8');
  response.end(answer.body);
}

export function sendProblem(response: Response, refusal: Problem): void {
  sendAnswer(response, refused(refusal, contextOf(response).requestId));
}
