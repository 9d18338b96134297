import { dayCalendar } from './day-calendar.ts';
import { earliestOpenAt, zoneGate } from './gates.ts';
import { DAY_MS } from './parse-time.ts';
import type { ReadLayer, ReadRules } from './read-rules.ts';
import { UTC } from './zone-offsets.ts';

/** Any 400 days hold every weekday of every month, so the year does not matter. */
const SAMPLE_STARTS_AT = Date.UTC(2026, 0, 1);
const SAMPLE_ENDS_AT = SAMPLE_STARTS_AT + 400 * DAY_MS;
const NO_BLACKOUTS: ReadonlySet<number> = new Set();

/**
 * Windows and layers that can never open, whoever the recipient is, as problems with their path. Judges what lasts:
 * blackout dates, hard stops, notBefore and expiry pass by. A clash between layers with their own zone and layers
 * without depends on the recipient, so it is left to the plan.
 */
export function rulesThatNeverOpen(rules: ReadRules): readonly string[] {
  if (rules.class === 'transactional') return [];
  const alone = rules.layers.flatMap((layer, index) => layerThatNeverOpens(layer, `layers[${index}]`));
  if (alone.length > 0) return alone;
  const problems: string[] = [];
  if (!everOpens(rules.layers.filter((layer) => layer.zone === null))) {
    problems.push('layers: no time suits all layers without a zone of their own');
  }
  if (!everOpens(rules.layers.filter((layer) => layer.zone !== null))) {
    problems.push('layers: no time suits all layers with a zone of their own');
  }
  return problems;
}

function layerThatNeverOpens(layer: ReadLayer, path: string): readonly string[] {
  if (layer.windows?.length === 0) return [`${path}.windows: is empty, so this layer never opens`];
  const emptyDays = (layer.windows ?? []).flatMap((window, index) =>
    window.days?.size === 0 ? [`${path}.windows[${index}].days: is empty, so this window never opens`] : [],
  );
  if (emptyDays.length > 0) return emptyDays;
  return everOpens([layer]) ? [] : [`${path}: its windows and quiet ranges leave no time in the whole year`];
}

function everOpens(layers: readonly ReadLayer[]): boolean {
  const zones = new Set(layers.map((layer) => layer.zone ?? UTC));
  const gates = [...zones].map((zone) =>
    zoneGate(dayCalendar(layers.filter((layer) => (layer.zone ?? UTC) === zone), NO_BLACKOUTS, false), zone),
  );
  return earliestOpenAt(gates, SAMPLE_STARTS_AT, SAMPLE_ENDS_AT) !== null;
}
