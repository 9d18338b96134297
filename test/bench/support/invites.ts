import type { BenchStack } from './bench-stack.ts';
import type { BenchTenant } from './bench-tenant.ts';
import { openHttpLoad, type HttpCall } from './http-load.ts';

let people = 0;

/** Addresses that nobody has yet: cooling would refuse those of a round before. */
export function newAddresses(count: number): string[] {
  return Array.from({ length: count }, () => {
    people += 1;
    return `person${String(people)}@people.example`;
  });
}

/** A request as an app sends it: name, zone, locale and consent of each. */
export function inviteCall(tenant: Pick<BenchTenant, 'secret' | 'programId'>, addresses: readonly string[]): HttpCall {
  const invitees = addresses.map((email) => ({ email, name: 'Sam Rivers', zone: 'Europe/Berlin', locale: 'en', consent: { basis: 'opt_in' } }));
  return { method: 'POST', path: '/v1/invites', secret: tenant.secret, body: JSON.stringify({ programId: tenant.programId, invitees }) };
}

/** Accepts invites while a hard stop holds them, so that what is measured later is delivery alone. */
export async function acceptHeld(stack: BenchStack, tenants: readonly BenchTenant[], sizes: readonly number[]): Promise<string[]> {
  const now = Date.now();
  for (const { tenantId } of tenants) {
    await stack.superuser.sql`insert into hard_stops (tenant_id, channel, reason, since) values (${tenantId}, 'email', 'bench', ${now}) on conflict do nothing`;
  }
  const load = openHttpLoad(stack.apiUrl, 8);
  const addresses: string[] = [];
  await load.sendAll(sizes.map((size, i) => {
    const mine = newAddresses(size);
    addresses.push(...mine);
    const tenant = tenants[i % tenants.length];
    if (tenant === undefined) throw new Error('no tenant');
    return inviteCall(tenant, mine);
  }), 202);
  load.close();
  return addresses;
}

/** What lifting a hard stop does, for all these tenants in one transaction: from its commit on everything is due. */
export async function release(stack: BenchStack, tenants: readonly BenchTenant[]): Promise<void> {
  const ids = tenants.map(({ tenantId }) => tenantId);
  await stack.superuser.sql`
    with lifted as (delete from hard_stops where tenant_id = any(${ids}::text[]) returning tenant_id),
    told as (insert into outbox (tenant_id, kind, lane, created_at) select tenant_id, 'nudge', 'email-0', ${Date.now()} from lifted)
    select pg_notify('flywheel_lane', tenant_id || '/email-0') from lifted`;
}
