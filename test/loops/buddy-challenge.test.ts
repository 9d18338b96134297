import { OPTED_OUT_FACT, RUN_CONTROLS } from '../../src/domain/run/fact.ts';
import { friend, guest } from '../support/challenge-friends.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';
import { liveRun, type LivedRun, type LiveRunLife, type LiveScene } from '../support/live-runs.ts';

const WEEK_HOURS = 7 * 24;
let time: VirtualTime;
beforeAll(async () => { time = await openVirtualTime(); }, 60_000);
afterAll(() => time.close());

type Scene = Pick<LiveScene, 'fates' | 'before' | 'meanwhile' | 'record'> & { score?: number | null; invited?: number; terms?: Readonly<Record<string, number>> };

/** Ana got 3 of 5, and asks five friends by her link for a week, unless a scene says otherwise. Without an invitee nobody can be mailed. */
function live({ score = 3, invited = 0, terms = {}, fates = {}, ...scene }: Scene = {}): Promise<LivedRun> {
  return liveRun(time, {
    loop: 'buddy-challenge',
    input: (startedAt) => ({ startedAt, invited, ...(score === null ? {} : { score }) }),
    terms: { windowHours: WEEK_HOURS, places: 5, rematches: 1, ...terms },
    fates: { ...(invited === 0 ? { invite: { refused: 'nobody' } } : {}), ...fates },
    ...scene,
  });
}
const hours = ({ minutes }: LivedRun): number => Math.round(minutes / 60);
const ONE = { places: 1, rematches: 0 };

test('a friend comes by mail, plays, beats the member and signs up: each stage is seen, and the end says who won', async () => {
  const lived = await live({
    record: 'buddy-challenge-lost', invited: 1, terms: ONE,
    async meanwhile(life) {
      const ben = friend(life);
      await life.sleepMinutes(60);
      await ben.opens();
      await ben.comes();
      await life.sleepMinutes(1);
      await ben.begins();
      await life.sleepMinutes(1);
      await ben.reachesValue();
      await life.sleepMinutes(1);
      await ben.finishes(4);
      await life.sleepMinutes(57);
      await ben.joins();
    },
  });
  expect([lived.end, hours(lived)]).toEqual([{ outcome: 'lost', reason: null }, 2]);
  expect(lived.stages).toEqual(['offered', 'sent', 'opened', 'playing', 'completed', 'compared', 'rewarded']);
  expect(lived.queued).toEqual([expect.objectContaining({ kind: 'invites', step: 'invite' })]);
  expect(lived.told).toEqual([expect.objectContaining({ to: ['member'], message: 'friend_finished', values: { right: 4, of: 5 } })]);
  expect(lived.granted).toEqual([]);
});

test.each([['won', 2], ['tied', 3], ['lost', 5]])('%s: the friend who finished has %i right, and the week ends it', async (outcome, right) => {
  const lived = await live({ record: `buddy-challenge-${outcome}-by-link`, async meanwhile(life) { const ben = friend(life); await ben.comes(); await ben.begins(); await ben.reachesValue(); await ben.finishes(right); } });
  expect([lived.end, hours(lived)]).toEqual([{ outcome, reason: null }, WEEK_HOURS]);
});

test('without a score of the member there is nothing to beat: it was played', async () => {
  const lived = await live({ score: null, record: 'buddy-challenge-played', async meanwhile(life) { await friend(life).finishes(5); } });
  expect(lived.end).toEqual({ outcome: 'played', reason: null });
});

test('nobody came: the week ends it as expired, by its link alone and also where a mail left', async () => {
  const alone = await live({ record: 'buddy-challenge-expired' });
  expect([alone.end, hours(alone), alone.stages]).toEqual([{ outcome: 'expired', reason: null }, WEEK_HOURS, ['offered']]);
  const mailed = await live({ invited: 2 });
  expect([mailed.end, hours(mailed), mailed.stages]).toEqual([{ outcome: 'expired', reason: null }, WEEK_HOURS, ['offered', 'sent']]);
});

