import type { Objection } from './day-calendar.ts';
import type { Obstacle } from './gates.ts';
import { localDateText, localTimeText, weekdaysText } from './local-time-text.ts';
import type { ReadRange } from './read-ranges.ts';
import type { ReadRules } from './read-rules.ts';
import type { ZoneOffsets } from './zone-offsets.ts';

/** `now` and the zone whose clock the sentences use when no rule names one. */
export type Telling = { readonly now: number; readonly zone: ZoneOffsets };

const MOST_ITEMS = 3;

export function whySendNow(telling: Telling, rules: ReadRules): string {
  if (rules.class === 'transactional') return 'Sends now: a transactional message does not wait for send windows.';
  return `Sends now: every rule permits ${timeAndZone(telling.now, telling)}.`;
}

export function whyDeferred(telling: Telling, plan: { notBeforeAt: number; sendAt: number; obstacles: readonly Obstacle[] }): string {
  const held = plan.notBeforeAt > telling.now;
  const notBefore = `Held until ${timeAndZone(plan.notBeforeAt, telling)} (notBefore)`;
  if (plan.obstacles.length === 0) return `${notBefore}.`;
  const zones = plan.obstacles.map((obstacle) => (obstacle.kind === 'rule' ? obstacle.zone : null));
  const zone = zones.findLast((one) => one !== null) ?? telling.zone;
  const opens = `opens ${localTimeText(plan.sendAt, zone, telling.now)}`;
  const named = zones.every((one) => one === zone) ? '' : ` in ${zone.name}`;
  return `${held ? `${notBefore}, then waits` : 'Waits'} for ${obstaclesText(telling, plan.obstacles)}: ${opens}${named}.`;
}

export function whyDroppedAsClosed(telling: Telling, at: number, obstacles: readonly Obstacle[]): string {
  return `Dropped: ${timeAndZone(at, telling)} is not permitted by ${obstaclesText(telling, obstacles)}, and the policy is to drop, not to wait.`;
}

export function whyDroppedAsTooLate(telling: Telling, sendAt: number, maxDelayMinutes: number): string {
  const waits = Math.ceil((sendAt - telling.now) / 60_000);
  return `Dropped: the first permitted time, ${timeAndZone(sendAt, telling)}, is ${waits} minutes away and at most ${maxDelayMinutes} are allowed.`;
}

export function whyExpiredAtStart(telling: Telling, rules: ReadRules, startAt: number): string {
  const held = startAt > telling.now ? `, and notBefore holds it until ${timeAndZone(startAt, telling)}` : '';
  return `Expired: it had to leave ${beforeExpiry(telling, rules)}${held}.`;
}

export function whyExpiredWaiting(telling: Telling, rules: ReadRules, obstacles: readonly Obstacle[]): string {
  return `Expired: it has to leave ${beforeExpiry(telling, rules)}, and ${obstaclesText(telling, obstacles)} leaves no time until then.`;
}

export function whyNever(telling: Telling, obstacles: readonly Obstacle[], horizonDays: number): string {
  return `Never: ${obstaclesText(telling, obstacles)} leaves no permitted time in the next ${horizonDays} days.`;
}

export function whyInvalid(problems: readonly string[]): string {
  return `These send rules cannot be used: ${listed(problems, '; ')}.`;
}

function beforeExpiry(telling: Telling, rules: ReadRules): string {
  const minutes = rules.minRemainingMinutes;
  const expiry = rules.expiresAt === null ? 'its expiry' : timeAndZone(rules.expiresAt, telling);
  return minutes === 0 ? `before ${expiry}` : `at least ${minutes} minutes before ${expiry}`;
}

function timeAndZone(at: number, telling: Telling): string {
  return `${localTimeText(at, telling.zone, telling.now)} in ${telling.zone.name}`;
}

/** Obstacles in the order met, those of one zone together, each named once. */
function obstaclesText(telling: Telling, obstacles: readonly Obstacle[]): string {
  const groups = new Map<string, Set<string>>();
  for (const obstacle of obstacles) {
    const zone = obstacle.kind === 'rule' ? ` in ${obstacle.zone.name}` : '';
    groups.set(zone, (groups.get(zone) ?? new Set()).add(obstacleText(telling, obstacle)));
  }
  return [...groups].map(([zone, texts]) => `${listed([...texts], ' and ')}${zone}`).join(' and ');
}

function obstacleText(telling: Telling, obstacle: Obstacle): string {
  if (obstacle.kind === 'rule') return objectionText(obstacle.objection);
  return `a hard stop (until ${timeAndZone(obstacle.stop.toAt, telling)})`;
}

function objectionText(objection: Objection): string {
  switch (objection.kind) {
    case 'blackout_date':
      return `the blackout date ${localDateText(objection.epochDay)}`;
    case 'blackout_start':
      return `"${objection.layer.label}" (its window started on the blackout date ${localDateText(objection.epochDay)})`;
    case 'quiet':
      return `"${objection.layer.label}" (quiet ${rangeText(objection.range)})`;
    case 'windows':
      return `"${objection.layer.label}" (${listed((objection.layer.windows ?? []).map(rangeText), ', ') || 'no window'})`;
    default:
      return objection satisfies never;
  }
}

function rangeText(range: ReadRange): string {
  return range.days === null ? range.text : `${weekdaysText(range.days)} ${range.text}`;
}

function listed(items: readonly string[], between: string): string {
  const more = items.length - MOST_ITEMS;
  return items.slice(0, MOST_ITEMS).join(between) + (more > 0 ? `${between}${more} more` : '');
}
