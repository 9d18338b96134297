import { OPTED_OUT_FACT, RUN_CONTROLS } from '../../src/domain/run/fact.ts';
import type { EndBoardInput } from '../../activities/runs/end-board.ts';
import type { LookAtBoardInput } from '../../activities/runs/look-at-board.ts';
import type { ClosedBoard } from '../../db/write/rally/close-board.ts';
import { LIVE_RUN_ID, liveRun, type LivedRun, type LiveScene } from '../support/live-runs.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const HOUR_MS = 3_600_000;
const TERMS = { windowHours: 30 * 24, lookMinutes: 10, nudgesADay: 2, pointsPerRight: 10, places: 1_000 };
let time: VirtualTime;
beforeAll(async () => { time = await openVirtualTime(); }, 60_000);
afterAll(() => time.close());

type Rallied = LivedRun & { readonly looks: readonly LookAtBoardInput[]; readonly ends: readonly EndBoardInput[] };

/** A board for two days, which at its end holds three who scored, unless it is said otherwise. */
async function rally(scene: Pick<LiveScene, 'before' | 'meanwhile' | 'record' | 'terms'> & { readonly closed?: Partial<ClosedBoard>; readonly lastsHours?: number } = {}): Promise<Rallied> {
  const looks: LookAtBoardInput[] = [];
  const ends: EndBoardInput[] = [];
  const { closed, lastsHours = 48, ...rest } = scene;
  const lived = await liveRun(time, {
    loop: 'results-rally', terms: TERMS, input: (now) => ({ cohort: 'algebra', endsAt: now + lastsHours * HOUR_MS }), ...rest,
    activities: {
      async lookAtBoard(input) { looks.push(input); return { nudged: 1 }; },
      async endBoard(input) { ends.push(input); return { players: 3, others: 2, best: 120, winners: 1, memberWon: false, ...closed }; },
    },
  });
  return { ...lived, looks, ends };
}
const hours = ({ minutes }: LivedRun): number => Math.round(minutes / 60);

test('it is open until the deadline, then says who won and ends as finished, granting once', async () => {
  const lived = await rally({ record: 'results-rally-finished', async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(60); await tell('board_moved', { id: 'board_moved:0' }); } });
  expect([lived.end, hours(lived), lived.granted, lived.stages]).toEqual([{ outcome: 'finished', reason: null }, 48, ['finished'], ['open', 'moving', 'open', 'closing']]);
  expect(lived.told.map(({ step, to, values }) => [step, to, values])).toEqual([['won', ['winner'], { score: 120, players: 3 }], ['finished', ['member'], { best: 120, players: 3 }]]);
  expect([lived.looks.length, lived.ends.length]).toEqual([1, 1]);
});

test('who opened it and has won is told that, once, and not of the end beside it', async () => {
  const lived = await rally({ record: 'results-rally-won-by-member', closed: { memberWon: true } });
  expect([lived.end, lived.told.map(({ step, to }) => [step, to]), lived.granted]).toEqual([{ outcome: 'finished', reason: null }, [['won', ['winner', 'member']]], ['finished']]);
});

test('nobody joined: it ends by that name, tells nobody and grants nothing', async () => {
  const lived = await rally({ record: 'results-rally-nobody-joined', closed: { players: 1, others: 0, best: 0, winners: 0 } });
  expect([lived.end, hours(lived), lived.looks, lived.told, lived.granted]).toEqual([{ outcome: 'nobody_joined', reason: null }, 48, [], [], []]);
});

test('however many score, it hears once and looks once a while, and again after the next score', async () => {
  const lived = await rally({
    record: 'results-rally-two-looks',
    async meanwhile({ tell, sleepMinutes }) {
      for (let n = 0; n < 5; n += 1) await tell('board_moved', { id: 'board_moved:0' });
      await sleepMinutes(60);
      await tell('board_moved', { id: 'board_moved:1' });
    },
  });
  expect(lived.looks.map(({ message, aDay }) => [message, aDay])).toEqual([['overtaken', 2], ['overtaken', 2]]);
  expect(lived.end).toEqual({ outcome: 'finished', reason: null });
});

test('a score told before its workflow began is looked at, too', async () => {
  const lived = await rally({ async before({ tell }) { await tell('board_moved', { id: 'board_moved:0' }); } });
  expect(lived.looks).toHaveLength(1);
});

