import type { Request, RequestHandler, Response } from 'express';
import { isAnswerKept } from '../../db/read/kept-answer.ts';
import { carryTrace } from '../../db/write/carry-trace.ts';
import { answerEachOnce, fingerprintOf, isIdempotencyKey, onWire, refused } from './answer-once.ts';
import type { WireAnswer } from './answer-once.ts';
import { askDatabase } from './ask-database.ts';
import { authenticate } from './authenticate.ts';
import type { Caller } from './authenticate.ts';
import { identifyBrowser, isBrowserCall, ownKeyOf } from './browser-caller.ts';
import type { Identified } from './browser-caller.ts';
import { allowReading, allowReadingOfDelay } from './browser-cors.ts';
import { findUnusable } from './check-json.ts';
import { TIMED_OUT, TooLate, within } from './deadline.ts';
import { classifyFailure } from './failure.ts';
import { chargeFlow, chargeRequest, knownFlowRefusal } from './limits/charge-route.ts';
import type { CostlyFlow } from './limits/flow-cost.ts';
import { guardKeys } from './limits/guard-keys.ts';
import { spanOf } from './observe-requests.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';
import { readBody } from './read-body.ts';
import { contextOf } from './request-context.ts';
import type { Prepared, Route } from './route.ts';
import { sendAnswer, sendProblem } from './send-answer.ts';
import { sendDownload } from './send-download.ts';
import { sendStream } from './send-stream.ts';
import type { Services } from './services.ts';

/** A whole request, a body that comes slowly included. */
const REQUEST_TIMEOUT_MS = 30_000;
/** As long as headers may take (listen.ts), and half of the whole: what comes late leaves the database its time. */
const BODY_TIMEOUT_MS = 15_000;
/** One look: who asks. A database that takes so long does not answer. */
const LOOK_TIMEOUT_MS = 5_000;
/** What is asked, in its one transaction: a thousand invitees on a busy machine take a few seconds. */
const WORK_TIMEOUT_MS = 10_000;

/** One route as Express sees it: who asks, what is asked, one transaction, the answer. */
export function serveRoute(route: Route, services: Services): RequestHandler {
  return async (request, response) => {
    const context = contextOf(response);
    context.route = route.path;
    const over = new AbortController();
    const mayWait = (): void => { if (route.browser === true) allowReadingOfDelay(response, request.headers.origin); };
    try {
      const answer = await within(services.requestTimeoutMs ?? route.upload?.timeoutMs ?? REQUEST_TIMEOUT_MS, answerRequest(route, { services, over: over.signal }, request, response));
      // The database is given less time: what is still not there then is what is sent to us.
      if (answer === TIMED_OUT) {
        mayWait();
        giveUp(response, over, request.complete ? 'unavailable' : 'request_too_slow');
      } else if (answer.download !== undefined) await sendDownload(request, response, answer.download);
      else if (answer.stream !== undefined) await sendStream(services, { request, response, stream: answer.stream, isStillAllowed: async () => (await identify(route, services, request)).caller.kind === 'caller' });
      else sendAnswer(response, answer);
    } catch (error) {
      mayWait();
      if (error instanceof TooLate) giveUp(response, over, 'unavailable');
      else sendFailure(response, services, error);
    }
  };
}

/** From here on nothing of this request may take effect: its caller is told to come again. */
function giveUp(response: Response, over: AbortController, why: 'unavailable' | 'request_too_slow'): void {
  over.abort();
  sendProblem(response, problem(why));
}

/** A failure of ours: logged with what is needed to find it, answered without any of it. */
export function sendFailure(response: Response, services: Services, error: unknown): void {
  const failure = classifyFailure(error);
  const { requestId, route } = contextOf(response);
  if (failure === 'ours') services.log.error({ err: error, requestId, route }, 'a request failed');
  else services.log.warn({ err: error, requestId, route }, 'the database is not available');
  sendProblem(response, problem(failure === 'ours' ? 'internal_error' : 'unavailable'));
}

