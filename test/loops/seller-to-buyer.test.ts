import { OPTED_OUT_FACT, RUN_CONTROLS } from '../../src/domain/run/fact.ts';
import { liveRun, type LivedRun, type LiveScene } from '../support/live-runs.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
let time: VirtualTime;
beforeAll(async () => { time = await openVirtualTime(); }, 60_000);
afterAll(() => time.close());

function live(scene: Pick<LiveScene, 'fates' | 'before' | 'meanwhile' | 'record'> = {}): Promise<LivedRun> {
  return liveRun(time, { loop: 'seller-to-buyer', input: () => ({ quoteId: 'quote-7' }), terms: { askAfterHours: 24, windowDays: 14 }, ...scene });
}
const hours = ({ minutes }: LivedRun): number => Math.round(minutes / 60);

test('who posts a need without being asked is a buyer, earns once, and is not written to', async () => {
  const lived = await live({ async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(60); await tell('need_posted'); await tell('need_posted'); } });
  expect([lived.end, hours(lived), lived.granted, lived.queued]).toEqual([{ outcome: 'became_buyer', reason: null }, 1, ['became_buyer'], []]);
});

test('who was asked a day later posts a need: a buyer', async () => {
  const lived = await live({ record: 'seller-to-buyer-became-buyer', async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(30 * 60); await tell('need_posted'); } });
  expect([lived.end, hours(lived), lived.granted, lived.stages]).toEqual([{ outcome: 'became_buyer', reason: null }, 30, ['became_buyer'], ['thinking', 'asking', 'waiting']]);
  expect(lived.queued).toEqual([expect.objectContaining({ step: 'ask', to: ['member'], message: 'ask' })]);
});

test.each([[1, 0], [30, 1]])('who says after %i hours that there is nothing is left alone', async (after, asked) => {
  const lived = await live({ record: `seller-to-buyer-declined-after-${String(after)}-h`, async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(after * 60); await tell('need_declined'); } });
  expect([lived.end, lived.granted, lived.queued.length]).toEqual([{ outcome: 'declined', reason: null }, [], asked]);
});

test('nobody answers: it ends after its window; what happens at its end or later came too late', async () => {
  const lived = await live({ record: 'seller-to-buyer-expired', async meanwhile({ keep, startedAt }) { keep('need_posted', startedAt + 14 * DAY_MS); } });
  expect([lived.end, hours(lived), lived.granted]).toEqual([{ outcome: 'expired', reason: null }, 14 * 24, []]);
});

test('a need that the outbox still holds when the window ends counts', async () => {
  const lived = await live({ async meanwhile({ keep, startedAt }) { keep('need_posted', startedAt + 14 * DAY_MS - 1); } });
  expect([lived.end, lived.granted]).toEqual([{ outcome: 'became_buyer', reason: null }, ['became_buyer']]);
});

test('a need told before the workflow began counts', async () => {
  const lived = await live({ async before({ tell }) { await tell('need_posted'); } });
  expect([lived.end, hours(lived)]).toEqual([{ outcome: 'became_buyer', reason: null }, 0]);
});

test.each<[string, LiveScene['fates'], string]>([['no permitted hour comes', { ask: 'held' }, 'window_closed_first'], ['there is no address', { ask: { refused: 'no_address' } }, 'no_address']])('%s: the end names it', async (_why, fates, reason) => {
  expect((await live({ record: `seller-to-buyer-not-sent-${reason.replaceAll('_', '-')}`, fates: fates ?? {} })).end).toEqual({ outcome: 'not_sent', reason });
});

test('a question that may have arrived is waited for like one that did', async () => {
  const lived = await live({ fates: { ask: 'unknown' }, async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(48 * 60); await tell('need_posted'); } });
  expect(lived.end).toEqual({ outcome: 'became_buyer', reason: null });
});

test('an opt-out, an operator\'s word', async () => {
  const out = await live({ record: 'seller-to-buyer-opted-out', async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(30 * 60); await tell(OPTED_OUT_FACT); } });
  const canceled = await live({ record: 'seller-to-buyer-canceled', async meanwhile({ tell }) { await tell(RUN_CONTROLS.cancel); } });
  expect([out.end, canceled.end]).toEqual([{ outcome: 'opted_out', reason: expect.any(String) }, { outcome: 'canceled', reason: expect.any(String) }]);
});

test('the worker restarts before the question and after it, and hears of the need while none runs: asked once, earned once', async () => {
  const lived = await live({
    record: 'seller-to-buyer-restarted',
    async meanwhile({ tell, sleepMinutes, restart }) {
      await sleepMinutes(60);
      await restart();
      await sleepMinutes(29 * 60);
      await restart(() => tell('need_posted'));
    },
  });
  expect([lived.end, hours(lived), lived.queued.length, lived.granted]).toEqual([{ outcome: 'became_buyer', reason: null }, 30, 1, ['became_buyer']]);
});

test('two at once do not hear of each other', async () => {
  let other: unknown;
  const lived = await live({ async meanwhile({ tell, startAnother }) { const beside = await startAnother(); await tell('need_posted'); other = await beside.ended(); } });
  expect([lived.end, other]).toEqual([{ outcome: 'became_buyer', reason: null }, { outcome: 'expired', reason: null }]);
});
