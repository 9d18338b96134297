import { TIMED_OUT, TooLate, within } from './deadline.ts';
import type { Services } from './services.ts';

/**
 * Requests at the database at once, of this process, 25 for each connection of its pool. More would only wait; while
 * the database hangs they would pile up, each with its body.
 */
const MOST_AT_ONCE = 500;

const atOnce = new WeakMap<Services, number>();

/**
 * What `ask` answers, if it does so within `limitMs`. Throws TooLate where it does not, and at once where too many wait
 * already. What was asked goes on by itself; it counts as waiting until it has really ended.
 */
export async function askDatabase<T>(services: Services, limitMs: number, ask: () => Promise<T>): Promise<T> {
  const already = atOnce.get(services) ?? 0;
  if (already >= MOST_AT_ONCE) throw new TooLate();
  atOnce.set(services, already + 1);
  const asked = ask().finally(() => { atOnce.set(services, (atOnce.get(services) ?? 1) - 1); });
  const answer = await within(Math.min(limitMs, services.requestTimeoutMs ?? limitMs), asked);
  if (answer === TIMED_OUT) throw new TooLate();
  return answer;
}
