import type { EventDetail } from '../event/event-detail.ts';
import type { FactScalar } from './fact.ts';

const MOST_FIELDS = 20;
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;
/** Ids and codes: no space and no @, and a digit or underscore somewhere. A name or an address is none. */
const CODE = /^(?=.*[0-9_])[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;
/** Scores and counts are smaller; a phone's number is not. */
const MOST = 100_000_000;

/** What of an event's properties a run may hear: figures, flags, ids and codes, the first 20. Texts of people stay in Postgres: a history keeps what it is told. */
export function factData(properties: Readonly<Record<string, unknown>>): Record<string, FactScalar> {
  const fit = Object.entries(properties).flatMap(([name, value]): [string, FactScalar][] => (NAME.test(name) && isFit(value) ? [[name, value]] : []));
  return Object.fromEntries(fit.slice(0, MOST_FIELDS));
}

/** The same with what an event says of money: its amounts in minor units and their currency, under the names that the event has them by. */
export function eventData(properties: Readonly<Record<string, unknown>>, detail: EventDetail | null): Record<string, FactScalar> {
  const { amountMinor, refundedMinor, failedMinor, currency } = detail ?? {};
  const money = Object.entries({ amountMinor, refundedMinor, failedMinor, currency }).flatMap(([name, value]): [string, FactScalar][] => (value === undefined ? [] : [[name, value]]));
  return { ...factData(properties), ...Object.fromEntries(money) };
}

function isFit(value: unknown): value is FactScalar {
  switch (typeof value) {
    case 'number': return Number.isFinite(value) && Math.abs(value) < MOST;
    case 'boolean': return true;
    case 'string': return CODE.test(value);
    default: return false;
  }
}
