import type { TenantId } from '../domain/ids.ts';

/** What a handler answers. */
export type Answer = { readonly status: number; readonly body: unknown };

/** An answer that is written piece by piece, after its transaction. */
export type Download = { readonly kind: 'download'; readonly mediaType: string; readonly fileName: string; pieces(): AsyncIterable<string | Uint8Array> };

/** What happened after an event, as one more: `id` is where to go on from, `data` is written as JSON. */
export type StreamEvent = { readonly id: string; readonly event: string; readonly data: unknown };
/** An answer that goes on (send-stream.ts). It holds nothing of the database between two looks. */
export type EventStream = {
  readonly kind: 'stream';
  readonly tenantId: TenantId;
  /** What wakes it: `feed/mbr_…`, `run/run_…`. */
  readonly topic: string;
  /** Whose streams are counted together: a member, a visitor. */
  readonly who: string;
  /** When it must end, and be asked for anew (epoch ms); after an hour it does anyway. */
  readonly endsAt: number | null;
  /**
   * What there is to tell after the event `after` (null: from the beginning), in a transaction of its own; null: nothing. `againAt`: when
   * something shows without anything being written (epoch ms).
   */
  look(after: string | null): Promise<{ readonly event: StreamEvent | null; readonly againAt: number | null }>;
};
