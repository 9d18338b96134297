import type { Services } from '../../src/api/services.ts';
import { NOON, openTestApi } from './api.ts';
import type { TestApi, TestTenant } from './api.ts';

/* What a file's tests begin with. Each of these sets up hooks and answers at once; what it answers can be used within tests and hooks. */

/** Something that is there only once a hook has made it. */
export function madeByHook<T>(what: string): { get(): T; set(made: T): void } {
  let made: { readonly value: T } | undefined;
  return {
    get() {
      if (made === undefined) throw new Error(`${what} is made before the first test, not when the file is read`);
      return made.value;
    },
    set(value) { made = { value }; },
  };
}

/** An API for all tests of a file: opened before the first, closed after the last. */
export function useTestApi(changed: Partial<Services> = {}): TestApi {
  return useApiOf(() => openTestApi(changed));
}

/** The same, where something else opens it. */
export function useApiOf(open: () => Promise<TestApi>): TestApi {
  const made = madeByHook<TestApi>('the API');
  beforeAll(async () => { made.set(await open()); });
  afterAll(() => made.get().close());
  return {
    get url() { return made.get().url; },
    get database() { return made.get().database; },
    get services() { return made.get().services; },
    get clock() { return made.get().clock; },
    get logged() { return made.get().logged; },
    makeTenant: (more) => made.get().makeTenant(more),
    send: (...request) => made.get().send(...request),
    close: () => made.get().close(),
  };
}

type MakeTenant = () => Promise<TestTenant>;

/** A tenant of its own for each test, which begins at noon. */
export function useTenantEach(api: TestApi, make: MakeTenant = () => api.makeTenant()): TestTenant {
  const made = madeByHook<TestTenant>('the tenant');
  beforeEach(async () => {
    api.clock.set(NOON);
    made.set(await make());
  });
  return tenantOf(made);
}

/** One tenant for all tests of a file. */
export function useTenant(api: TestApi, make: MakeTenant = () => api.makeTenant()): TestTenant {
  const made = madeByHook<TestTenant>('the tenant');
  beforeAll(async () => { made.set(await make()); });
  return tenantOf(made);
}

/** The tenant that was made last. */
export function tenantOf(made: { get(): TestTenant }): TestTenant {
  return {
    get tenantId() { return made.get().tenantId; },
    get keyId() { return made.get().keyId; },
    get secret() { return made.get().secret; },
  };
}
