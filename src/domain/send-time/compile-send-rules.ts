import { dayCalendar } from './day-calendar.ts';
import { earliestOpenAt, firstClosedAt, hardStopGate, zoneGate } from './gates.ts';
import type { Gate, Obstacle } from './gates.ts';
import { DAY_MS, MINUTE_MS } from './parse-time.ts';
import { lastSendAt, readRules } from './read-rules.ts';
import type { ReadRules } from './read-rules.ts';
import { recipientZones } from './recipient-zones.ts';
import * as why from './say-why.ts';
import type { Telling } from './say-why.ts';
import type { SendPlan, SendTimeRules } from './send-time-rules.ts';
import { UTC } from './zone-offsets.ts';
import type { ZoneOffsets } from './zone-offsets.ts';

/** How far ahead a plan looks for a permitted instant: a year and a month, so that a rule for one month is found. */
export const HORIZON_DAYS = 400;
/** How far ahead `permittedUntil` looks for the next closing. */
export const PERMITTED_UNTIL_DAYS = 7;

const EARLIEST_AT = Date.parse('0001-01-01T00:00:00Z');
const LATEST_AT = Date.parse('9999-12-31T23:59:59.999Z');

/** One rule set, read once, for planning many recipients. `zone` is the recipient's, or null. */
export type SendPlanner = {
  /** What makes the rules unusable for everybody; with any, every plan is `invalid`. */
  readonly problems: readonly string[];
  plan(input: { readonly now: number; readonly zone: string | null }): SendPlan;
  isPermittedAt(input: { readonly at: number; readonly zone: string | null }): boolean;
};

type Compiled = { readonly rules: ReadRules; readonly gatesFor: (zones: readonly ZoneOffsets[]) => readonly Gate[] };

/** Reads and compiles send rules; unusable ones give a planner that answers `invalid`. Never throws. */
export function compileSendRules(rules: SendTimeRules): SendPlanner {
  const read = readRules(rules);
  const compiled = { rules: read, gatesFor: compileGates(read) };
  return {
    problems: read.problems,
    plan: ({ now, zone }) => plan(compiled, now, zone),
    isPermittedAt: ({ at, zone }) => isPermittedAt(compiled, at, zone),
  };
}

/** Hard stops bind every class; layers and blackout dates bind marketing only. */
function compileGates(rules: ReadRules): Compiled['gatesFor'] {
  const always = rules.hardStops.length === 0 ? [] : [hardStopGate(rules.hardStops)];
  if (rules.class === 'transactional') return () => always;
  const layersIn = (zone: ZoneOffsets | null) => rules.layers.filter((layer) => layer.zone === zone);
  const ownZones = [...new Set(rules.layers.flatMap((layer) => layer.zone ?? []))];
  const ownClocks = ownZones.map((zone) => zoneGate(dayCalendar(layersIn(zone), rules.blackoutDays, false), zone));
  const shared = dayCalendar(layersIn(null), rules.blackoutDays, true);
  return (zones) => [...always, ...zones.map((zone) => zoneGate(shared, zone)), ...ownClocks];
}

type Situation = { readonly problems: string[]; readonly zones: readonly ZoneOffsets[] };

/** A transactional message needs no zone, so none is missed. */
function situation(rules: ReadRules, at: number, path: 'now' | 'at', zone: string | null): Situation {
  const found = recipientZones(rules, zone);
  const isInstant = Number.isInteger(at) && at >= EARLIEST_AT && at <= LATEST_AT;
  const problems = [
    ...rules.problems,
    ...(isInstant ? [] : [`${path}: must be whole epoch milliseconds of a time between the years 1 and 9999`]),
    ...(rules.class === 'transactional' ? [] : found.problems),
  ];
  return { problems, zones: found.zones };
}

function plan({ rules, gatesFor }: Compiled, now: number, zone: string | null): SendPlan {
  const { problems, zones } = situation(rules, now, 'now', zone);
  if (problems.length > 0) return { outcome: 'invalid', sendAt: null, why: why.whyInvalid(problems), problems };

  const telling: Telling = { now, zone: zones[0] ?? UTC };
  const startAt = Math.max(now, rules.notBeforeAt ?? now);
  const lastAt = lastSendAt(rules);
  if (startAt > lastAt) return { outcome: 'expired', sendAt: null, why: why.whyExpiredAtStart(telling, rules, startAt) };

  const gates = gatesFor(zones);
  const obstacles = obstaclesAt(gates, startAt);
  if (rules.policy === 'drop' && obstacles.length > 0) {
    return { outcome: 'dropped', sendAt: null, why: why.whyDroppedAsClosed(telling, startAt, obstacles) };
  }

  const horizonAt = startAt + HORIZON_DAYS * DAY_MS;
  const sendAt = earliestOpenAt(gates, startAt, Math.min(horizonAt, lastAt));
  if (sendAt === null && lastAt <= horizonAt) {
    return { outcome: 'expired', sendAt: null, why: why.whyExpiredWaiting(telling, rules, obstacles) };
  }
  if (sendAt === null) return { outcome: 'never', sendAt: null, why: why.whyNever(telling, obstacles, HORIZON_DAYS) };

  const { maxDelayMinutes } = rules;
  if (maxDelayMinutes !== null && sendAt - now > maxDelayMinutes * MINUTE_MS) {
    return { outcome: 'dropped', sendAt: null, why: why.whyDroppedAsTooLate(telling, sendAt, maxDelayMinutes) };
  }

  const permittedUntil = firstClosedAt(gates, sendAt, Math.min(sendAt + PERMITTED_UNTIL_DAYS * DAY_MS, lastAt + 1));
  if (sendAt === now) return { outcome: 'send_now', sendAt, permittedUntil, why: why.whySendNow(telling, rules) };
  const met = sendAt === startAt ? [] : [...obstacles, ...obstaclesAt(gates, sendAt - 1)];
  return { outcome: 'deferred', sendAt, permittedUntil, why: why.whyDeferred(telling, { notBeforeAt: startAt, sendAt, obstacles: met }) };
}

function isPermittedAt({ rules, gatesFor }: Compiled, at: number, zone: string | null): boolean {
  const { problems, zones } = situation(rules, at, 'at', zone);
  if (problems.length > 0 || at < (rules.notBeforeAt ?? at) || at > lastSendAt(rules)) return false;
  return gatesFor(zones).every((gate) => gate.nextOpenAt(at, at) === at);
}

function obstaclesAt(gates: readonly Gate[], at: number): readonly Obstacle[] {
  return gates.flatMap((gate) => gate.obstaclesAt(at));
}
