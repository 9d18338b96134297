import type { ProgramId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** What a link shows, still sealed. Instants in epoch ms. */
export type PreviewLink = { programId: ProgramId; requestSealed: Uint8Array; expiresAt: number };

/** A preview's link that has not expired, of this tenant; null where there is none. */
export async function readPreviewLink({ sql }: Tx, tokenHash: Uint8Array, now: number): Promise<PreviewLink | null> {
  const [row] = await sql<PreviewLink[]>`
    select program_id as "programId", request_sealed as "requestSealed", expires_at as "expiresAt" from preview_links where token_hash = ${tokenHash} and expires_at > ${now}`;
  return row ?? null;
}
