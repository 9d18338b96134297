import { createPermits } from '../../activities/messages/permits.ts';

const FOR_EVER = new AbortController().signal;

/** Two groups at once, each held until the next round, as the pumps of a lane do. */
function lane(permits: ReturnType<typeof createPermits>) {
  const seats = [permits.sit(), permits.sit()];
  let held: number[] = [];
  return {
    async take(): Promise<number> {
      held = await Promise.all(seats.map((seat) => seat.take(10, FOR_EVER)));
      return held.reduce((sum, count) => sum + count, 0);
    },
    give: () => { for (const count of held.splice(0)) permits.give(count); },
    rise: () => { for (const seat of seats) seat.rise(); },
  };
}

test('a lane alone has all permits; one that comes beside it soon has as many', async () => {
  const permits = createPermits(20);
  const first = lane(permits);
  expect(await first.take()).toBe(20);
  const second = lane(permits);
  const waiting = second.take();
  first.give();
  const shares = [await waiting, await first.take()];
  expect(shares).toEqual([10, 10]);
  second.give();
  second.rise();
  first.give();
  expect(await first.take()).toBe(20);
});

test('with more lanes than permits each gets one in its turn, and nobody gets more than there are', async () => {
  const permits = createPermits(4);
  const lanes = Array.from({ length: 6 }, () => permits.sit());
  const taken: number[] = [];
  const all = lanes.map((seat, i) => seat.take(10, FOR_EVER).then((count) => { taken[i] = count; }));
  await Promise.all(all.slice(0, 4));
  expect(taken).toEqual([1, 1, 1, 1]);
  permits.give(2);
  await Promise.all(all);
  expect(taken).toEqual([1, 1, 1, 1, 1, 1]);
});
