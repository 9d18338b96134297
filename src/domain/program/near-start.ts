import type { LiveLife, StartInput } from './live-loop.ts';

const HOUR_MS = 3_600_000;

/** What of a start's fields lies further from now than the loop has it (`start.near`), each with its field. An instant that is near in the past is taken: the run says that it is too late. */
export function nearProblems({ start: { near = {} } }: LiveLife, fields: StartInput, now: number): { readonly field: string; readonly message: string }[] {
  return Object.entries(near).flatMap(([field, hours]) => {
    const value = fields[field];
    // A day is where its noon is: no clock is further than 14 hours from UTC.
    const at = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(`${value}T12:00:00Z`) : null;
    return at === null || Math.abs(at - now) <= hours * HOUR_MS ? [] : [{ field, message: `Must be within ${String(hours)} hours from now.` }];
  });
}
