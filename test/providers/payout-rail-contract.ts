import type { PayoutOrder, PayoutRail } from '../../src/providers/payout/payout-rail.ts';

/** What the rail's own side does. */
export type RailConduct = 'accepts' | 'refuses' | 'says_later' | 'refuses_our_secret' | 'is_unreachable' | 'loses_its_answer' | 'never_answers' | 'fails' | 'redirects';

export type RailStand = { readonly rail: PayoutRail; /** Payouts that the rail's own side took on, once each. */ taken(): readonly string[]; stop(): Promise<void> };

export type RailBench = {
  stand(conduct: RailConduct): Promise<RailStand>;
  /** Does it take a payout on by itself? A person does not: nothing leaves. */
  readonly conducts: readonly RailConduct[];
  readonly canList: boolean;
};

const EXPECTED: Readonly<Record<Exclude<RailConduct, 'accepts'>, { readonly outcome: string; readonly taken: boolean | 'either' }>> = {
  refuses: { outcome: 'refused', taken: false },
  says_later: { outcome: 'retry', taken: false },
  refuses_our_secret: { outcome: 'retry', taken: false },
  is_unreachable: { outcome: 'retry', taken: false },
  redirects: { outcome: 'retry', taken: false },
  loses_its_answer: { outcome: 'unknown', taken: true },
  never_answers: { outcome: 'unknown', taken: true },
  fails: { outcome: 'unknown', taken: 'either' },
};

export function sampleOrder(changes: Partial<PayoutOrder> = {}): PayoutOrder {
  return { payoutId: 'pyt_01kx7m3p9q2r4s5t6v7w8x9y0z', batchId: 'pbt_01kx7m3p9q2r4s5t6v7w8x9y0z', memberExternalId: 'user-1', currency: 'EUR', amountMinor: 12_345, payee: 'acct_secretplace99', idempotencyKey: 'flywheel-pyt_01kx7m3p9q2r4s5t6v7w8x9y0z', ...changes };
}

const NOW = Date.parse('2026-06-10T12:00:00Z');

/** What a payout's run relies on, whichever rail is behind the port. A rail's test calls this with its bench. */
export function describeRailContract(name: string, bench: RailBench): void {
  describe(`${name} keeps the payout rail's contract`, () => {
    async function once(conduct: RailConduct, work: (stand: RailStand) => Promise<void>): Promise<void> {
      const stand = await bench.stand(conduct);
      try {
        await work(stand);
      } finally {
        await stand.stop();
      }
    }

    test('what it accepts is accepted, paid at once or on its way', () => once('accepts', async ({ rail }) => {
      const answer = await rail.handOver(sampleOrder(), NOW);
      expect(answer.outcome).toBe('accepted');
      expect(answer.outcome === 'accepted' && ['pending', 'paid']).toContain(answer.outcome === 'accepted' && answer.state);
    }));

    test('handed over twice under one key it is taken on once', () => once('accepts', async ({ rail, taken }) => {
      await rail.handOver(sampleOrder(), NOW);
      await rail.handOver(sampleOrder(), NOW + 60_000);
      expect(taken()).toHaveLength(bench.conducts.includes('accepts') ? 1 : 0);
    }));

    test('looking for a payout creates nothing', () => once('accepts', async ({ rail, taken }) => {
      expect((await rail.find(sampleOrder())).outcome).toBe(bench.canList ? 'absent' : 'cannot_tell');
      expect(taken()).toEqual([]);
    }));

    if (bench.canList) {
      test('what it has taken is found, as this payout and no other', () => once('accepts', async ({ rail }) => {
        await rail.handOver(sampleOrder(), NOW);
        expect(await rail.find(sampleOrder())).toMatchObject({ outcome: 'found', reference: expect.stringMatching(/\S/) });
        expect(await rail.find(sampleOrder({ payoutId: 'pyt_01kx7m3p9q2r4s5t6v7w8x9y11' }))).toEqual({ outcome: 'absent' });
        expect(await rail.find(sampleOrder({ amountMinor: 12_346 }))).toMatchObject({ outcome: 'mismatch' });
        expect(await rail.find(sampleOrder({ payee: 'acct_other' }))).toMatchObject({ outcome: 'mismatch' });
      }));

      test('what was accepted and never answered is found', () => once('loses_its_answer', async ({ rail }) => {
        expect((await rail.handOver(sampleOrder(), NOW)).outcome).toBe('unknown');
        expect(await rail.find(sampleOrder())).toMatchObject({ outcome: 'found', state: 'paid' });
      }));

      test.each(['is_unreachable', 'refuses_our_secret'] as const)('a list that cannot be read says nothing: %s', (conduct) => once(conduct, async ({ rail }) => {
        expect((await rail.find(sampleOrder())).outcome).toBe('unavailable');
      }));
    }

    const failing = bench.conducts.filter((conduct): conduct is Exclude<RailConduct, 'accepts'> => conduct !== 'accepts');
    if (failing.length > 0) {
      test.each(failing)('a rail that %s', (conduct) => once(conduct, async ({ rail, taken }) => {
        const answer = await rail.handOver(sampleOrder(), NOW);
        expect(answer.outcome).toBe(EXPECTED[conduct].outcome);
        if (answer.outcome === 'retry') expect(answer.retryAfterMs).toBeGreaterThanOrEqual(conduct === 'says_later' ? 120_000 : 60_000);
        if (EXPECTED[conduct].taken !== 'either') expect(taken()).toHaveLength(EXPECTED[conduct].taken ? 1 : 0);
        expect(JSON.stringify(answer)).not.toMatch(/secretplace99|user-1/);
      }));
    }
  });
}