test('a score shortly before the deadline moves no look beyond it', async () => {
  const lived = await rally({ async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(48 * 60 - 3); await tell('board_moved', { id: 'board_moved:0' }); } });
  expect([lived.minutes, lived.ends.length, lived.end]).toEqual([48 * 60, 1, { outcome: 'finished', reason: null }]);
});

test('a deadline beyond the program\'s longest window ends it with the window', async () => {
  expect(hours(await rally({ terms: { ...TERMS, windowHours: 24 } }))).toBe(24);
});

test('a deadline that was over before it began ends it at once', async () => {
  expect(hours(await rally({ lastsHours: -1, closed: { others: 0 } }))).toBe(0);
});

test('an operator cancels it: the board is not closed as if it were over, nobody wins', async () => {
  const lived = await rally({ record: 'results-rally-canceled', async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(60); await tell(RUN_CONTROLS.cancel); } });
  expect([lived.end, hours(lived), lived.told, lived.granted, lived.ends]).toEqual([{ outcome: 'canceled', reason: 'canceled by an operator' }, 1, [], [], []]);
});

test('all who were asked want no more of it: it ends by that name', async () => {
  const lived = await rally({ record: 'results-rally-opted-out', async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(60); await tell(OPTED_OUT_FACT); } });
  expect(lived.end).toMatchObject({ outcome: 'opted_out' });
});

test('a pause holds nudges, never the deadline: the winners are told when it is resumed', async () => {
  const lived = await rally({
    record: 'results-rally-paused',
    async meanwhile({ tell, sleepMinutes }) {
      await tell(RUN_CONTROLS.pause);
      await tell('board_moved', { id: 'board_moved:0' });
      await sleepMinutes(60);
      await tell(RUN_CONTROLS.resume);
    },
  });
  expect([lived.end, hours(lived), lived.looks.length]).toEqual([{ outcome: 'finished', reason: null }, 48, 1]);
});

test('a shortened rally ends at the cap', async () => {
  expect(hours(await rally({ async meanwhile({ tell, startedAt }) { await tell(RUN_CONTROLS.shorten, { data: { capAt: startedAt + 5 * HOUR_MS } }); } }))).toBe(5);
});

test('two at once do not hear of each other', async () => {
  let other: unknown;
  const lived = await rally({
    async meanwhile({ tell, startAnother }) {
      const beside = await startAnother();
      await tell(RUN_CONTROLS.cancel);
      other = await beside.ended();
    },
  });
  expect([lived.end, other]).toEqual([{ outcome: 'canceled', reason: 'canceled by an operator' }, { outcome: 'finished', reason: null }]);
});

test('the worker restarts before a look, within its wait and before the end, and is told while none runs: a look for each score, one end', async () => {
  const lived = await rally({
    record: 'results-rally-restarted',
    async meanwhile({ tell, restart, sleepMinutes }) {
      await sleepMinutes(60);
      await restart(() => tell('board_moved', { id: 'board_moved:0' }));
      await sleepMinutes(5);
      await restart();
      await sleepMinutes(60);
      await restart(() => tell('board_moved', { id: 'board_moved:1' }));
    },
  });
  expect([lived.end, hours(lived), lived.looks.length, lived.ends.length, lived.granted]).toEqual([{ outcome: 'finished', reason: null }, 48, 2, 1, ['finished']]);
  expect(lived.told.map(({ step }) => step)).toEqual(['won', 'finished']);
});

test('two at once live through a restart, each with the looks and the end of its own', async () => {
  let other: unknown;
  const lived = await rally({
    async meanwhile({ tell, restart, startAnother, sleepMinutes }) {
      const beside = await startAnother();
      await restart(() => tell('board_moved', { id: 'board_moved:0' }));
      await sleepMinutes(60);
      await restart();
      other = await beside.ended();
    },
  });
  expect([lived.end, other]).toEqual(Array.from({ length: 2 }, () => ({ outcome: 'finished', reason: null })));
  expect([lived.looks.map(({ runId }) => runId), new Set(lived.ends.map(({ runId }) => runId)).size, lived.ends.length]).toEqual([[LIVE_RUN_ID], 2, 2]);
});
