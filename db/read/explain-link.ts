import type { InviteRef } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** `ready`: it may be opened until `expiresAt`. Instants are epoch ms. */
export type ExplainLinkState =
  | { outcome: 'ready'; invite: InviteRef; expiresAt: number }
  | { outcome: 'used'; invite: InviteRef; openedAt: number }
  | { outcome: 'expired'; invite: InviteRef; expiresAt: number }
  | { outcome: 'unknown' };

type Row = InviteRef & { expiresAt: number; openedAt: number | null };

/** How a link stands, without using it up. */
export async function lookAtExplainLink({ sql }: Tx, tokenHash: Uint8Array, now: number): Promise<ExplainLinkState> {
  const [row] = await sql<Row[]>`
    select batch_id as "batchId", n, expires_at as "expiresAt", opened_at as "openedAt" from explain_links where token_hash = ${tokenHash}`;
  if (row === undefined) return { outcome: 'unknown' };
  const { batchId, n, expiresAt, openedAt } = row;
  const invite = { batchId, n };
  if (openedAt !== null) return { outcome: 'used', invite, openedAt };
  return expiresAt <= now ? { outcome: 'expired', invite, expiresAt } : { outcome: 'ready', invite, expiresAt };
}
