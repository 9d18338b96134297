import { OPTED_OUT_FACT, RUN_CONTROLS } from '../../src/domain/run/fact.ts';
import { liveRun, type LivedRun, type LiveScene } from '../support/live-runs.ts';
import { GUEST, MEMBER, people } from '../support/rescue-people.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
let time: VirtualTime;
beforeAll(async () => { time = await openVirtualTime(); }, 60_000);
afterAll(() => time.close());

type Scene = Pick<LiveScene, 'fates' | 'before' | 'meanwhile' | 'record' | 'activities'> & { invited?: number; buddy?: string; endsInMinutes?: number; terms?: Readonly<Record<string, number>> };

/** Ana's streak ends in four hours; she mails one buddy, unless a scene says otherwise. */
function live({ invited = 1, buddy, endsInMinutes = 240, terms = {}, ...scene }: Scene = {}): Promise<LivedRun> {
  return liveRun(time, {
    loop: 'streak-rescue',
    input: (startedAt) => ({ startedAt, invited, streakEndsAt: startedAt + endsInMinutes * MINUTE_MS, streakDay: '2026-06-10', ...(buddy === undefined ? {} : { buddy }) }),
    terms: { windowMinutes: 120, signUpDays: 7, ...terms },
    ...scene,
  });
}

const ended = (outcome: string, reason: string | null = null) => ({ outcome, reason });

test('both finish in time: rescued, both earn once, and the member hears that the buddy is there', async () => {
  const lived = await live({
    record: 'streak-rescue-rescued',
    async meanwhile(life) {
      const they = people(life);
      await life.sleepMinutes(10);
      await they.joins();
      await life.sleepMinutes(5);
      await they.buddyFinishes();
      await life.sleepMinutes(5);
      await they.memberFinishes();
    },
  });
  expect([lived.end, lived.minutes, lived.granted, lived.stages]).toEqual([ended('rescued'), 20, ['rescued'], ['asked', 'co_practice', 'rescued']]);
  expect(lived.told.map(({ step, to }) => [step, to])).toEqual([['joined', ['member']], ['rescued', ['member', 'buddy', 'friend']]]);
  expect(lived.queued).toEqual([expect.objectContaining({ kind: 'invites', step: 'invite' })]);
});

test('the member finishes first and waits for the buddy: rescued all the same', async () => {
  const lived = await live({ async meanwhile(life) { const they = people(life); await they.memberFinishes(); await life.sleepMinutes(119); await they.buddyFinishes(); } });
  expect([lived.end, lived.minutes, lived.granted]).toEqual([ended('rescued'), 119, ['rescued']]);
});

test('a guest who helped has the shield on signing up, within a week; else it ends without', async () => {
  const signs = await live({
    record: 'streak-rescue-guest-signs-up',
    async meanwhile(life) { const they = people(life, GUEST); await they.joins(); await they.buddyFinishes(); await they.memberFinishes(); await life.sleepMinutes(24 * 60); await they.signsUp(); await they.signsUp(); },
  });
  expect([signs.end, signs.minutes, signs.granted]).toEqual([ended('rescued'), 24 * 60, ['rescued', 'rescued']]);
  const stays = await live({ record: 'streak-rescue-guest-stays', async meanwhile(life) { const they = people(life, GUEST); await they.buddyFinishes(); await they.memberFinishes(); } });
  expect([stays.end, stays.minutes, stays.granted]).toEqual([ended('rescued'), 120 + 7 * 24 * 60, ['rescued']]);
});

test('where nothing is granted nobody is told of a shield', async () => {
  const lived = await live({ activities: { grantRun: async () => ({ granted: 0, refused: 1 }) }, async meanwhile(life) { const they = people(life); await they.buddyFinishes(); await they.memberFinishes(); } });
  expect([lived.end, lived.told.map(({ message }) => message)]).toEqual([ended('rescued'), ['saved']]);
});

test('a guest who signs up as the member is granted nothing more, and the wait for the buddy goes on', async () => {
  const lived = await live({
    record: 'streak-rescue-guest-was-the-member',
    async meanwhile(life) { const they = people(life, GUEST); await they.buddyFinishes(); await they.memberFinishes(); await life.sleepMinutes(60); await they.signsUp('mbr_01ksr49200081040g2081040g2'); await life.sleepMinutes(60); await they.signsUp(); },
  });
  expect([lived.end, lived.minutes, lived.granted]).toEqual([ended('rescued'), 120, ['rescued', 'rescued', 'rescued']]);
});

