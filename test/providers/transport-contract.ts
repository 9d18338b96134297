import type { HandOff, Transport } from '../../src/providers/transport.ts';

/** The vendor's behaviours that every adapter must translate alike. */
export type Behaviour =
  | 'accepts'
  | 'says_later'
  | 'says_no_such_address'
  | 'refuses_this_message'
  | 'refuses_our_login'
  | 'is_unreachable'
  | 'hangs_up_before_the_message'
  | 'hangs_up_after_the_message'
  | 'is_silent_after_the_message';

export type Stand<Message> = {
  readonly transport: Transport<Message, string>;
  /** Recipients whose message the vendor has in full, in any order. */
  readonly reached: () => readonly string[];
  stop(): Promise<void>;
};

export type Bench<Message> = {
  stand(behaviour: Behaviour): Promise<Stand<Message>>;
  message(n: number): Message;
  recipientOf(message: Message): string;
  /** A recipient that is really two, written to reach both. */
  twoInOne(): Message;
  /** Behaviours that show that nothing was accepted: the reason told, and the least pause. */
  readonly retries: readonly (readonly [Behaviour, string, number])[];
  /** Behaviours after which nobody knows. */
  readonly unknowns: readonly Behaviour[];
  /** The reason told for a recipient that does not exist. */
  readonly badRecipient: string;
};

/** What the sender relies on, whichever vendor is behind the port. An adapter's test calls this with its bench. */
export function describeTransportContract<Message>(name: string, bench: Bench<Message>): void {
  describe(`${name} keeps the transport contract`, () => {
    async function once(behaviour: Behaviour, message = bench.message(1)): Promise<{ result: HandOff; reached: readonly string[] }> {
      const stand = await bench.stand(behaviour);
      try {
        return { result: await stand.transport.send(message), reached: stand.reached() };
      } finally {
        await stand.transport.close();
        await stand.stop();
      }
    }

    test('an accepted message is handed off, with an id and the vendor\'s words', async () => {
      const { result, reached } = await once('accepts');
      expect(result).toMatchObject({ outcome: 'handed_off', providerMessageId: expect.stringMatching(/\S/), receipt: expect.stringMatching(/\S/) });
      expect(reached).toEqual([bench.recipientOf(bench.message(1))]);
    });

    test.each(bench.retries)('a vendor that %s may be asked again: nothing was accepted', async (behaviour, reason, leastMs) => {
      const { result, reached } = await once(behaviour);
      expect(result).toMatchObject({ outcome: 'retry', reason });
      expect(result.outcome === 'retry' && result.retryAfterMs).toBeGreaterThanOrEqual(leastMs);
      expect(reached).toEqual([]);
    });

    test('a bad recipient is permanent and asks to be suppressed', async () => {
      expect((await once('says_no_such_address')).result).toMatchObject({ outcome: 'permanent', reason: bench.badRecipient, suppress: true });
    });

    test('a refused message is permanent and does not condemn the recipient', async () => {
      expect((await once('refuses_this_message')).result).toMatchObject({ outcome: 'permanent', suppress: false });
    });

    test.each(bench.unknowns)('a vendor that %s may have it: unknown, never "try again"', async (behaviour) => {
      expect((await once(behaviour)).result).toMatchObject({ outcome: 'unknown' });
    });

    test('a recipient that hides a second one reaches nobody', async () => {
      const { result, reached } = await once('accepts', bench.twoInOne());
      expect(result).toMatchObject({ outcome: 'permanent', reason: 'invalid_message', suppress: false });
      expect(reached).toEqual([]);
    });

    test('no outcome repeats the recipient', async () => {
      for (const behaviour of ['accepts', 'says_later', 'says_no_such_address', 'refuses_this_message'] as const) {
        expect(JSON.stringify((await once(behaviour)).result)).not.toContain(bench.recipientOf(bench.message(1)).replace(/^.*@|^\+/, ''));
      }
    });

    test('thirty at once over a narrow wire each arrive once', async () => {
      const stand = await bench.stand('accepts');
      try {
        expect(stand.transport.wireLimit).toBe(3);
        const messages = Array.from({ length: 30 }, (_, n) => bench.message(n));
        const results = await Promise.all(messages.map((message) => stand.transport.send(message)));
        expect(new Set(results.map((result) => result.outcome))).toEqual(new Set(['handed_off']));
        expect([...stand.reached()].sort()).toEqual(messages.map((message) => bench.recipientOf(message)).sort());
      } finally {
        await stand.transport.close();
        await stand.stop();
      }
    });

    test('after close a send is told to try again, and close waits for what is on the wire', async () => {
      const stand = await bench.stand('accepts');
      const before = stand.transport.send(bench.message(1));
      await new Promise((resolve) => setImmediate(resolve));
      await stand.transport.close();
      expect(['handed_off', 'retry']).toContain((await before).outcome);
      expect(await stand.transport.send(bench.message(2))).toMatchObject({ outcome: 'retry', reason: 'transport_closed' });
      await stand.stop();
    });

    test('verify tells a working vendor from one that refuses the login, and sends nothing', async () => {
      for (const [behaviour, ok] of [['accepts', true], ['refuses_our_login', false], ['is_unreachable', false]] as const) {
        const stand = await bench.stand(behaviour);
        expect((await stand.transport.verify()).ok).toBe(ok);
        expect(stand.reached()).toEqual([]);
        await stand.transport.close();
        await stand.stop();
      }
    });
  });
}
