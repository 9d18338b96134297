import { createPermits } from '../../activities/messages/permits.ts';

const FOR_EVER = new AbortController().signal;

/** Lets everybody who can go on do so. */
const settle = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/** A pump of a tenant: what it has got, and `null` while it waits. */
function pump(permits: ReturnType<typeof createPermits>, tenant: string) {
  const its = permits.of(tenant);
  const seat = its.sit();
  const state: { held: number | null } = { held: 0 };
  return {
    held: () => state.held,
    async take(most = 10): Promise<number | null> {
      state.held = null;
      void seat.take(most, FOR_EVER).then((count) => { state.held = count; });
      await settle();
      return state.held;
    },
    async give(): Promise<void> {
      its.give(state.held ?? 0);
      state.held = 0;
      await settle();
    },
    rise: () => seat.rise(),
  };
}

test('a tenant alone has all permits but the spare ones, in two groups', async () => {
  const permits = createPermits(20);
  const [first, second] = [pump(permits, 'a'), pump(permits, 'a')];
  expect([await first.take(), await second.take()]).toEqual([10, 8]);
  await first.give();
  expect(await first.take()).toBe(10);
});

test('whoever comes while another tenant has everything it may have gets a permit at once, and so does the next', async () => {
  const permits = createPermits(20);
  const crowd = [pump(permits, 'a'), pump(permits, 'a')];
  for (const each of crowd) await each.take();
  expect([await pump(permits, 'b').take(), await pump(permits, 'c').take()]).toEqual([1, 1]);
});

test('two who sit there have equal shares, each as one group; who is alone again has everything', async () => {
  const permits = createPermits(20);
  const crowd = [pump(permits, 'a'), pump(permits, 'a')] as const;
  for (const each of crowd) await each.take();
  const other = pump(permits, 'b');
  expect(await other.take(1)).toBe(1);
  await crowd[0].give();
  await crowd[1].give();
  await other.give();
  expect([await other.take(), await crowd[0].take(), await crowd[1].take()]).toEqual([9, 9, null]);
  await other.give();
  expect(crowd[1].held()).toBeNull();
  other.rise();
  await settle();
  expect(crowd[1].held()).toBe(9);
});

test('a tenant with many lanes has no larger share than one with a single lane', async () => {
  const permits = createPermits(20);
  const many = Array.from({ length: 8 }, () => pump(permits, 'many'));
  const single = pump(permits, 'single');
  for (const each of many) await each.take();
  expect(many.reduce((sum, each) => sum + (each.held() ?? 0), 0)).toBe(9);
  expect(await single.take()).toBe(9);
  for (let round = 0; round < 20; round += 1) {
    const full = many.find((each) => (each.held() ?? 0) > 0);
    await full?.give();
    await full?.take();
    expect(many.reduce((sum, each) => sum + (each.held() ?? 0), 0)).toBeLessThanOrEqual(9);
  }
  await single.give();
  expect(await single.take()).toBe(9);
});

test('with more tenants than permits each gets one in its turn, and nobody gets more than there are', async () => {
  const permits = createPermits(4);
  const tenants = Array.from({ length: 6 }, (_, i) => pump(permits, String(i)));
  for (const each of tenants) await each.take();
  expect(tenants.map((each) => each.held())).toEqual([1, 1, 1, 1, null, null]);
  await tenants[0]?.give();
  void tenants[0]?.take();
  await tenants[1]?.give();
  expect(tenants.map((each) => each.held())).toEqual([null, 0, 1, 1, 1, 1]);
});

test('a tenant whose messages stall claims no more than can come on to the wire', async () => {
  const permits = createPermits(20);
  const its = permits.of('a');
  const one = pump(permits, 'a');
  expect(await one.take()).toBe(10);
  its.stall(5);
  its.give(5);
  const two = pump(permits, 'a');
  expect(await two.take()).toBeNull();
  its.stall(-5);
  await settle();
  expect(two.held()).toBeGreaterThan(5);
});
