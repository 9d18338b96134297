import { z } from 'zod';
import { listBreakers } from '../../../db/read/breakers.ts';
import { resetBreaker } from '../../../db/write/breaker.ts';
import { standingOf } from '../../domain/sending/breaker.ts';
import { command, done, failed, type Command } from '../command.ts';
import { noFields, text, value } from '../fields.ts';
import { table } from '../text/table.ts';
import { iso, isoOrNull, readable } from '../text/time.ts';

const STANDS = {
  closed: 'closed',
  open: 'open',
  half_open: 'half open: the next message tries',
  tried: 'half open: a message is trying',
} as const;

const list = command({
  name: 'breakers list',
  summary: 'show the circuit breakers of mail servers and SMS vendors',
  description: 'Lists the providers that ever failed. While a breaker is open nothing is given to its provider; then one message at a time tries whether it works again, and the first that is answered closes it. Exit code 1 if one is not closed.',
  examples: [{ line: 'npx flywheel breakers list', does: 'which provider is held, since when and why' }],
  args: noFields,
  options: noFields,
  async run({ context }) {
    const { sql } = context.app();
    const [now, all] = [await context.now(sql), await listBreakers(sql)];
    const breakers = all.map((breaker) => {
      const { provider, openedAt, openUntil, openings, reason, closedAt } = breaker;
      const isOpen = openedAt !== null;
      return {
        provider, state: standingOf(breaker, now).kind, openedAt: isoOrNull(openedAt), openUntil: isOpen ? iso(openUntil) : null,
        openings: isOpen ? openings : 0, reason, closedAt: isoOrNull(closedAt),
      };
    });
    return done({ breakers }, breakers.some(({ state }) => state !== 'closed'));
  },
  text: ({ breakers }) => (breakers.length === 0 ? 'No provider has failed yet.' : table(
    ['provider', 'breaker', 'since', 'next trial', 'failed last with'],
    breakers.map(({ provider, state, openedAt, openUntil, closedAt, reason }) => [provider, STANDS[state], sinceText(openedAt ?? closedAt), sinceText(openUntil), reason ?? '–']),
  )),
});

const reset = command({
  name: 'breakers reset',
  summary: 'close a breaker by hand: its provider works again',
  description: 'Closes the breaker at once and has the lanes called that it held, instead of waiting for the next trial. Where the provider fails still, it opens again after a few messages.',
  examples: [{ line: 'npx flywheel breakers reset email:smtp.example', does: 'what waited for this mail server leaves now' }],
  args: z.strictObject({ provider: value('provider', 'as breakers list names it', text) }),
  options: noFields,
  async run({ context, args: { provider } }) {
    const { sql } = context.app();
    const change = await resetBreaker(sql, provider, await context.now(sql));
    if (change === null) return failed(`There is no breaker of ${provider}.`, 'npx flywheel breakers list');
    return done({ provider, wasOpen: change.before.openedAt !== null, openedAt: isoOrNull(change.before.openedAt) });
  },
  text: ({ provider, wasOpen, openedAt }) => (wasOpen ? `The breaker of ${provider} is closed; it had been open since ${sinceText(openedAt)}.` : `The breaker of ${provider} was closed already; its counts begin anew.`),
});

export const breakerCommands: readonly Command[] = [list, reset];

function sinceText(at: string | null): string {
  return at === null ? '–' : readable(at);
}
