import { MockActivityEnvironment } from '@temporalio/testing';
import { walkTenants, type ReadTenants, type TenantsWalk, type TenantsWalked } from '../../activities/walk-tenants.ts';
import { asId, type TenantId } from '../../src/domain/ids.ts';
import { useTestApi } from '../support/use-test-api.ts';

const api = useTestApi();

const tenants = Array.from({ length: 450 }, (_, n) => asId('tnt', `tnt_${String(n).padStart(26, '0')}`));
const [first, second, third] = tenants;
/** So many tenants, in the pages that are asked for. */
const reading = (count: number): ReadTenants => async (_sql, after, most) => tenants.slice(0, count).filter((id) => after === null || id > after).slice(0, most);

type Walk = Partial<TenantsWalk> & { draining?: AbortSignal };
function walk({ draining = new AbortController().signal, ...more }: Walk): Promise<TenantsWalked> {
  const { db, log } = api.services;
  return new MockActivityEnvironment().run(() => walkTenants({ db, log, draining }, { after: null, read: reading(3), onFailure: 'could not be visited', visit: async () => 'done', ...more }));
}

test('every tenant is visited once, in the order of their ids, however many pages they fill', async () => {
  const visited: TenantId[] = [];
  const visit: TenantsWalk['visit'] = async (tenantId) => { visited.push(tenantId); return 'done'; };
  expect(await walk({ read: reading(450), visit })).toEqual({ next: tenants.at(-1), isOver: true, tenants: 450, failed: 0 });
  expect(visited).toEqual(tenants);
  expect(await walk({ read: reading(400), after: tenants[397] ?? null })).toMatchObject({ isOver: true, tenants: 2 });
  expect(await walk({ read: reading(0) })).toEqual({ next: null, isOver: true, tenants: 0, failed: 0 });
});

test('a turn that must end still visits one tenant, and the next goes on after it', async () => {
  const drained = AbortSignal.abort();
  const turn = await walk({ draining: drained });
  expect(turn).toEqual({ next: first, isOver: false, tenants: 1, failed: 0 });
  expect(await walk({ draining: drained, after: second ?? null })).toEqual({ next: third, isOver: true, tenants: 1, failed: 0 });
});

test('a tenant that has more is not passed by: the next turn begins with it', async () => {
  const visit: TenantsWalk['visit'] = async (tenantId) => (tenantId === second ? 'more' : 'done');
  expect(await walk({ visit })).toEqual({ next: first, isOver: false, tenants: 2, failed: 0 });
  expect(await walk({ visit: async () => 'more' })).toEqual({ next: null, isOver: false, tenants: 1, failed: 0 });
});

test('a tenant that fails is told in the log and passed over; where all of them fail it is nobody\'s own', async () => {
  const failing = (...of: readonly (TenantId | undefined)[]): TenantsWalk['visit'] => async (tenantId) => {
    if (of.includes(tenantId)) throw new Error(`broken: ${tenantId}`);
    return 'done';
  };
  expect(await walk({ visit: failing(second) })).toEqual({ next: third, isOver: true, tenants: 3, failed: 1 });
  expect(api.logged.filter(({ msg }) => msg === 'could not be visited').map(({ tenantId }) => tenantId)).toEqual([second]);
  await expect(walk({ visit: failing(first, second, third) })).rejects.toThrow(`broken: ${String(third)}`);
});
