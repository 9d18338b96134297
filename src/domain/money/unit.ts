import { isCurrency } from './currencies.ts';

/**
 * What a reward is counted in: a currency (`EUR`, in minor units) or a unit of the tenant's own (`points`, `xp`,
 * `shield`, in whole ones). Capitals and small letters keep the two apart, so one text serves as key everywhere.
 */
export type Unit = string;

/** So much of one unit. For a tenant's own unit the smallest part is one. */
export type Quantity = { readonly unit: Unit; readonly amountMinor: number };

const TENANT_UNIT = /^[a-z][a-z0-9_]{0,29}$/;

/** Can it name a unit of a tenant's own? Says nothing of whether the tenant has it. */
export function isTenantUnitName(name: string): boolean {
  return TENANT_UNIT.test(name);
}

/** Money or the tenant's own thing; null where it is neither a listed currency nor one of the tenant's units. */
export function unitKind(unit: Unit, tenantUnits: ReadonlySet<string>): 'currency' | 'tenant' | null {
  if (isCurrency(unit)) return 'currency';
  return isTenantUnitName(unit) && tenantUnits.has(unit) ? 'tenant' : null;
}

/** What keeps a unit from being used, as the end of a sentence that begins with its path; null where nothing does. */
export function unitProblem(unit: Unit, tenantUnits: ReadonlySet<string>): string | null {
  if (unitKind(unit, tenantUnits) !== null) return null;
  const named = JSON.stringify(unit.slice(0, 40));
  if (/^[A-Z]{3}$/.test(unit)) return `${named} is no currency we keep books in (currency_not_supported)`;
  const own = [...tenantUnits].toSorted();
  return `${named} is no unit of yours; use an ISO 4217 code${own.length === 0 ? ' or define a unit first' : ` or one of ${own.join(', ')}`}`;
}
