import { NOTICE_TOPIC } from '../../src/domain/notice/notice-kinds.ts';
import type { Tx } from '../client.ts';

/** What the messages of a batch `b` of a program `p` are about, as an expression: notices have a topic of their own, messages of runs have the program's. */
export function batchTopic(tx: Tx) {
  return tx.sql`case when b.notice is null or b.run_id is not null then p.topic else ${NOTICE_TOPIC} end`;
}
