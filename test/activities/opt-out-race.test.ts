import { setTimeout as pause } from 'node:timers/promises';
import { recordConsent } from '../../db/write/record-consent.ts';
import { unsubscribe } from '../../db/write/unsubscribe.ts';
import type { BatchId } from '../../src/domain/ids.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

/*
 * Opt-outs against hand-offs: 1,000 due invites leave over a wire that is slow and now and then stands still for longer than
 * a second, while an opt-out of each is committed by several connections: first of those that are claimed and have not begun.
 * Instants are the monotonic clock's; an opt-out's is taken when its commit was acknowledged, which is when its recipient
 * could know of it.
 */
const [PAIRS, ALONE, CONNECTIONS, PLACES] = [1_000, 100, 6, 16];
/** Invites of one request take turns: few, so that opt-outs race rather than queue. */
const INVITES_A_REQUEST = 10;
const ON_THE_WIRE_MS = 4;
const STANDS_STILL_MS = 1_500;
const STANDS_STILL_AFTER_SENDS = [60, 200];
const MOST_AFTER_MS = 1_000;
/** About 6 s on two idle cores: for those that are not. */
const TEST_TIMEOUT_MS = 120_000;

let sending: TestSending;
/** By mailbox: when each hand-off began. */
const begun = new Map<string, number[]>();
let [sends, stillUntil] = [0, 0];

beforeAll(async () => {
  sending = await openTestSending({
    transport: {
      channel: 'email',
      provider: 'email:race.example',
      wireLimit: PLACES,
      async send(message) {
        const at = performance.now();
        begun.set(message.to.address, [...(begun.get(message.to.address) ?? []), at]);
        sends += 1;
        if (STANDS_STILL_AFTER_SENDS.includes(sends)) stillUntil = at + STANDS_STILL_MS;
        await pause(Math.max(ON_THE_WIRE_MS, stillUntil - at));
        return { outcome: 'handed_off', providerMessageId: message.messageId, receipt: '250 ok' };
      },
      verify: () => Promise.resolve({ ok: true }),
      close: () => Promise.resolve(),
    },
  });
});
afterAll(() => sending.close());

type Invited = { mailbox: string; batchId: BatchId; n: number };

async function accept(program: Awaited<ReturnType<TestSending['makeProgram']>>, prefix: string, count: number): Promise<Invited[]> {
  const all: Invited[] = [];
  for (let from = 0; from < count; from += INVITES_A_REQUEST) {
    const mailboxes = Array.from({ length: INVITES_A_REQUEST }, (_none, n) => `${prefix}-${String(from + n)}@race.example`);
    const { batchId, decisions } = await sending.accept(program, mailboxes.map((mailbox) => invitee(mailbox)));
    expect(decisions.every(({ outcome }) => outcome === 'accepted')).toBe(true);
    all.push(...mailboxes.map((mailbox, n) => ({ mailbox, batchId, n })));
  }
  return all;
}

/** By the link of the mail, or told by the app about the topic: the one suppresses, the other is a preference. */
async function optOut({ mailbox, batchId, n }: Invited, way: number): Promise<number> {
  const { tenantId } = sending.tenant;
  const now = sending.clock.now();
  await sending.deps.db.asTenant(tenantId, async (tx) => {
    if (way % 2 === 0) await unsubscribe(tx, { tenantId, batchId, n, channel: 'email', wordingVersion: null, locale: null, now });
    else {
      await recordConsent(tx, {
        tenantId, recipientHash: sending.deps.keyring.hashRecipient(tenantId, mailbox), topic: 'invitations', channel: 'email',
        action: 'withdrawn', basis: null, wordingVersion: null, locale: null, source: 'api', givenAt: now, now, actor: 'test',
      });
    }
  });
  return performance.now();
}

async function waiting(): Promise<number> {
  const [row] = await sending.database.superuser<{ count: number }[]>`select count(*)::int as count from invites where state = 'waiting'`;
  return row?.count ?? 0;
}

/** What a sender has claimed and not recorded, by batch and place. */
async function claimedNow(): Promise<string[]> {
  const rows = await sending.database.superuser<{ key: string }[]>`select batch_id || ' ' || n as key from invites where attempt_id is not null and state = 'waiting'`;
  return rows.map(({ key }) => key);
}

test('no hand-off begins more than a second after an opt-out was committed, in 1,000 racing pairs, and no other message is lost', async () => {
  const program = await sending.makeProgram({ reminders: [] });
  const pairs = await accept(program, 'pair', PAIRS);
  const alone = await accept(program, 'alone', ALONE);
  const optedOutAt = new Map<string, number>();

  let isLeaving = true;
  const leave = async (): Promise<void> => {
    while (await waiting() > 0) await sending.sendDue();
    isLeaving = false;
  };
  const open = new Map(pairs.map((pair) => [`${pair.batchId} ${String(pair.n)}`, pair]));
  const take = async (taken: number): Promise<Invited | undefined> => {
    const claimed = isLeaving && performance.now() < stillUntil ? await claimedNow() : [];
    const about = claimed.flatMap((key) => open.get(key) ?? []).find(({ mailbox }) => !begun.has(mailbox));
    // Else from either end of what leaves, so that some come before their message and some after; not all while the wire stands still.
    const mayGoOn = !isLeaving || optedOutAt.size < 2 * sends + 100;
    const pair = about ?? (mayGoOn ? (taken % 3 === 0 ? open.values().next().value : [...open.values()].at(-1)) : undefined);
    if (pair !== undefined) open.delete(`${pair.batchId} ${String(pair.n)}`);
    return pair;
  };
  const stop = async (): Promise<void> => {
    for (let taken = 0; open.size > 0; taken += 1) {
      const pair = await take(taken);
      if (pair === undefined) await pause(20);
      else optedOutAt.set(pair.mailbox, await optOut(pair, taken));
    }
  };
  await Promise.all([leave(), ...Array.from({ length: CONNECTIONS }, stop)]);

  const late = pairs.flatMap(({ mailbox }) => (begun.get(mailbox) ?? []).map((at) => at - (optedOutAt.get(mailbox) ?? Number.NaN)));
  expect(optedOutAt.size).toBe(PAIRS);
  expect(late.filter((ms) => !(ms <= MOST_AFTER_MS))).toEqual([]);
  // Both sides won some, or it was no race.
  expect(late.length).toBeGreaterThan(20);
  expect(late.length).toBeLessThan(PAIRS - 20);

  const rows = await sending.database.superuser<{ batchId: BatchId; n: number; fate: string }[]>`
    select batch_id as "batchId", n, concat_ws('/', state, reason) as fate from invites`;
  const fates = new Map(rows.map(({ batchId, n, fate }) => [`${batchId} ${String(n)}`, fate]));
  const told = [...pairs, ...alone].map(({ mailbox, batchId, n }) => ({ mailbox, sent: begun.get(mailbox)?.length ?? 0, fate: fates.get(`${batchId} ${String(n)}`) }));
  expect(told.filter(({ sent, fate }) => !(sent === 1 && fate === 'handed_off') && !(sent === 0 && fate === 'refused/suppressed'))).toEqual([]);
  expect(told.filter(({ mailbox, sent }) => mailbox.startsWith('alone') && sent !== 1)).toEqual([]);
}, TEST_TIMEOUT_MS);
