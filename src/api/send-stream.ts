import type { Request, Response } from 'express';
import type { EventStream, StreamEvent } from './answer.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';
import { sendProblem } from './send-answer.ts';
import type { Services } from './services.ts';
import { MOST_STREAMS, streamHubOf } from './stream-hub.ts';
import type { Place } from './stream-hub.ts';
import { STREAM_TIMES } from './stream-times.ts';

/** Somebody who reads nothing for so long has gone. */
const STANDSTILL_MS = 30_000;
/** How long a browser waits before it comes again. */
const RETRY_MS = 3_000;

type Streaming = { request: Request; response: Response; stream: EventStream; isStillAllowed(): Promise<boolean> };

/**
 * Server-sent events (WHATWG HTML, section 9.2) until the reader hangs up, the process drains, or what allowed it ends: then with a last
 * event `end` that says why. What happens between two looks is one event, so a slow reader costs no memory; between them nothing of
 * the database is held. `Last-Event-ID` goes on from there.
 */
export async function sendStream(services: Services, { request, response, stream, isStillAllowed }: Streaming): Promise<void> {
  const hub = streamHubOf(services);
  const place = hub.enter(stream.tenantId, stream.who);
  if (place.outcome !== 'entered') {
    sendProblem(response, refusalOf(place.outcome));
    return;
  }
  const life = beginLife(services, response, stream.endsAt);
  const woken = bell();
  const unsubscribe = hub.subscribe(stream.tenantId, stream.topic, woken.ring);
  const over = (): void => { woken.ring(); };
  life.signal.addEventListener('abort', over);
  try {
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    if (request.method === 'HEAD') return;
    response.write(`retry: ${String(RETRY_MS)}\n\n`);
    await follow(services, { request, response, stream, isStillAllowed }, life, woken);
  } catch (error) {
    // What was being said cannot be taken back: the reader comes again, with the last id it has.
    services.log.warn({ err: error, tenantId: stream.tenantId }, 'a stream broke off');
  } finally {
    unsubscribe();
    life.end();
    place.leave();
    // Who has not taken what was said by now would hold it, and the connection, for as long as they like.
    if (response.writableNeedDrain) response.destroy();
    else response.end();
  }
}

function refusalOf(why: Exclude<Place['outcome'], 'entered'>): Problem {
  switch (why) {
    case 'too_many_of_one': return problem('too_many_streams', { detail: `${String(MOST_STREAMS.who)} streams are open for this member or visitor already. Close those of pages that nobody looks at, or poll meanwhile.` });
    case 'too_many_of_tenant': return problem('too_many_streams', { detail: `Your app has ${String(MOST_STREAMS.tenant)} streams open here already, as many as it may. Poll \`GET /v1/feed\` meanwhile, and try again after the seconds in \`Retry-After\`.` });
    case 'process_full': return problem('unavailable');
  }
}

async function follow(services: Services, { request, response, stream, isStillAllowed }: Streaming, life: Life, woken: Bell): Promise<void> {
  const { gapMs, lookMs } = { ...STREAM_TIMES, ...services.streamTimes };
  let after = lastSeen(request);
  let checkedMs = performance.now();
  while (!life.signal.aborted) {
    woken.reset();
    const { event, againAt } = await stream.look(after);
    if (event !== null && !life.signal.aborted) {
      after = event.id;
      await write(response, asText(event), life.signal);
    }
    const untilMs = againAt === null ? lookMs : Math.min(lookMs, Math.max(0, againAt - services.clock.now()));
    await pause(gapMs, life.signal);
    await woken.rung(untilMs);
    if (performance.now() - checkedMs < lookMs) continue;
    checkedMs = performance.now();
    if (!(await isStillAllowed())) life.stop('not_allowed');
  }
  if (!response.destroyed && life.why() !== 'gone') await write(response, `event: end\ndata: ${JSON.stringify({ reason: life.why() })}\n\n`, AbortSignal.timeout(1_000));
}

type Why = 'gone' | 'draining' | 'expired' | 'not_allowed';
type Life = { readonly signal: AbortSignal; why(): Why; stop(why: Why): void; end(): void };

/** Ends with the reader, the process, or the time it was given; beats until then, so that no proxy takes it for dead. */
function beginLife({ clock, draining, streamTimes }: Services, response: Response, endsAt: number | null): Life {
  const { beatMs, livesMs } = { ...STREAM_TIMES, ...streamTimes };
  const over = new AbortController();
  let reason: Why = 'gone';
  const stop = (why: Why): void => {
    if (over.signal.aborted) return;
    reason = why;
    over.abort();
  };
  const onClose = (): void => { stop('gone'); };
  const onDrain = (): void => { stop('draining'); };
  response.on('close', onClose);
  draining?.addEventListener('abort', onDrain);
  if (draining?.aborted === true) onDrain();
  // Gone before anybody looked: there will be no event of it.
  if (response.destroyed) onClose();
  const lasts = setTimeout(() => { stop('expired'); }, Math.max(0, Math.min(livesMs, endsAt === null ? livesMs : endsAt - clock.now())));
  const beats = setInterval(() => { if (response.headersSent && !response.writableNeedDrain) response.write(':\n\n'); }, beatMs);
  return {
    signal: over.signal, why: () => reason, stop,
    end() {
      clearTimeout(lasts);
      clearInterval(beats);
      draining?.removeEventListener('abort', onDrain);
      response.off('close', onClose);
    },
  };
}

type Bell = { ring(): void; reset(): void; rung(waitMs: number): Promise<void> };

/** Rung any number of times between two looks, it ends the next wait once. */
function bell(): Bell {
  let isRung = false;
  let hear: () => void = () => {};
  return {
    ring() { isRung = true; hear(); },
    reset() { isRung = false; },
    rung: (waitMs) => isRung ? Promise.resolve() : new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      hear = () => { clearTimeout(timer); resolve(); };
    }),
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return signal.aborted ? Promise.resolve() : new Promise((resolve) => {
    const done = (): void => { clearTimeout(timer); signal.removeEventListener('abort', done); resolve(); };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Resolves when there is room for more; a reader who leaves none for too long is cut off. */
function write(response: Response, text: string, signal: AbortSignal): Promise<void> {
  if (response.destroyed || response.write(text)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => { clearTimeout(timer); response.off('drain', done); signal.removeEventListener('abort', done); resolve(); };
    const timer = setTimeout(() => { response.destroy(); done(); }, STANDSTILL_MS);
    response.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}

function asText({ id, event, data }: StreamEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function lastSeen({ headers }: Request): string | null {
  const given = headers['last-event-id'];
  return typeof given === 'string' && given !== '' && given.length <= 200 ? given : null;
}