test('a friend began and did not finish in time', async () => {
  const lived = await live({ record: 'buddy-challenge-unfinished', async meanwhile(life) { const ben = friend(life); await ben.comes(); await ben.begins(); await ben.reachesValue(); await ben.joins(); } });
  expect([lived.end, hours(lived), lived.stages.at(-1)]).toEqual([{ outcome: 'unfinished', reason: null }, WEEK_HOURS, 'rewarded']);
});

test('all who were asked decline: it ends at once; of two the one who comes keeps it open', async () => {
  const both = await live({ record: 'buddy-challenge-declined', invited: 2, async meanwhile(life) { await friend(life, 'ben').declines(); await life.sleepMinutes(60); await friend(life, 'kim').declines(); } });
  expect([both.end, hours(both)]).toEqual([{ outcome: 'declined', reason: null }, 1]);
  const one = await live({ invited: 2, async meanwhile(life) { await friend(life, 'ben').comes(); await friend(life, 'ben').declines(); await friend(life, 'kim').declines(); } });
  expect([one.end, hours(one)]).toEqual([{ outcome: 'expired', reason: null }, WEEK_HOURS]);
});

test('a friend who declines a link that was passed on leaves it open for the others', async () => {
  const lived = await live({ async meanwhile(life) { await friend(life, 'ben').declines(); await life.sleepMinutes(60); await friend(life, 'kim').finishes(3); } });
  expect(lived.end).toEqual({ outcome: 'tied', reason: null });
});

test('strangers who decline a link that was passed on end nothing, however many: it is open until its time is over', async () => {
  const strangers = ['st1', 'st2', 'st3', 'st4', 'st5', 'st6'];
  const decline = async (life: LiveRunLife): Promise<void> => { for (const name of strangers) await friend(life, name).declines(); };
  const played = await live({ record: 'buddy-challenge-strangers-decline', async meanwhile(life) { await decline(life); await life.sleepMinutes(60); await friend(life, 'kim').finishes(3); } });
  expect([played.end, hours(played)]).toEqual([{ outcome: 'tied', reason: null }, WEEK_HOURS]);
  const alone = await live({ meanwhile: decline });
  expect([alone.end, hours(alone)]).toEqual([{ outcome: 'expired', reason: null }, WEEK_HOURS]);
});

test('several friends, two at once: the best of them is compared, each is told, and when all places are played and joined it is over', async () => {
  const lived = await live({
    record: 'buddy-challenge-several', terms: { places: 3, rematches: 0 },
    async meanwhile(life) {
      const [ben, kim, zoe] = [friend(life, 'ben'), friend(life, 'kim'), friend(life, 'zoe')];
      for (const one of [ben, kim, zoe]) { await one.comes(); await one.begins(); await one.reachesValue(); }
      await Promise.all([ben.finishes(1), kim.finishes(3)]);
      await Promise.all([ben.joins(), kim.joins()]);
      await life.sleepMinutes(120);
      await zoe.finishes(2);
      await zoe.joins();
    },
  });
  expect([lived.end, hours(lived), lived.stages.at(-1), lived.told.length]).toEqual([{ outcome: 'tied', reason: null }, 2, 'rewarded', 3]);
  expect(new Set(lived.told.map(({ step }) => step)).size).toBe(3);
});

test('a rematch is waited for and its score counts; a friend who won needs none', async () => {
  const again = await live({
    record: 'buddy-challenge-rematch', terms: { places: 1 },
    async meanwhile(life) {
      const ben = friend(life);
      await ben.comes();
      await ben.begins();
      await ben.reachesValue();
      await ben.finishes(1);
      await ben.joins();
      await life.sleepMinutes(60);
      await ben.playsAgain();
      await ben.finishes(4, 2);
    },
  });
  expect([again.end, hours(again), again.told.map(({ values }) => values['right'])]).toEqual([{ outcome: 'lost', reason: null }, 1, [1, 4]]);
  const atOnce = await live({ terms: { places: 1 }, async meanwhile(life) { const ben = friend(life); await ben.comes(); await ben.reachesValue(); await ben.finishes(5); await ben.joins(); } });
  expect([atOnce.end, hours(atOnce)]).toEqual([{ outcome: 'lost', reason: null }, 0]);
});

