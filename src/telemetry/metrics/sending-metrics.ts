import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { countOutcomes } from './count-outcomes.ts';
import { knownValues } from './known-values.ts';

/** What became of one message of a group, as it was recorded. */
export type RecordedOutcome = { readonly outcome: string; readonly reason?: string | null };

export type SendingMetrics = {
  /** A turn raised the epoch of its lane; `leftUnknown`: what a lost sender had claimed. */
  epochRaised(lane: string, leftUnknown: number): void;
  /** A newer sender had taken the lane over. */
  fenced(lane: string): void;
  claimed(channel: string, messages: number): void;
  /** Nothing was claimed: a breaker or a send rate forbade it. */
  held(channel: string, by: 'breaker' | 'rate'): void;
  /** Handed to the vendor so long after it was due. */
  handedOffLate(channel: string, latenessMs: number): void;
  recorded(channel: string, records: readonly RecordedOutcome[]): void;
  /** Rows of a lane planned again, or ended because their time was over. */
  settled(lane: string, what: 'replanned' | 'ended', rows: number): void;
  /** On the wire; what it returns is told the outcome. */
  handOff(channel: string): (outcome: string) => void;
};

const HAND_OFF_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** A hold that was lifted, or a night without a worker, shows in hours; what runs well in milliseconds. */
const LATENESS_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400];
const GROUP_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200];

/** What leaves by a worker. Channels and lanes (channel plus shard) are few; tenants are no label. */
export function sendingMetrics(registry: Registry): SendingMetrics {
  const registers = [registry];
  const messages = new Counter({ name: 'flywheel_messages_total', help: 'Messages recorded: handed_off, refused, unknown, or put_back to be tried again.', labelNames: ['channel', 'outcome', 'reason'], registers });
  const lateness = new Histogram({ name: 'flywheel_message_lateness_seconds', help: 'From the instant a message was due to its hand-off; a hold counts.', labelNames: ['channel'], buckets: LATENESS_BUCKETS, registers });
  const handOffs = new Histogram({ name: 'flywheel_hand_off_duration_seconds', help: 'How long the vendor took to take or refuse one message.', labelNames: ['channel', 'outcome'], buckets: HAND_OFF_BUCKETS, registers });
  const onWire = new Gauge({ name: 'flywheel_hand_offs_running', help: 'Messages on the wire, or waiting for a connection to the vendor.', labelNames: ['channel'], registers });
  const groups = new Histogram({ name: 'flywheel_claimed_group_messages', help: 'Messages in a claimed group; its count is the number of claims.', labelNames: ['channel'], buckets: GROUP_BUCKETS, registers });
  const holds = new Counter({ name: 'flywheel_claims_held_total', help: 'Claims that were not made: the breaker of the vendor is open, or a send rate is used up.', labelNames: ['channel', 'by'], registers });
  const epochs = new Counter({ name: 'flywheel_epochs_raised_total', help: 'Turns of senders that took their lane.', labelNames: ['lane'], registers });
  const fenced = new Counter({ name: 'flywheel_fenced_total', help: 'Turns that found their lane taken over by a newer one.', labelNames: ['lane'], registers });
  const left = new Counter({ name: 'flywheel_messages_left_unknown_total', help: 'Messages a lost sender had claimed: unknown until evidence comes.', labelNames: ['lane'], registers });
  const rows = new Counter({ name: 'flywheel_rows_settled_total', help: 'Waiting rows that were planned again, or ended because their time was over.', labelNames: ['lane', 'what'], registers });
  const lanes = knownValues();
  const reasons = knownValues();
  return {
    epochRaised(lane, leftUnknown) {
      epochs.inc({ lane: lanes(lane) });
      left.inc({ lane: lanes(lane) }, leftUnknown);
    },
    fenced: (lane) => { fenced.inc({ lane: lanes(lane) }); },
    claimed: (channel, count) => { if (count > 0) groups.observe({ channel }, count); },
    held: (channel, by) => { holds.inc({ channel, by }); },
    handedOffLate: (channel, latenessMs) => { lateness.observe({ channel }, Math.max(0, latenessMs) / 1000); },
    recorded(channel, records) {
      for (const { outcome, reason, count } of countOutcomes(records)) messages.inc({ channel, outcome, reason: reasons(reason) }, count);
    },
    settled: (lane, what, count) => { if (count > 0) rows.inc({ lane: lanes(lane), what }, count); },
    handOff(channel) {
      onWire.inc({ channel });
      const done = handOffs.startTimer({ channel });
      return (outcome) => {
        onWire.dec({ channel });
        done({ outcome });
      };
    },
  };
}
