import { OPTED_OUT_FACT, RUN_CONTROLS } from '../../src/domain/run/fact.ts';
import { liveRun, type LivedRun, type LiveScene } from '../support/live-runs.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const DAY_MS = 86_400_000;
let time: VirtualTime;
beforeAll(async () => { time = await openVirtualTime(); }, 60_000);
afterAll(() => time.close());

function live(scene: Pick<LiveScene, 'before' | 'meanwhile' | 'record'> = {}): Promise<LivedRun> {
  return liveRun(time, { loop: 'achievement-spotlight', input: () => ({ badge: 'Night owl', level: 3 }), terms: { shownDays: 7 }, ...scene });
}
const hours = ({ minutes }: LivedRun): number => Math.round(minutes / 60);

test('the first friend who comes is news, once; it goes on until the week is over', async () => {
  const lived = await live({
    record: 'achievement-spotlight-joined',
    async meanwhile({ tell, sleepMinutes }) {
      await sleepMinutes(60);
      await tell('friend_came', { id: 'a' });
      await tell('friend_came', { id: 'a' });
      await sleepMinutes(60);
      await tell('friend_came', { id: 'b' });
    },
  });
  expect([lived.end, hours(lived), lived.stages]).toEqual([{ outcome: 'joined', reason: null }, 7 * 24, ['shown', 'joined']]);
  expect(lived.told).toEqual([expect.objectContaining({ step: 'came', to: ['member'], values: { badge: 'Night owl' } })]);
});

test('nobody comes: it expires; a friend at the end or later came too late, one a moment before did not', async () => {
  const late = await live({ record: 'achievement-spotlight-expired', async meanwhile({ keep, startedAt }) { keep('friend_came', startedAt + 7 * DAY_MS); } });
  const inTime = await live({ async meanwhile({ keep, startedAt }) { keep('friend_came', startedAt + 7 * DAY_MS - 1); } });
  expect([late.end, hours(late), late.told, inTime.end]).toEqual([{ outcome: 'expired', reason: null }, 7 * 24, [], { outcome: 'joined', reason: null }]);
});

test('a friend told of before the workflow began counts', async () => {
  expect((await live({ async before({ tell }) { await tell('friend_came'); } })).end).toEqual({ outcome: 'joined', reason: null });
});

test('who hides the badge ends it, before anybody came or after', async () => {
  const before = await live({ record: 'achievement-spotlight-hidden', async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(60); await tell('hidden'); } });
  const after = await live({ async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(60); await tell('friend_came'); await sleepMinutes(60); await tell('hidden'); } });
  expect([before.end, hours(before), after.end, hours(after)]).toEqual([{ outcome: 'hidden', reason: null }, 1, { outcome: 'joined', reason: null }, 2]);
});

test('who declines is no end: others may come', async () => {
  const lived = await live({ async meanwhile({ tell, sleepMinutes }) { await tell('friend_declined'); await sleepMinutes(60); await tell('friend_came'); } });
  expect(lived.end).toEqual({ outcome: 'joined', reason: null });
});

test('an operator cancels it', async () => {
  expect((await live({ record: 'achievement-spotlight-canceled', async meanwhile({ tell }) { await tell(RUN_CONTROLS.cancel); } })).end).toEqual({ outcome: 'canceled', reason: expect.any(String) });
});

test('told that all who were asked want no more of it, it ends as opted out', async () => {
  const lived = await live({ record: 'achievement-spotlight-opted-out', async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(60); await tell(OPTED_OUT_FACT); } });
  expect([lived.end, hours(lived), lived.told]).toEqual([{ outcome: 'opted_out', reason: expect.any(String) }, 1, []]);
});

test('the worker restarts before and after a friend came, who is told of while none runs: it is news once', async () => {
  const lived = await live({
    record: 'achievement-spotlight-restarted',
    async meanwhile({ tell, sleepMinutes, restart }) {
      await sleepMinutes(60);
      await restart(() => tell('friend_came'));
      await sleepMinutes(60);
      await restart();
    },
  });
  expect([lived.end, hours(lived), lived.told.length]).toEqual([{ outcome: 'joined', reason: null }, 7 * 24, 1]);
});

test('two at once do not hear of each other', async () => {
  let other: unknown;
  const lived = await live({ async meanwhile({ tell, startAnother }) { const beside = await startAnother(); await tell('hidden'); other = await beside.ended(); } });
  expect([lived.end, other]).toEqual([{ outcome: 'hidden', reason: null }, { outcome: 'expired', reason: null }]);
});