async function answerRequest(route: Route, { services, over }: { services: Services; over: AbortSignal }, request: Request, response: Response): Promise<WireAnswer> {
  const context = contextOf(response);
  const refuse = (refusal: Problem): WireAnswer => refused(refusal, context.requestId);
  const caller = await guardKeys(services, request, response, async () => {
    const identified = await identify(route, services, request);
    if (route.browser === true) allowReading(response, identified.readableBy);
    return identified.caller;
  });
  if (caller.kind === 'problem') {
    if (route.browser === true && caller.code === 'rate_limited') allowReadingOfDelay(response, request.headers.origin);
    return refuse(caller);
  }
  const { tenantId, keyId } = caller;
  context.tenantId = tenantId;
  context.keyId = keyId;
  const charged = await chargeRequest(services, response, caller, route.method);
  if (charged.kind === 'problem') return refuse(charged);
  const given = request.get('Idempotency-Key');
  if (route.keyed && !isIdempotencyKey(given)) return refuse(problem('idempotency_key_required'));
  const key = given === undefined ? undefined : ownKeyOf(caller, given);
  const isAnswered = async () => route.keyed && isIdempotencyKey(key)
    && askDatabase(services, LOOK_TIMEOUT_MS, () => services.db.asTenant(tenantId, (tx) => isAnswerKept(tx, tenantId, key)));
  if (route.upload !== undefined) {
    const refuseEarly = (flow: CostlyFlow) => knownFlowRefusal(services, response, caller, flow);
    const received = await route.upload.receive({ services, caller, request, response, signal: over, isAnswered, refuseEarly });
    if (received.kind === 'problem') return refuse(received);
    try {
      return await answerPrepared(route, received.value, { services, over, caller, key, isAnswered }, response);
    } finally {
      await received.release();
    }
  }
  const body = route.method === 'get' || route.method === 'delete' ? NO_BODY : await readBody(request, response, Math.min(BODY_TIMEOUT_MS, (services.requestTimeoutMs ?? REQUEST_TIMEOUT_MS) / 2));
  if (body.kind === 'problem') return refuse(body);
  const unusable = findUnusable({ ...request.params, ...request.query });
  if (unusable !== null) return refuse(problem('invalid_request', { errors: [{ path: '', message: 'The address holds a character that cannot be used.' }] }));
  return answerPrepared(route, route.prepare({ params: request.params, query: request.query, body: body.value }), { services, over, caller, key, isAnswered }, response);
}

/** By its secret key, or where the route is for browsers by what these bring; and which page may read the answer. */
async function identify({ browser }: Route, services: Services, request: Request): Promise<Identified> {
  return askDatabase(services, LOOK_TIMEOUT_MS, async () => {
    const now = services.clock.now();
    if (browser === true && isBrowserCall(request)) return identifyBrowser(services, request, now);
    if (isBrowserCall(request)) return { caller: problem('wrong_key_kind', { detail: 'This route is for servers: send a secret key as `Authorization: Bearer sk_…`, and no `X-Flywheel-Key`.' }), readableBy: null };
    return { caller: await authenticate(services.db.sql, request.headers.authorization, now), readableBy: null };
  });
}

type Asked = { services: Services; over: AbortSignal; caller: Caller; key: string | undefined; isAnswered(): Promise<boolean> };

/** A request that was read: what it costs, then its one transaction. */
async function answerPrepared(route: Route, prepared: Prepared, { services, over, caller, key, isAnswered }: Asked, response: Response): Promise<WireAnswer> {
  const context = contextOf(response);
  const { tenantId, keyId, asMember, until } = caller;
  const asking = { tenantId, keyId, asMember, until, services };
  const refuse = (refusal: Problem): WireAnswer => refused(refusal, context.requestId);
  if (prepared.kind === 'problem') return refuse(prepared);
  if (prepared.kind === 'grouped') return onWire(await askDatabase(services, WORK_TIMEOUT_MS, () => prepared.ask(asking)), context.requestId);
  const flow = await chargeFlow(services, response, caller, prepared.cost, isAnswered);
  if (flow.kind === 'problem') return refuse(flow);

  const keyed = route.keyed && isIdempotencyKey(key) ? { key, fingerprint: fingerprintOf(route.method, route.path, prepared.asked), requestId: context.requestId } : null;
  const { traceparent } = spanOf(response);
  const span = spanOf(response).child('transaction', 'client');
  const answer = await askDatabase(services, WORK_TIMEOUT_MS, () => {
    if (prepared.share !== undefined && keyed !== null) return prepared.share(services, { ...keyed, tenantId, keyId, traceparent, isOver: () => over.aborted });
    return services.db.asTenant(tenantId, async (tx) => {
      if (over.aborted) throw new TooLate();
      if (route.method !== 'get') carryTrace(tx, traceparent);
      const call = { ...asking, tx, now: services.clock.now() };
      const [made] = keyed === null
        ? [onWire(await prepared.perform(call), context.requestId)]
        : await answerEachOnce(call, [keyed], async () => [await prepared.perform(call)]);
      // Rolled back rather than done behind the caller's back: he may have asked for something else meanwhile.
      if (over.aborted || made === undefined) throw new TooLate();
      return made;
    });
  }).finally(() => { span.end(); });
  // Nothing was done again: what it would have taken is left to others.
  if (answer.replayed) flow.giveBack();
  if (route.method !== 'get' && !answer.replayed) services.afterCommit?.(tenantId);
  return answer;
}

const NO_BODY = { kind: 'body', value: {} } as const;
