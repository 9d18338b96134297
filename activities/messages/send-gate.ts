import type { Channel } from '../../src/domain/message/channel.ts';
import type { Hold } from '../../src/domain/sending/hold.ts';
import { evenRate } from '../../src/domain/sending/send-rate.ts';
import type { HandOff } from '../../src/providers/transport.ts';
import type { ProviderBreaker, Trial } from './provider-breaker.ts';
import type { BindingRate, SendRates } from './send-rates.ts';

/** What stands before every claim of a channel: the provider's breaker, then the send rates. */
export type SendGate = {
  /**
   * May up to `most` messages be claimed? Fewer where a rate allows fewer, one where it is a trial; `hold` where none.
   * Whoever goes on tells the pass what he heard, and ends it.
   */
  ask(asker: Asker, most: number): Promise<Pass | { kind: 'held'; hold: Hold; by: 'breaker' | 'rate' }>;
};

export type Asker = {
  readonly tenantId: string;
  /** The tenant's own rate on this channel, null: none. */
  readonly perMinute: number | null;
  /** Is anything due? Asked only where a rate binds: units are not taken for nothing. */
  isDue(): Promise<boolean>;
};

export type Pass = {
  readonly kind: 'go';
  readonly count: number;
  readonly isTrial: boolean;
  readonly hear: (handOff: HandOff) => void;
  /** `used`: how many were claimed; `late`: a trial is on the wire still and takes too long. */
  end(result: { used: number; late: boolean }): Promise<void>;
} | { readonly kind: 'nothing_due' };

const HEADS: Readonly<Record<Channel, string>> = { email: 'e-mails', sms: 'SMS' };

/** `perSecond`: the provider's own rate, all tenants together; null: none. */
export function createSendGate(channel: Channel, { breaker, rates, perSecond }: { breaker: ProviderBreaker; rates: SendRates; perSecond: number | null }): SendGate {
  const ratesOf = ({ tenantId, perMinute }: Asker): BindingRate[] => [
    ...(perMinute === null ? [] : [{ rule: evenRate(`send-${channel}`, perMinute, 60, 60), who: `tenant ${tenantId}`, text: `the ${String(perMinute)} ${HEADS[channel]} a minute of this tenant` }]),
    ...(perSecond === null ? [] : [{ rule: evenRate('send-provider', perSecond, 1, 10), who: breaker.provider, text: `the ${String(perSecond)} messages a second of ${breaker.provider}` }]),
  ];
  return {
    async ask(asker, most) {
      const standing = await breaker.ask();
      if (standing.kind === 'held') return { ...standing, by: 'breaker' };
      const binding = ratesOf(asker);
      if (binding.length > 0 && !(await asker.isDue())) return { kind: 'nothing_due' };
      const units = binding.length === 0 ? null : await rates.take(binding, standing.kind === 'half_open' ? 1 : most);
      if (units?.kind === 'held') return { ...units, by: 'rate' };
      const count = units?.count ?? most;
      const giveBack = (used: number): void => units?.giveBack(count - used);
      if (standing.kind === 'closed') return { kind: 'go', count, isTrial: false, hear: breaker.hear, end: async ({ used }) => giveBack(used) };
      const trial = await breaker.takeTrial();
      if (trial !== null) return trialPass(trial, giveBack);
      giveBack(0);
      const again = await breaker.ask();
      return again.kind === 'held' ? { ...again, by: 'breaker' } : { kind: 'nothing_due' };
    },
  };
}

function trialPass(trial: Trial, giveBack: (used: number) => void): Pass {
  return {
    kind: 'go', count: 1, isTrial: true,
    hear: trial.hear,
    async end({ used, late }) {
      giveBack(used);
      await trial.end(late);
    },
  };
}
