import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** The channel on which Postgres tells every API process that somebody's stream has something new. */
export const STREAM_SIGNAL = 'flywheel_stream';

/** `feed/mbr_…`, `run/run_…`, `board/…`: ids and fixed words alone, as everybody who listens to the database can read it. */
const TOPIC = /^[a-z_]{1,20}\/[\w.:-]{1,120}$/;

/**
 * With the commit, tells the streams of these topics to look again (src/api/stream-hub.ts). A hint without data: what is told twice in a
 * transaction arrives once, and what is lost is seen at the next look. Throws for what is no topic.
 */
export function tellStreams(tx: Tx, { tenantId, topics }: { tenantId: TenantId; topics: readonly string[] }): void {
  const wanted = [...new Set(topics)];
  const wrong = wanted.find((topic) => !TOPIC.test(topic));
  if (wrong !== undefined) throw new Error(`a stream has no topic of this form: ${wrong.slice(0, 40)}`);
  if (wanted.length === 0) return;
  tx.answerLater(tx.sql`select pg_notify(${STREAM_SIGNAL}, topic) from unnest(${wanted.map((topic) => `${tenantId}/${topic}`)}::text[]) as topic`);
}
