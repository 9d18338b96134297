import type { Tx } from '../../db/client.ts';
import { loadInviter, loadOffer } from '../../db/read/offer.ts';
import { INVITE_LOOP } from '../../db/write/accept-invites.ts';
import type { ImportTarget } from '../../db/write/stage-import.ts';
import { isId } from '../domain/ids.ts';
import type { TenantId } from '../domain/ids.ts';
import type { ImportQuery } from './import-body.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';

/** Whom the rows of a file would be for: looked up before the file is read, so that nobody sends 50 MB to hear that a program is paused. */
export async function findTarget(tx: Tx, tenantId: TenantId, { kind, programId, inviterMemberId, inviterExternalId }: ImportQuery): Promise<Problem | { kind: 'target'; target: ImportTarget }> {
  if (kind === 'members') return { kind: 'target', target: { kind } };
  const offer = programId !== undefined && isId('prg', programId) ? await loadOffer(tx, programId) : null;
  if (offer === null) return problem('invalid_request', { errors: [{ path: '?programId', message: 'There is no such program.' }] });
  if (offer.loop !== INVITE_LOOP) return problem('invalid_request', { errors: [{ path: '?programId', message: 'This program is of another loop: it invites nobody. Name one of the loop `invite`.' }] });
  if (offer.programPaused) return problem('program_paused', { detail: 'Resume it with `POST /v1/programs/{id}/resume`, then send the file again.' });
  const byMember = inviterMemberId === undefined ? null : { memberId: inviterMemberId };
  const ref = inviterExternalId === undefined ? byMember : { externalId: inviterExternalId };
  const inviter = ref === null ? null : await loadInviter(tx, tenantId, ref);
  if (ref !== null && inviter === null) {
    const path = inviterExternalId === undefined ? '?inviterMemberId' : '?inviterExternalId';
    return problem('invalid_request', { errors: [{ path, message: 'There is no such member. Upsert it first.' }] });
  }
  return { kind: 'target', target: { kind, programId: offer.programId, memberId: inviter?.memberId ?? null } };
}
