import { takeRateUnits } from '../../db/write/take-rate-units.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import { createPermits, type SharedPermits } from './permits.ts';
import { openProviderBreaker } from './provider-breaker.ts';
import type { PumpDeps } from './run.ts';
import { createSendGate, type SendGate } from './send-gate.ts';
import { createSendRates } from './send-rates.ts';
import { createTurnPlaces, type TurnPlaces } from './turn-places.ts';

/** What tenants share in a worker, and what all workers share of a provider. */
export type Sharing = { readonly permits: Record<Channel, SharedPermits>; readonly gates: Record<Channel, SendGate>; readonly turns: TurnPlaces };

export type SharingDeps = Pick<PumpDeps, 'db' | 'clock' | 'keyring' | 'log' | 'transports'> & {
  /** Activities the worker runs at once. */
  readonly slots: number;
  hasFreeSlots(): boolean;
  /** Messages a second that a provider takes, all tenants and workers together; left out: no limit. */
  readonly perSecond?: { readonly [C in Channel]?: number | undefined };
  /** From 0 to 1; spreads pauses. */
  chance?(): number;
};

/** Claimed at once: twice what the transport has on the wire, so that one group goes out while another is recorded. */
const CLAIM_FACTOR = 2;
/** Of a worker's slots, one tenant has this part for sure; more while plenty are free. */
const TENANT_PART = 4;

export function shareFairly({ db, clock, keyring, log, transports, slots, hasFreeSlots, perSecond = {}, chance = Math.random }: SharingDeps): Sharing {
  const rates = createSendRates({ ask: (asks, atUs) => takeRateUnits(db.sql, asks, atUs), now: clock.now, keyring });
  const of = <T>(make: (channel: Channel) => T): Record<Channel, T> => ({ email: make('email'), sms: make('sms') });
  return {
    permits: of((channel) => createPermits(transports[channel].wireLimit * CLAIM_FACTOR)),
    gates: of((channel) => createSendGate(channel, {
      rates, perSecond: perSecond[channel] ?? null,
      breaker: openProviderBreaker({ sql: db.sql, clock, log, chance }, transports[channel].provider),
    })),
    turns: createTurnPlaces(Math.max(1, Math.floor(slots / TENANT_PART)), hasFreeSlots),
  };
}
