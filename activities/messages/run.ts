import { isSkewed, type Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import type { Lane } from '../../db/write/claim-group.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { Hold } from '../../src/domain/sending/hold.ts';
import type { Transports } from '../../src/providers/transport.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import type { SendingWatch } from '../../src/telemetry/sending-watch.ts';
import type { Span } from '../../src/telemetry/tracing/tracing.ts';
import type { SharedPermits } from './permits.ts';
import type { SendGate } from './send-gate.ts';
import { within } from './within.ts';

export type PumpDeps = {
  db: Database;
  clock: Clock;
  keyring: Keyring;
  log: Logger;
  transports: Transports;
  permits: Record<Channel, SharedPermits>;
  gates: Record<Channel, SendGate>;
  /** Counts and traces what is sent. Left out: nobody does. */
  watch?: SendingWatch;
};

/** One call of `sendDue`, as its pumps share it. */
export type Run = {
  readonly deps: PumpDeps;
  readonly lane: Lane;
  readonly epoch: number;
  readonly span: Span;
  readonly signal: AbortSignal;
  readonly turnEndsMs: number;
  /** Beyond this Temporal would take the turn for lost. */
  readonly longestUntilMs: number;
  readonly totals: { handedOff: number; refused: number; unknown: number };
  /** Groups with messages that a slow server has not answered yet. */
  readonly late: Set<Promise<void>>;
  /** What kept the pumps from claiming last; null: nothing did. */
  hold: (Hold & { readonly kind: 'breaker' | 'rate' }) | null;
  /** How many batches the next claim looks at. */
  batchesAClaim: number;
  /** The tenant's own send rate, as it was read last. */
  perMinute: { readonly value: number | null; readonly readAtMs: number };
};

/** A turn goes on while something of it is on the wire, since the next one would call that unknown; but not until it counts as lost. */
export function mayGoOn({ deps, late, turnEndsMs, longestUntilMs, signal }: Run): boolean {
  return !signal.aborted && !isSkewed(deps.clock) && performance.now() < (late.size > 0 ? longestUntilMs : turnEndsMs);
}

/** Resolves when nothing of the run is on the wire any more, or it may wait no longer: what is recorded after that turns unknown into the truth. */
export async function allRecorded({ late, longestUntilMs }: Run): Promise<void> {
  await within(longestUntilMs - performance.now(), Promise.all(late));
}
