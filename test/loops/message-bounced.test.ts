import { openVirtualTime, type VirtualTime } from '../support/loops.ts';
import { liveRun, type LivedRun, type LiveScene } from '../support/live-runs.ts';

const WEEK_HOURS = 7 * 24;
let time: VirtualTime;
beforeAll(async () => { time = await openVirtualTime(); }, 60_000);
afterAll(() => time.close());

/** A challenge whose friends are asked by mail. */
function challenge(invited: number, scene: Pick<LiveScene, 'meanwhile' | 'record'>): Promise<LivedRun> {
  return liveRun(time, { loop: 'buddy-challenge', input: () => ({ invited, score: 3 }), terms: { windowHours: WEEK_HOURS, places: 5, rematches: 1 }, ...scene });
}
const cameBack = (id: string, reached: number) => ['friend_unreached', { id, data: { step: 'invite', reached } }] as const;

test('a mail that came back reached nobody: when all who got theirs decline, the challenge is over', async () => {
  const lived = await challenge(2, {
    record: 'buddy-challenge-unreached',
    async meanwhile(life) {
      await life.sleepMinutes(5);
      await life.tell(...cameBack('ben-back', 1));
      await life.sleepMinutes(5);
      await life.tell('friend_declined', { id: 'cyd-declined' });
    },
  });
  expect([lived.end, lived.minutes]).toEqual([{ outcome: 'declined', reason: null }, 10]);
});

test('where all mails came back it waits for who comes by the link, and no single one who declines ends it', async () => {
  const lived = await challenge(1, {
    async meanwhile(life) {
      await life.tell(...cameBack('ben-back', 0));
      await life.tell('friend_declined', { id: 'kim-declined' });
      await life.sleepMinutes(60);
      await life.tell('friend_finished', { id: 'cyd-finished', data: { guestId: 'gst_01ksr49200081040g208104cyd', right: 5, of: 5, round: 1 } });
    },
  });
  expect([lived.end, Math.round(lived.minutes / 60)]).toEqual([{ outcome: 'lost', reason: null }, WEEK_HOURS]);
});

const MINUTE_MS = 60_000;
/** A rescue whose buddy is asked by mail, two hours before a streak's end. */
function rescue(scene: Pick<LiveScene, 'meanwhile' | 'record'>): Promise<LivedRun> {
  return liveRun(time, { loop: 'streak-rescue', input: (startedAt) => ({ startedAt, invited: 1, streakEndsAt: startedAt + 240 * MINUTE_MS, streakDay: '2026-06-10' }), terms: { windowMinutes: 120, signUpDays: 7 }, ...scene });
}
const buddyBack = { id: 'ben-back', data: { step: 'invite', reached: 0 } };

test('a member whose mail to the buddy came back hears of it at once, and may pass the link on until the time is up', async () => {
  const lived = await rescue({
    record: 'streak-rescue-unreached',
    async meanwhile(life) {
      await life.sleepMinutes(2);
      await life.tell('buddy_unreached', buddyBack);
    },
  });
  expect([lived.end, lived.minutes]).toEqual([{ outcome: 'not_sent', reason: 'bounced' }, 120]);
  expect(lived.told.map(({ step, to }) => [step, to])).toEqual([['unreached', ['member']]]);
});

test('a buddy who comes by the link after the mail came back rescues it all the same', async () => {
  const lived = await rescue({
    async meanwhile(life) {
      await life.tell('buddy_unreached', buddyBack);
      await life.sleepMinutes(20);
      await life.tell('buddy_joined', { id: 'kim-joined' });
      await life.tell('buddy_finished', { id: 'kim-finished', data: { personId: 'mbr_01ksr49200081040g208104kim' } });
      await life.tell('member_finished', { id: 'ana-finished' });
    },
  });
  expect([lived.end, lived.minutes]).toEqual([{ outcome: 'rescued', reason: null }, 20]);
});

test('a friend who is asked anew after the mail came back may still come: who declines meanwhile ends nothing', async () => {
  const lived = await challenge(2, {
    record: 'buddy-challenge-asked-again',
    async meanwhile(life) {
      await life.tell(...cameBack('ben-back', 1));
      await life.tell('friend_asked_again', { id: 'ben-again', data: { step: 'invite', reached: 2 } });
      await life.tell('friend_declined', { id: 'cyd-declined' });
      await life.sleepMinutes(60);
      await life.tell('friend_declined', { id: 'ben-declined' });
    },
  });
  expect([lived.end, lived.minutes]).toEqual([{ outcome: 'declined', reason: null }, 60]);
});

test.each([['does not come', 'expired', null, false], ['does not get that either', 'not_sent', 'bounced', true]] as const)('a buddy who is asked anew after the mail came back and %s: it ends as %s', async (_, outcome, reason, isBackAgain) => {
  const lived = await rescue({
    ...(isBackAgain ? {} : { record: 'streak-rescue-asked-again' }),
    async meanwhile(life) {
      await life.sleepMinutes(2);
      await life.tell('buddy_unreached', buddyBack);
      await life.sleepMinutes(10);
      await life.tell('buddy_asked_again', { id: 'ben-again', data: { step: 'invite', reached: 1 } });
      await life.sleepMinutes(2);
      if (isBackAgain) await life.tell('buddy_unreached', { ...buddyBack, id: 'ben-back-again' });
    },
  });
  expect([lived.end, lived.minutes]).toEqual([{ outcome, reason }, 120]);
  expect(lived.told.map(({ step }) => step)).toEqual(isBackAgain ? ['unreached', 'unreached'] : ['unreached']);
});

test('a friend who was asked once more and got neither is one friend: the others still may come', async () => {
  const lived = await challenge(3, {
    async meanwhile(life) {
      await life.tell(...cameBack('ben-back', 2));
      await life.tell(...cameBack('ben-again-back', 2));
      await life.tell('friend_declined', { id: 'cyd-declined' });
      await life.sleepMinutes(60);
      await life.tell('friend_declined', { id: 'dan-declined' });
    },
  });
  expect([lived.end, lived.minutes]).toEqual([{ outcome: 'declined', reason: null }, 60]);
});
