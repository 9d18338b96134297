import type { Database } from '../../db/client.ts';
import { STREAM_SIGNAL } from '../../db/write/tell-streams.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Streams of this process at once; of one tenant, so that none takes the places of all; and of one member or visitor: a few pages that are open side by side. */
export const MOST_STREAMS = { process: 10_000, tenant: 2_000, who: 6 } as const;

export type Place = { readonly outcome: 'entered'; leave(): void } | { readonly outcome: 'too_many_of_one' | 'too_many_of_tenant' | 'process_full' };

/**
 * Who waits for what in this process. Told by `tellStreams` (db/write/tell-streams.ts), in whatever process the change was made; one
 * connection listens for all streams. A wake is a hint: whoever is woken looks for himself.
 */
export type StreamHub = {
  /** Calls `wake` whenever the topic of this tenant is told of, and after the connection was lost. Answers how to stop. */
  subscribe(tenantId: TenantId, topic: string, wake: () => void): () => void;
  /** Takes one of the places there are, for `who` of a tenant. */
  enter(tenantId: TenantId, who: string): Place;
};

const hubs = new WeakMap<Pick<Database, 'sql'>, StreamHub>();

/** The hub over a database: one a process. It listens from the first stream on, until the database is closed. */
export function streamHubOf({ db, log }: { readonly db: Pick<Database, 'sql'>; readonly log: Logger }): StreamHub {
  const hub = hubs.get(db) ?? openHub(db, log);
  hubs.set(db, hub);
  return hub;
}

function openHub(db: Pick<Database, 'sql'>, log: Logger): StreamHub {
  const waiting = new Map<string, Set<() => void>>();
  /** By tenant, and by who of a tenant. */
  const places = new Map<string, number>();
  let taken = 0;
  let isListening = false;
  const wakeAll = (): void => { for (const wakes of waiting.values()) for (const wake of wakes) wake(); };
  const listen = (): void => {
    if (isListening) return;
    isListening = true;
    // The driver takes a lost connection up again by itself, and calls `wakeAll` then: what was told meanwhile was not heard.
    db.sql.listen(STREAM_SIGNAL, (topic) => { for (const wake of waiting.get(topic) ?? []) wake(); }, wakeAll).catch((error: unknown) => {
      isListening = false;
      log.warn({ err: error }, 'nothing listens for streams: they look by themselves');
    });
  };
  return {
    subscribe(tenantId, topic, wake) {
      listen();
      const name = `${tenantId}/${topic}`;
      const wakes = waiting.get(name) ?? new Set();
      waiting.set(name, wakes.add(wake));
      return () => {
        wakes.delete(wake);
        if (wakes.size === 0 && waiting.get(name) === wakes) waiting.delete(name);
      };
    },
    enter(tenantId, who) {
      const name = `${tenantId}/${who}`;
      if ((places.get(name) ?? 0) >= MOST_STREAMS.who) return { outcome: 'too_many_of_one' };
      if ((places.get(tenantId) ?? 0) >= MOST_STREAMS.tenant) return { outcome: 'too_many_of_tenant' };
      if (taken >= MOST_STREAMS.process) return { outcome: 'process_full' };
      taken += 1;
      for (const each of [name, tenantId]) places.set(each, (places.get(each) ?? 0) + 1);
      let hasLeft = false;
      return {
        outcome: 'entered',
        leave() {
          if (hasLeft) return;
          hasLeft = true;
          taken -= 1;
          for (const each of [name, tenantId]) {
            const left = (places.get(each) ?? 1) - 1;
            if (left === 0) places.delete(each);
            else places.set(each, left);
          }
        },
      };
    },
  };
}
