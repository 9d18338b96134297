import { RUN_CONTROLS } from '../../src/domain/run/fact.ts';
import { liveRun } from '../support/live-runs.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const BUDDY = 'mbr_01ksr49200081040g2081040g3';
let time: VirtualTime;
beforeAll(async () => { time = await openVirtualTime(); }, 60_000);
afterAll(() => time.close());

/** A life that begins again an hour after the exam, which is when its message was to have left. */
async function beginAgain(left: { readonly outcome: 'handed_off' | 'not_sent'; readonly reason: string | null }, generation = 2) {
  const examAt = (await time.env.currentTimeMs()) - HOUR_MS;
  const facts = ['member_practised', 'buddy_practised'].map((kind) => ({ id: kind, kind, data: {}, at: examAt - 1 }));
  return liveRun(time, {
    loop: 'study-buddy-nudge', generation, input: () => ({ examAt, buddy: BUDDY }), terms: { leadHours: 48 },
    activities: { recallFacts: async ({ seen }) => ({ facts: facts.filter(({ id }) => !seen.includes(id)), more: false }), withdrawRunMessage: async () => left },
  });
}

test('a life that begins again after its deadline goes on with the message that left before, and grants what was earned', async () => {
  const { end, granted, queued } = await beginAgain({ outcome: 'handed_off', reason: null });
  expect([end, granted, queued]).toEqual([{ outcome: 'rewarded', reason: null }, ['both_practised'], []]);
});

test('one of which no life had asked for the message ends as not sent', async () => {
  expect((await beginAgain({ outcome: 'not_sent', reason: 'nobody' })).end).toEqual({ outcome: 'not_sent', reason: 'window_closed_first' });
  expect((await beginAgain({ outcome: 'not_sent', reason: 'opted_out' })).end).toEqual({ outcome: 'not_sent', reason: 'opted_out' });
  expect((await beginAgain({ outcome: 'handed_off', reason: null }, 1)).end).toEqual({ outcome: 'not_sent', reason: 'window_closed_first' });
});

test('a shortened run whose message is on the wire looks once a minute what became of it', async () => {
  const looks: number[] = [];
  const { end } = await liveRun(time, {
    loop: 'study-buddy-nudge', input: (now) => ({ examAt: now + 100 * HOUR_MS, buddy: BUDDY }), terms: { leadHours: 48 }, fates: { nudge: 'held' },
    async meanwhile({ tell, startedAt, sleepMinutes }) {
      await sleepMinutes(60 * 60);
      await tell(RUN_CONTROLS.shorten, { data: { capAt: startedAt + 61 * HOUR_MS } });
    },
    activities: {
      async withdrawRunMessage() {
        looks.push(await time.env.currentTimeMs());
        return looks.length < 5 ? { outcome: 'on_the_wire' } : { outcome: 'handed_off', reason: null };
      },
    },
  });
  const betweenMs = looks.slice(1).map((at, n) => at - (looks[n] ?? 0));
  expect([end, betweenMs.map((ms) => ms >= MINUTE_MS)]).toEqual([{ outcome: 'unfinished', reason: null }, [true, true, true, true]]);
});
