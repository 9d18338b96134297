import type { Database } from '../../db/client.ts';
import type { Clock } from '../../db/clock.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import { drawBytes } from '../../src/config/draw-bytes.ts';
import { postWebhook } from '../../src/providers/webhook/post.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import type { WebhookMetrics } from '../../src/telemetry/metrics/webhook-metrics.ts';
import { createTurnPlaces } from '../messages/turn-places.ts';
import { within } from '../messages/within.ts';
import type { DeliverDeps } from './deliver-due.ts';
import { openWebhookWire } from './webhook-wire.ts';

type Settings = { db: Database; clock: Clock; keyring: Keyring; log: Logger; hasFreeSlots(): boolean; slots: number; toInternal: boolean; metrics: WebhookMetrics };

/** A draining worker waits so long for what is on the wire; the rest goes out again when its lease ends. */
const FINISH_MS = 5_000;
/** Turns of webhooks take up to this part of a worker's slots when others want them, too: messages have deadlines, webhooks have retries. */
const PART_OF_SLOTS = 4;

/** What a worker's deliveries of webhooks work with, built once. `finish` waits for what is on the wire; call it before the database closes. */
export function openWebhooks({ db, clock, keyring, log, hasFreeSlots, slots, toInternal, metrics }: Settings): Pick<DeliverDeps, 'wire' | 'beginWebhookTurn'> & { finish(): Promise<void> } {
  const wire = openWebhookWire({ db, clock, keyring, log, metrics, chance, post: (post) => postWebhook(post, { allowInternal: toInternal }) });
  const turns = createTurnPlaces(Math.max(1, Math.floor(slots / PART_OF_SLOTS)), hasFreeSlots);
  return { wire, beginWebhookTurn: () => turns.begin('all tenants'), finish: () => within(FINISH_MS, wire.idle()) };
}

/** From [0, 1). */
function chance(): number {
  const [high = 0, low = 0] = drawBytes(2);
  return (high * 256 + low) / 65_536;
}