test('what is told before it began, twice and in any order comes to the same', async () => {
  const lived = await live({
    invited: 1, terms: ONE,
    async before(life) {
      const ben = friend(life);
      for (const tell of [ben.joins, () => ben.finishes(2), ben.reachesValue, ben.begins, ben.comes, ben.joins, () => ben.finishes(2), ben.comes]) await tell();
    },
  });
  expect([lived.end, hours(lived), lived.told.length]).toEqual([{ outcome: 'won', reason: null }, 0, 1]);
});

test('what happened before the end counts though the outbox holds it; what happened at the end came too late', async () => {
  const at = (startedAt: number): number => startedAt + WEEK_HOURS * 3_600_000;
  const data = { guestId: guest('ben'), right: 5, of: 5, round: 1 };
  const before = await live({ async meanwhile({ keep, startedAt }) { keep('friend_finished', at(startedAt) - 1, data); } });
  expect(before.end).toEqual({ outcome: 'lost', reason: null });
  const after = await live({ async meanwhile({ keep, startedAt }) { keep('friend_finished', at(startedAt), data); } });
  expect(after.end).toEqual({ outcome: 'expired', reason: null });
});

test('a mail that no hour lets out until the end is withdrawn; a friend who came by the link meanwhile counts', async () => {
  const lived = await live({ record: 'buddy-challenge-mail-held', invited: 1, fates: { invite: 'held' }, async meanwhile(life) { const ben = friend(life); await life.sleepMinutes(60); await ben.comes(); await ben.begins(); await ben.finishes(3); } });
  expect([lived.end, hours(lived)]).toEqual([{ outcome: 'tied', reason: null }, WEEK_HOURS]);
});

test('a mail that waits for the morning leaves then', async () => {
  const lived = await live({ invited: 1, fates: { invite: { leavesAfterMinutes: 600 } } });
  expect([lived.end, lived.stages]).toEqual([{ outcome: 'expired', reason: null }, ['offered', 'sent']]);
});

test('all who were asked want no such messages: it ends by that name', async () => {
  const lived = await live({ record: 'buddy-challenge-opted-out', invited: 1, async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(60); await tell(OPTED_OUT_FACT); } });
  expect([lived.end, hours(lived)]).toEqual([{ outcome: 'opted_out', reason: 'all who were asked want no such messages' }, 1]);
});

test('an operator cancels, shortens or pauses it', async () => {
  const canceled = await live({ record: 'buddy-challenge-canceled', async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(60); await tell(RUN_CONTROLS.cancel); } });
  expect([canceled.end, hours(canceled)]).toEqual([{ outcome: 'canceled', reason: 'canceled by an operator' }, 1]);
  const shortened = await live({ async meanwhile({ tell, startedAt }) { await tell(RUN_CONTROLS.shorten, { data: { capAt: startedAt + 10 * 3_600_000 } }); } });
  expect([shortened.end, hours(shortened)]).toEqual([{ outcome: 'expired', reason: null }, 10]);
  const paused = await live({ async meanwhile(life) { await life.tell(RUN_CONTROLS.pause); await friend(life).finishes(5); await life.sleepMinutes(60); await life.tell(RUN_CONTROLS.resume); } });
  expect([paused.end, paused.told.length]).toEqual([{ outcome: 'lost', reason: null }, 1]);
});

test('the worker restarts while the friend plays and before the sign-up, and is told while none runs: the result is said once', async () => {
  const lived = await live({
    record: 'buddy-challenge-restarted', invited: 1, terms: ONE,
    async meanwhile(life) {
      const ben = friend(life);
      await life.sleepMinutes(60);
      await ben.comes();
      await life.restart(() => ben.begins());
      await life.sleepMinutes(1);
      await ben.reachesValue();
      await life.restart(() => ben.finishes(4));
      await life.sleepMinutes(59);
      await life.restart(() => ben.joins());
    },
  });
  expect([lived.end, hours(lived), lived.queued.length, lived.told.length]).toEqual([{ outcome: 'lost', reason: null }, 2, 1, 1]);
});

test('two challenges at once do not hear of each other', async () => {
  let other: unknown;
  const lived = await live({ async meanwhile(life) { const beside = await life.startAnother(); await friend(life).finishes(4); other = await beside.ended(); } });
  expect([lived.end, other]).toEqual([{ outcome: 'lost', reason: null }, { outcome: 'expired', reason: null }]);
});
