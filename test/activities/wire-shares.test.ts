import { setMaxListeners } from 'node:events';
import { createPermits, spareOf, type SharedPermits } from '../../activities/messages/permits.ts';

/** Lets everybody who can go on do so. */
const settle = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/** Messages of a tenant that want a place on the wire; each notes in `order` when it got one. */
function messages(permits: SharedPermits, tenant: string, count: number, order: string[]) {
  const its = permits.of(tenant);
  const gaveUp = new AbortController();
  setMaxListeners(0, gaveUp.signal);
  let onWire = 0;
  for (let i = 0; i < count; i += 1) {
    void its.enterWire(gaveUp.signal).then((isIn) => {
      if (!isIn) return;
      onWire += 1;
      order.push(tenant);
    });
  }
  return {
    onWire: () => onWire,
    answer(): void {
      onWire -= 1;
      its.leaveWire();
    },
    stall: (stalled: number) => its.stall(stalled),
    giveUp: () => gaveUp.abort(),
  };
}

test('a tenant alone has all places but the spare one, which the next tenant gets at once', async () => {
  const permits = createPermits(20);
  const order: string[] = [];
  const a = messages(permits, 'a', 40, order);
  await settle();
  expect(a.onWire()).toBe(9);
  const b = messages(permits, 'b', 1, order);
  await settle();
  expect(b.onWire()).toBe(1);
});

test('places that become free go to the tenants in turn: one with a hundred times as much is served no sooner', async () => {
  const permits = createPermits(20);
  const order: string[] = [];
  const crowd = messages(permits, 'crowd', 400, order);
  await settle();
  const others = { b: messages(permits, 'b', 4, order), c: messages(permits, 'c', 4, order), d: messages(permits, 'd', 4, order) };
  const all: Record<string, { answer(): void }> = { crowd, ...others };
  // A server that answers in the order in which it was given them.
  for (let answered = 0; answered < 40; answered += 1) {
    all[order[answered] ?? '']?.answer();
    await settle();
  }
  expect(order.slice(0, 10).filter((name) => name === 'crowd')).toHaveLength(9);
  // As soon as one of the crowd is answered, and then in turn, until the twelve of the others are through.
  expect(order.slice(9, 25).filter((name) => name !== 'crowd')).toHaveLength(12);
});

test('while another waits a tenant gets no further place beyond half of them', async () => {
  const permits = createPermits(20);
  const order: string[] = [];
  const a = messages(permits, 'a', 100, order);
  await settle();
  const b = messages(permits, 'b', 100, order);
  for (let i = 0; i < 9; i += 1) {
    if (a.onWire() > b.onWire()) a.answer();
    await settle();
  }
  expect([a.onWire(), b.onWire()]).toEqual([4, 5]);
});

test.each([4, 10, 40])('however many recipients of one tenant stall, others find a place (%i connections)', async (connections) => {
  const permits = createPermits(2 * connections);
  const order: string[] = [];
  const stalling = messages(permits, 'stalls', 5 * connections, order);
  await settle();
  expect(stalling.onWire()).toBe(connections - spareOf(connections));
  stalling.stall(stalling.onWire());
  for (let i = 0; i < 50; i += 1) {
    const other = messages(permits, `other-${String(i % 7)}`, 1, order);
    await settle();
    expect(other.onWire()).toBe(1);
    other.answer();
  }
});

test('a tenant some of whose recipients stall is held to half of the wire, and has the rest again when they are answered', async () => {
  const permits = createPermits(20);
  const order: string[] = [];
  const a = messages(permits, 'a', 100, order);
  await settle();
  a.stall(3);
  for (let i = 0; i < 6; i += 1) {
    a.answer();
    await settle();
  }
  expect(a.onWire()).toBe(5);
  a.stall(-3);
  await settle();
  expect(a.onWire()).toBe(9);
});

test('a second and a third tenant that stall, too, leave a place for the fourth', async () => {
  const permits = createPermits(20);
  const order: string[] = [];
  const held: number[] = [];
  for (const name of ['a', 'b', 'c']) {
    const stalling = messages(permits, name, 30, order);
    await settle();
    // The first of them shows itself while the rest is still answered.
    const stalled = Math.min(stalling.onWire(), 5);
    stalling.stall(stalled);
    while (stalling.onWire() > stalled) {
      stalling.answer();
      await settle();
      if (stalling.onWire() === 5) break;
    }
    held.push(stalling.onWire());
    const other = messages(permits, `beside-${name}`, 1, order);
    await settle();
    expect([name, other.onWire()]).toEqual([name, 1]);
    other.answer();
  }
  expect(held).toEqual([5, 3, 1]);
});

test('who gives up waiting is not served, and holds nobody up', async () => {
  const permits = createPermits(2);
  const order: string[] = [];
  const first = messages(permits, 'a', 1, order);
  const gone = messages(permits, 'b', 1, order);
  const third = messages(permits, 'c', 1, order);
  await settle();
  gone.giveUp();
  first.answer();
  await settle();
  expect([gone.onWire(), third.onWire()]).toEqual([0, 1]);
});
