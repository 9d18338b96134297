import { amountProblem } from '../money/amount.ts';
import { unitProblem, type Unit } from '../money/unit.ts';

/** A whole number in a range, else a sentence that begins with its path. */
export function whole(path: string, value: number | undefined, min: number, max: number): string[] {
  if (value === undefined) return [];
  if (!Number.isInteger(value)) return [`${path}: is ${String(value)}; a whole number is needed`];
  return value >= min && value <= max ? [] : [`${path}: is ${String(value)}; ${String(min)} to ${String(max)} is possible`];
}

/** An amount above 0 and a unit that the tenant can use. */
export function quantity(path: string, given: { readonly unit: Unit; readonly amountMinor: number }, tenantUnits: ReadonlySet<string>): string[] {
  return [...unit(`${path}.unit`, given.unit, tenantUnits), ...amount(`${path}.amountMinor`, given.amountMinor)];
}

export function unit(path: string, given: Unit, tenantUnits: ReadonlySet<string>): string[] {
  const problem = unitProblem(given, tenantUnits);
  return problem === null ? [] : [`${path}: ${problem}`];
}

export function amount(path: string, amountMinor: number, leastMinor = 1): string[] {
  const problem = amountProblem(amountMinor, leastMinor);
  return problem === null ? [] : [`${path}: ${problem}`];
}

export function atMost(path: string, list: readonly unknown[] | undefined, most: number): string[] {
  return list === undefined || list.length <= most ? [] : [`${path}: has ${String(list.length)}; at most ${String(most)} are possible`];
}

/** Each once, and at least one. */
export function eachOnce(path: string, list: readonly string[]): string[] {
  if (list.length === 0) return [`${path}: is empty; leave it out to set no condition`];
  const twice = list.find((name, place) => list.indexOf(name) !== place);
  return twice === undefined ? [] : [`${path}: names ${JSON.stringify(twice)} twice`];
}
