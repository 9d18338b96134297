import type { BatchId, TenantId } from '../ids.ts';
import { readInviteToken, writeInviteToken } from './invite-token.ts';
import type { Signer } from './signer.ts';

/** Whose preferences a link opens: those of the recipient of this invite, for one tenant. An invite never changes its recipient. */
export type PreferenceLink = { tenantId: TenantId; batchId: BatchId; n: number };

const LETTER = 'p';

/** The token of `/p/{token}`, the same in every message of an invite, mail or text. */
export function preferenceToken(signer: Signer, { tenantId, batchId, n }: PreferenceLink): string {
  return writeInviteToken(signer, 'preference', { tenantId, batchId, n, letter: LETTER });
}

/** Whose preferences a token opens; null where it is none of ours. One that opts out opens none, and the other way round. */
export function readPreferenceToken(signer: Signer, given: string): PreferenceLink | null {
  const token = readInviteToken(signer, 'preference', given);
  return token?.letter === LETTER ? { tenantId: token.tenantId, batchId: token.batchId, n: token.n } : null;
}
