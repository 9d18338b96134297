import { openVirtualTime, type VirtualTime } from '../support/loops.ts';
import { liveRun, type LivedRun, type LiveScene } from '../support/live-runs.ts';
import { OPTED_OUT_FACT, RUN_CONTROLS } from '../../src/domain/run/fact.ts';

const HOUR_MS = 3_600_000;
const EXAM_IN_MS = 100 * HOUR_MS;
let time: VirtualTime;
beforeAll(async () => { time = await openVirtualTime(); }, 60_000);
afterAll(() => time.close());

/** An exam in a hundred hours: the nudge is due in fifty-two. */
function live(scene: Pick<LiveScene, 'fates' | 'before' | 'meanwhile' | 'record'> = {}): Promise<LivedRun> {
  return liveRun(time, { loop: 'study-buddy-nudge', input: (now) => ({ examAt: now + EXAM_IN_MS, buddy: 'mbr_01ksr49200081040g2081040g3' }), terms: { leadHours: 48 }, ...scene });
}
const hours = ({ minutes }: LivedRun): number => Math.round(minutes / 60);

test('both are nudged two days before the exam, both practise, both earn once', async () => {
  const lived = await live({
    record: 'study-buddy-nudge-rewarded',
    async meanwhile({ tell, sleepMinutes }) {
      await sleepMinutes(60 * 60);
      await tell('member_practised');
      await sleepMinutes(60);
      await tell('buddy_practised');
    },
  });
  expect([lived.end, hours(lived), lived.granted, lived.stages]).toEqual([{ outcome: 'rewarded', reason: null }, 61, ['both_practised'], ['waiting', 'nudging', 'practising']]);
  expect(lived.queued).toEqual([expect.objectContaining({ step: 'nudge', to: ['member', 'buddy'], message: 'nudge', before: expect.any(Number) })]);
});

test('who began to practise together is not nudged', async () => {
  const lived = await live({ record: 'study-buddy-nudge-not-needed', async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(60); await tell('co_practice_started'); } });
  expect([lived.end, hours(lived), lived.queued]).toEqual([{ outcome: 'not_needed', reason: null }, 1, []]);
});

test('a start that the outbox still holds when the nudge is due counts, and one after that does not', async () => {
  const before = await live({ async meanwhile({ keep, startedAt }) { keep('co_practice_started', startedAt + 52 * HOUR_MS - 1); } });
  expect([before.end, before.queued]).toEqual([{ outcome: 'not_needed', reason: null }, []]);
  const after = await live({ async meanwhile({ keep, startedAt }) { keep('co_practice_started', startedAt + 52 * HOUR_MS); } });
  expect([after.end, after.queued.length]).toEqual([{ outcome: 'unfinished', reason: null }, 1]);
});

test('practice told before the workflow began is kept until it is asked for, however often it was told', async () => {
  const lived = await live({
    async before({ tell }) {
      for (const id of ['p1', 'p1', 'p2']) await tell(id === 'p2' ? 'buddy_practised' : 'member_practised', { id });
    },
  });
  expect([lived.end, hours(lived), lived.granted]).toEqual([{ outcome: 'rewarded', reason: null }, 52, ['both_practised']]);
});

test.each([['the member alone', 'member_practised'], ['the buddy alone', 'buddy_practised']])('%s practised: the exam ends it without a reward', async (_who, kind) => {
  const lived = await live({ async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(60 * 60); await tell(kind); } });
  expect([lived.end, hours(lived), lived.granted]).toEqual([{ outcome: 'unfinished', reason: null }, 100, []]);
});

test('nobody practised: it ends with the exam; what happens at the exam or later came too late', async () => {
  const lived = await live({
    async meanwhile({ keep, startedAt }) {
      keep('member_practised', startedAt + EXAM_IN_MS - 1);
      keep('buddy_practised', startedAt + EXAM_IN_MS);
    },
  });
  expect([lived.end, hours(lived), lived.granted]).toEqual([{ outcome: 'unfinished', reason: null }, 100, []]);
});

test('quiet hours last until the exam: the nudge is withdrawn, and the end says so', async () => {
  const lived = await live({ record: 'study-buddy-nudge-not-sent', fates: { nudge: 'held' } });
  expect([lived.end, hours(lived), lived.granted]).toEqual([{ outcome: 'not_sent', reason: 'window_closed_first' }, 100, []]);
});

