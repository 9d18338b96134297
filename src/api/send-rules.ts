import { z } from 'zod';
import type { FieldError } from './problems.ts';

/*
 * Send rules as they come in. Only their shape is judged here: unknown fields, and texts where numbers belong. Whether
 * a time, date or zone can be used is the planner's to say, which answers it as an outcome.
 */
// What a plan of the largest rules costs stays below half a second of a process that others share.
const LIMITS = { layers: 20, ranges: 50, zones: 50, hardStops: 200, blackoutDates: 1000 };

const time = z.string().meta({ description: 'Wall-clock time `HH:MM`; `24:00` is the end of a day' });
const instant = z.string().meta({ description: 'ISO 8601 with `Z` or an offset' });
const zone = z.string().meta({ description: 'IANA zone, as in `Europe/Paris`' });

/**
 * Any text, typed as one of the words it should be: the planner trusts no field's type and names a wrong word itself, which
 * the preview answers as an outcome. So the document says the words, not an enumeration that it would not keep to.
 */
function word<W extends string>(words: readonly W[]) {
  return z.custom<W>((value) => typeof value === 'string', 'Must be a text').meta({ type: 'string', description: words.map((one) => `\`${one}\``).join(' or ') });
}

export const timeRange = z.strictObject({
  days: z.array(z.number()).optional().meta({ description: 'ISO weekdays (1 Monday to 7 Sunday) of the local date on which the range starts' }),
  start: time,
  end: time,
}).meta({ id: 'TimeRange', description: 'Half-open: the start belongs to it, the end does not. At or before the start: it runs past midnight.' });

const layer = z.strictObject({
  label: z.string().optional(),
  zone: zone.optional(),
  months: z.array(z.number()).optional().meta({ description: 'Months (1 to 12) in which the layer applies; left out: all year' }),
  windows: z.array(timeRange).max(LIMITS.ranges).optional().meta({ description: 'Open times; left out: no limit; empty: never open' }),
  quiet: z.array(timeRange).max(LIMITS.ranges).optional().meta({ description: 'Forbidden times' }),
}).meta({ id: 'SendRulesLayer', description: 'One party\'s rules. All layers must permit an instant.' });

export const sendRulesIn = z.strictObject({
  layers: z.array(layer).max(LIMITS.layers).optional(),
  class: word(['marketing', 'transactional']).optional(),
  zones: z.array(zone).max(LIMITS.zones).optional().meta({ description: 'Candidate zones: an instant must suit all of them' }),
  fallbackZone: zone.optional(),
  notBefore: instant.optional(),
  expiresAt: instant.optional(),
  minRemainingMinutes: z.number().optional(),
  maxDelayMinutes: z.number().optional(),
  policy: word(['hold', 'drop']).optional().meta({ description: '`hold` waits for a permitted time, `drop` gives up; `hold` when left out' }),
  hardStops: z.array(z.strictObject({ from: instant, to: instant })).max(LIMITS.hardStops).optional(),
  blackoutDates: z.array(z.string()).max(LIMITS.blackoutDates).optional().meta({ description: 'Local dates `YYYY-MM-DD`' }),
}).meta({ id: 'SendRules' });

/** The same rules as they go out: what was stored has been checked. */
export const sendRulesOut = sendRulesIn;

/** `layers[0].windows[1].start: …` of the domain as the API's `/layers/0/windows/1/start` and its sentence. */
export function readDomainProblem(problem: string, under: string): FieldError {
  const [, path = '', message = problem] = /^([\w.[\]-]+): (.*)$/s.exec(problem) ?? [];
  const parts = path.split(/[.[\]]+/).filter((part) => part !== '');
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return { path: [under, ...parts].join('/'), message: sentence.charAt(0).toUpperCase() + sentence.slice(1) };
}