test('two hours run from the asking, never past the streak\'s end', async () => {
  const expired = await live({ record: 'streak-rescue-expired' });
  expect([expired.end, expired.minutes, expired.stages, expired.granted]).toEqual([ended('expired'), 120, ['asked'], []]);
  const sooner = await live({ endsInMinutes: 45 });
  expect([sooner.end, sooner.minutes]).toEqual([ended('expired'), 45]);
});

test('asked for when the streak had ended: too late, and nobody is written to', async () => {
  const lived = await live({ record: 'streak-rescue-too-late', endsInMinutes: 0 });
  expect([lived.end, lived.minutes, lived.queued]).toEqual([ended('too_late'), 0, []]);
});

test.each([
  ['member_alone', ['joins', 'memberFinishes']],
  ['buddy_alone', ['joins', 'buddyFinishes']],
  ['unfinished', ['joins']],
] as const)('%s: the time is over before both have finished, and nobody earns', async (outcome, facts) => {
  const lived = await live({ record: `streak-rescue-${outcome.replaceAll('_', '-')}`, async meanwhile(life) { for (const fact of facts) await people(life)[fact](); } });
  expect([lived.end, lived.minutes, lived.granted]).toEqual([ended(outcome), 120, []]);
});

test('who practises without help before a buddy came has saved the streak alone; afterwards the deck still counts', async () => {
  const alone = await live({ record: 'streak-rescue-saved-alone', async meanwhile(life) { await life.sleepMinutes(30); await people(life).practisesAlone(); } });
  expect([alone.end, alone.minutes]).toEqual([ended('saved_alone'), 30]);
  const after = await live({ async meanwhile(life) { const they = people(life); await they.joins(); await they.practisesAlone(); await they.memberFinishes(); await they.buddyFinishes(); } });
  expect(after.end).toEqual(ended('rescued'));
});

test('a buddy who was asked declines: it ends at once; of a link that is passed on others may still come; who is there cannot decline for it', async () => {
  const declined = await live({ record: 'streak-rescue-declined', async meanwhile(life) { await life.sleepMinutes(10); await people(life).declines(); } });
  expect([declined.end, declined.minutes]).toEqual([ended('declined'), 10]);
  const passedOn = await live({ invited: 0, async meanwhile(life) { const they = people(life); await they.declines(); await they.buddyFinishes(); await they.memberFinishes(); } });
  expect([passedOn.end, passedOn.queued]).toEqual([ended('rescued'), []]);
  const late = await live({ async meanwhile(life) { const they = people(life); await they.joins(); await they.declines(); } });
  expect(late.end).toEqual(ended('unfinished'));
  const hasFinished = await live({ async meanwhile(life) { const they = people(life); await they.memberFinishes(); await they.declines(); } });
  expect([hasFinished.end, hasFinished.minutes]).toEqual([ended('member_alone'), 0]);
});

test('a member of the app is asked by a message of their own', async () => {
  const lived = await live({ record: 'streak-rescue-by-member', invited: 0, buddy: MEMBER, async meanwhile(life) { const they = people(life); await they.joins(); await they.buddyFinishes(); await they.memberFinishes(); } });
  expect(lived.end).toEqual(ended('rescued'));
  expect(lived.queued).toEqual([expect.objectContaining({ kind: 'message', to: ['buddy'], message: 'ask' })]);
});

test('a window that closes before quiet hours end: not sent by that name; a buddy who comes by the link meanwhile rescues it all the same', async () => {
  const held = await live({ record: 'streak-rescue-not-sent', fates: { invite: 'held' } });
  expect([held.end, held.minutes]).toEqual([ended('not_sent', 'window_closed_first'), 120]);
  const nobody = await live({ fates: { invite: { refused: 'suppressed' } } });
  expect(nobody.end).toEqual(ended('not_sent', 'suppressed'));
  const byLink = await live({ record: 'streak-rescue-by-link', fates: { invite: 'held' }, async meanwhile(life) { const they = people(life); await life.sleepMinutes(20); await they.joins(); await they.buddyFinishes(); await they.memberFinishes(); } });
  expect([byLink.end, byLink.minutes, byLink.granted]).toEqual([ended('rescued'), 20, ['rescued']]);
  const lost = await live({ fates: { invite: 'unknown' } });
  expect(lost.end).toEqual(ended('expired'));
});