test('neither has an address: the end names it', async () => {
  const lived = await live({ fates: { nudge: { refused: 'no_address' } } });
  expect([lived.end, hours(lived)]).toEqual([{ outcome: 'not_sent', reason: 'no_address' }, 52]);
});

test('a nudge that may have arrived is waited for like one that did', async () => {
  const lived = await live({
    fates: { nudge: 'unknown' },
    async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(53 * 60); await tell('member_practised'); await tell('buddy_practised'); },
  });
  expect(lived.end).toEqual({ outcome: 'rewarded', reason: null });
});

test('a nudge that waits for the morning leaves then, and what was practised meanwhile counts', async () => {
  const lived = await live({
    fates: { nudge: { leavesAfterMinutes: 60 * 60 } },
    async before({ tell }) { await tell('member_practised'); await tell('buddy_practised'); },
  });
  expect([lived.end, hours(lived), lived.granted]).toEqual([{ outcome: 'rewarded', reason: null }, 60, ['both_practised']]);
});

test('what is on the wire when the exam begins is waited for: its record decides', async () => {
  const lived = await live({ record: 'study-buddy-nudge-unfinished', fates: { nudge: 'on_the_wire' } });
  expect([lived.end, lived.stages]).toEqual([{ outcome: 'unfinished', reason: null }, ['waiting', 'nudging', 'practising']]);
});

test('an operator cancels it while it waits: nothing is sent and nothing granted', async () => {
  const lived = await live({ record: 'study-buddy-nudge-canceled', async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(60); await tell(RUN_CONTROLS.cancel); } });
  expect([lived.end, lived.queued, lived.granted]).toEqual([{ outcome: 'canceled', reason: 'canceled by an operator' }, [], []]);
});

test('all who were asked want no more of it: it ends by that name in the middle of a wait', async () => {
  const lived = await live({ record: 'study-buddy-nudge-opted-out', async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(60 * 60); await tell(OPTED_OUT_FACT); } });
  expect([lived.end, hours(lived)]).toEqual([{ outcome: 'opted_out', reason: 'all who were asked want no such messages' }, 60]);
});

test('a pause holds the nudge, never the exam; resumed in time it leaves', async () => {
  const tooLate = await live({ record: 'study-buddy-nudge-paused', async meanwhile({ tell }) { await tell(RUN_CONTROLS.pause); } });
  expect([tooLate.end, hours(tooLate), tooLate.queued]).toEqual([{ outcome: 'not_sent', reason: 'paused' }, 100, []]);
  const inTime = await live({
    async meanwhile({ tell, sleepMinutes }) {
      await tell(RUN_CONTROLS.pause);
      await sleepMinutes(60 * 60);
      await tell(RUN_CONTROLS.resume);
    },
  });
  expect([inTime.end, inTime.queued.length]).toEqual([{ outcome: 'unfinished', reason: null }, 1]);
});

test('a shortened run nudges at once where its time is over, and ends at the cap', async () => {
  const lived = await live({ async meanwhile({ tell, startedAt }) { await tell(RUN_CONTROLS.shorten, { data: { capAt: startedAt + 60 * HOUR_MS } }); } });
  expect([lived.end, hours(lived), lived.queued[0]?.before]).toEqual([{ outcome: 'unfinished', reason: null }, 60, expect.any(Number)]);
});

test('two at once do not hear of each other', async () => {
  let other: unknown;
  const lived = await live({
    async meanwhile({ tell, startAnother }) {
      const beside = await startAnother();
      await tell('co_practice_started');
      other = await beside.ended();
    },
  });
  expect([lived.end, other]).toEqual([{ outcome: 'not_needed', reason: null }, { outcome: 'unfinished', reason: null }]);
});

test('the worker restarts before the nudge and after it, and hears of practice while none runs: nudged once, earned once', async () => {
  const lived = await live({
    record: 'study-buddy-nudge-restarted',
    async meanwhile({ tell, sleepMinutes, restart }) {
      await restart(() => tell('member_practised'));
      await sleepMinutes(60 * 60);
      await restart(() => tell('buddy_practised'));
    },
  });
  expect([lived.end, hours(lived), lived.queued.length, lived.granted]).toEqual([{ outcome: 'rewarded', reason: null }, 60, 1, ['both_practised']]);
});
