import { OPTED_OUT_FACT, RUN_CONTROLS } from '../../src/domain/run/fact.ts';
import { mondayAfter } from '../../src/domain/report/monday-after.ts';
import { weekOfDay } from '../../src/domain/report/iso-week.ts';
import { liveRun, type LivedRun, type LiveRunLife, type LiveScene } from '../support/live-runs.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FIGURES = { skillsImproved: 3, minutes: 95, streakDays: 5 };
let time: VirtualTime;
beforeAll(async () => { time = await openVirtualTime(); }, 60_000);
afterAll(() => time.close());

type Scene = Pick<LiveScene, 'fates' | 'before' | 'record'> & { meanwhile?: (life: LiveRunLife, monday: { beginsAt: number; endsAt: number; over: number }) => Promise<void>; weeksAgo?: number };

/** The run of the week that it is started in, unless another is said. */
function live({ meanwhile, weeksAgo = 0, ...scene }: Scene = {}): Promise<LivedRun> {
  const weekAt = (startedAt: number) => weekOfDay(new Date(startedAt - weeksAgo * 7 * DAY_MS).toISOString().slice(0, 10));
  return liveRun(time, {
    loop: 'proud-parent', terms: { waitDays: 7 }, ...scene,
    input: (startedAt) => ({ week: weekAt(startedAt), ...FIGURES }),
    ...(meanwhile === undefined ? {} : {
      meanwhile: (life: LiveRunLife) => {
        const monday = mondayAfter(weekAt(life.startedAt));
        return meanwhile(life, { ...monday, over: monday.beginsAt + 7 * DAY_MS });
      },
    }),
  });
}
const cameBy = (n: number) => ({ id: `ref_0${String(n)}:activated`, data: { referralId: `ref_01ksr49200081040g2081040g${String(n)}` } });

test('the card leaves on the Monday after the week; each friend\'s child that gets going is told once; it ends before the next card', async () => {
  let asked = 0;
  const lived = await live({
    record: 'proud-parent-shared-and-joined',
    async meanwhile({ tell, sleepUntil, sleepMinutes, now }, { beginsAt }) {
      await sleepUntil(beginsAt + HOUR_MS);
      asked = (await now()) - beginsAt;
      await tell('friend_activated', cameBy(2));
      await tell('friend_activated', cameBy(2));
      await sleepMinutes(24 * 60);
      await tell('friend_activated', cameBy(3));
    },
  });
  expect([lived.end, lived.stages]).toEqual([{ outcome: 'shared_and_joined', reason: null }, ['waiting', 'sending', 'shared', 'joined']]);
  expect(asked).toBeGreaterThan(0);
  expect(lived.queued).toEqual([expect.objectContaining({ step: 'card', to: ['member'], message: 'card', values: FIGURES })]);
  expect(lived.told.map(({ step, to, message, values }) => [step, to, message, values])).toEqual([
    ['joined_01ksr49200081040g2081040g2', ['member'], 'friend_activated', {}], ['joined_01ksr49200081040g2081040g3', ['member'], 'friend_activated', {}]]);
  expect(lived.granted).toEqual([]); // what friends earn comes from the program's rules alone
});

test('nobody comes: a quiet week; who gets going at its end or later came too late, a moment before not', async () => {
  const late = await live({ record: 'proud-parent-quiet-week', async meanwhile({ keep }, { over }) { keep('friend_activated', over, cameBy(2).data); } });
  const inTime = await live({ async meanwhile({ keep }, { over }) { keep('friend_activated', over - 1, cameBy(2).data); } });
  expect([late.end, late.told, inTime.end, inTime.told.length]).toEqual([{ outcome: 'quiet_week', reason: null }, [], { outcome: 'shared_and_joined', reason: null }, 1]);
});

test('a friend who comes by the link before the card has left is told after it', async () => {
  const lived = await live({ async before({ tell }) { await tell('friend_activated', cameBy(2)); } });
  expect([lived.end, lived.stages, lived.told.length]).toEqual([{ outcome: 'shared_and_joined', reason: null }, ['waiting', 'sending', 'shared', 'joined'], 1]);
});

test.each<[string, LiveScene['fates'], string]>([
  ['no permitted hour comes on that Monday', { card: 'held' }, 'window_closed_first'], ['there is no address', { card: { refused: 'no_address' } }, 'no_address'], ['the parent opted out', { card: { refused: 'opted_out' } }, 'opted_out'],
])('%s: the end names it', async (why, fates, reason) => {
  const lived = await live({ fates: fates ?? {}, ...(reason === 'opted_out' ? { record: 'proud-parent-not-sent' } : {}) });
  expect([why, lived.end, lived.told]).toEqual([why, { outcome: 'not_sent', reason }, []]);
});

test('a week whose Monday is over when the app starts it: no card', async () => {
  const lived = await live({ weeksAgo: 3 });
  expect([lived.end, lived.queued]).toEqual([{ outcome: 'not_sent', reason: 'window_closed_first' }, []]);
});

test('a card that may have arrived is waited for like one that did', async () => {
  expect((await live({ fates: { card: 'unknown' } })).end).toEqual({ outcome: 'quiet_week', reason: null });
});

test('two live beside each other; an operator\'s word ends one alone', async () => {
  let other: unknown;
  const lived = await live({
    record: 'proud-parent-canceled',
    async meanwhile({ tell, startAnother }) {
      const beside = await startAnother();
      await tell(RUN_CONTROLS.cancel);
      other = await beside.ended();
    },
  });
  expect(lived.end).toEqual({ outcome: 'canceled', reason: expect.any(String) });
  expect(other).toEqual({ outcome: 'quiet_week', reason: null });
});

test('a pause over the Monday: no card, and the end says why', async () => {
  const lived = await live({ async meanwhile({ tell }) { await tell(RUN_CONTROLS.pause); } });
  expect([lived.end, lived.queued]).toEqual([{ outcome: 'not_sent', reason: 'paused' }, []]);
});

test('told that all who were asked want no more of it, it ends as opted out', async () => {
  expect((await live({ record: 'proud-parent-opted-out', async meanwhile({ tell }) { await tell(OPTED_OUT_FACT); } })).end).toEqual({ outcome: 'opted_out', reason: expect.any(String) });
});

test('the worker restarts before the card and after it, and hears of a friend while none runs: one card, told once', async () => {
  const lived = await live({
    record: 'proud-parent-restarted',
    async meanwhile({ tell, sleepUntil, restart }, { beginsAt }) {
      await restart();
      await sleepUntil(beginsAt + HOUR_MS);
      await restart(() => tell('friend_activated', cameBy(2)));
      await restart(() => tell('friend_activated', cameBy(2)));
    },
  });
  expect([lived.end, lived.queued.length, lived.told.length]).toEqual([{ outcome: 'shared_and_joined', reason: null }, 1, 1]);
});
