import { apiCaller, type Reply } from './api-caller.ts';
import type { Random } from './seeded-random.ts';
import { sleep } from './wait-until.ts';

export type BalancedCaller = {
  /** Sends a keyed request to any of the addresses, and again to any, with its key, until one has answered it. */
  send(path: string, body: unknown, key: string): Promise<Reply>;
  /** What tries came to that were no answer. */
  readonly tries: { refused: number; unavailable: number };
};

const AGAIN_AFTER_MS = 50;
const GIVE_UP_MS = 60_000;

/** A client that knows several addresses of the API, of which some may have gone or be going. */
export function balancedCaller(targets: () => readonly string[], secret: string, random: Random): BalancedCaller {
  const tries = { refused: 0, unavailable: 0 };
  return {
    tries,
    async send(path, body, key) {
      for (const until = performance.now() + GIVE_UP_MS; performance.now() < until; await sleep(AGAIN_AFTER_MS)) {
        const reply = await apiCaller(random.pick(targets()), secret).send('POST', path, body, key).catch(() => null);
        if (reply === null) tries.refused += 1;
        else if (reply.status === 409 || reply.status >= 500) tries.unavailable += 1;
        else return reply;
      }
      throw new Error(`POST ${path} was not answered`);
    },
  };
}
