import { RUN_MESSAGE } from './notice-kinds.ts';

/** A message of a run to somebody in it: the key of its words, and its values (instants in epoch ms). Nothing of a person. */
export type RunMessage = { readonly kind: typeof RUN_MESSAGE; readonly message: string; readonly values: Readonly<Record<string, string | number>> };

/** As it stands with its batch; `readRunMessage` reads it back. */
export function storedRunMessage({ message, values }: Omit<RunMessage, 'kind'>): Record<string, string | number> {
  return { ...values, [KEY]: message };
}

/** No value has such a name. */
const KEY = '#message';

/** What `storedRunMessage` wrote. Throws where it did not. */
export function readRunMessage(stored: unknown): RunMessage {
  const entries: [string, unknown][] = typeof stored === 'object' && stored !== null ? Object.entries(stored) : [];
  const message = entries.find(([name]) => name === KEY)?.[1];
  if (typeof message !== 'string') throw new Error('a message of a run has no words');
  const values = entries.flatMap(([name, value]): [string, string | number][] => (name !== KEY && (typeof value === 'string' || typeof value === 'number') ? [[name, value]] : []));
  return { kind: RUN_MESSAGE, message, values: Object.fromEntries(values) };
}