test('what is told before it began, twice and in any order comes to the same', async () => {
  const lived = await live({ async before(life) { const they = people(life); for (const tell of [they.memberFinishes, they.buddyFinishes, they.joins, they.memberFinishes, they.buddyFinishes]) await tell(); } });
  expect([lived.end, lived.minutes, lived.granted]).toEqual([ended('rescued'), 0, ['rescued']]);
});

test('what happened before the end counts though the outbox holds it; what happened at the end came too late', async () => {
  const scene = (at: number): Scene => ({ async meanwhile(life) { await people(life).memberFinishes(); life.keep('buddy_finished', life.startedAt + at, { personId: MEMBER }); } });
  expect((await live(scene(2 * HOUR_MS - 1))).end).toEqual(ended('rescued'));
  expect((await live(scene(2 * HOUR_MS))).end).toEqual(ended('member_alone'));
});

test('a sign-up at the end of the week came too late for the shield', async () => {
  const lived = await live({ async meanwhile(life) { const they = people(life, GUEST); await they.buddyFinishes(); await they.memberFinishes(); life.keep('buddy_signed_up', life.startedAt + 2 * HOUR_MS + 7 * DAY_MS); } });
  expect([lived.end, lived.granted]).toEqual([ended('rescued'), ['rescued']]);
});

test('the buddy wants no such messages: it ends by that name, also while the mail waits for its hour', async () => {
  const after = await live({ record: 'streak-rescue-opted-out', async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(10); await tell(OPTED_OUT_FACT); } });
  expect([after.end, after.minutes]).toEqual([ended('opted_out', 'all who were asked want no such messages'), 10]);
  const before = await live({ fates: { invite: 'held' }, async meanwhile({ tell, sleepMinutes }) { await sleepMinutes(10); await tell(OPTED_OUT_FACT); } });
  expect([before.end, before.minutes]).toEqual([ended('opted_out', 'all who were asked want no such messages'), 10]);
});

test('two at once are lived apart', async () => {
  const lived = await live({
    invited: 0,
    async meanwhile(life) {
      const other = await life.startAnother();
      const they = people(life);
      await they.joins();
      await they.buddyFinishes();
      await they.memberFinishes();
      expect(await other.ended()).toEqual(ended('expired'));
    },
  });
  expect(lived.end).toEqual(ended('rescued'));
});

test('an operator cancels, shortens or pauses it', async () => {
  const canceled = await live({ record: 'streak-rescue-canceled', async meanwhile({ tell }) { await tell(RUN_CONTROLS.cancel); } });
  expect(canceled.end).toEqual(ended('canceled', 'canceled by an operator'));
  const shortened = await live({ async meanwhile({ tell, startedAt }) { await tell(RUN_CONTROLS.shorten, { data: { capAt: startedAt + 30 * MINUTE_MS } }); } });
  expect([shortened.end, shortened.minutes]).toEqual([ended('expired'), 30]);
  const paused = await live({
    async meanwhile(life) {
      const they = people(life);
      await they.joins();
      await life.tell(RUN_CONTROLS.pause);
      await they.buddyFinishes();
      await they.memberFinishes();
      await life.sleepMinutes(60);
      await life.tell(RUN_CONTROLS.resume);
    },
  });
  expect([paused.end, paused.granted]).toEqual([ended('rescued'), ['rescued']]);
});

test('the worker restarts twice in the middle, and each is told while none runs: nothing is forgotten and nothing done twice', async () => {
  const lived = await live({
    record: 'streak-rescue-restarted',
    async meanwhile(life) {
      const they = people(life);
      await they.joins();
      await life.sleepMinutes(10);
      await life.restart(() => they.buddyFinishes());
      await life.sleepMinutes(10);
      await life.restart(() => they.memberFinishes());
    },
  });
  expect([lived.end, lived.minutes, lived.granted, lived.stages]).toEqual([ended('rescued'), 20, ['rescued'], ['asked', 'co_practice', 'rescued']]);
  expect(lived.told.map(({ step }) => step)).toEqual(['joined', 'rescued']);
});
