import { hashSecret } from '../../src/config/keyring.ts';
import { groupBy } from '../../src/domain/group-by.ts';
import type { GuestId, MemberId, ProgramId } from '../../src/domain/ids.ts';
import { readGuestToken } from '../../src/domain/play/guest-token.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';

/** A guest as a claim: the member whose run it was, and since when. */
export type GuestClaim = { id: GuestId; referrerId: MemberId; programId: ProgramId; at: number };

type Bringing = { readonly eventId: string; readonly refereeId: MemberId; readonly guestToken?: string | null };

/** By the sign-up's event the guest whom its token names, where that guest has become this very member: a token that somebody else used up speaks for nobody. */
export async function readGuests({ sql }: Tx, signUps: readonly Bringing[]): Promise<Map<string, GuestClaim[]>> {
  const bringing = signUps.flatMap(({ eventId, refereeId, guestToken }) => {
    const token = guestToken == null ? null : readGuestToken(guestToken);
    return token === null ? [] : [{ eventId, refereeId, hash: hashSecret(token.secret) }];
  });
  if (bringing.length === 0) return new Map();
  const rows = await sql<(GuestClaim & { eventId: string })[]>`
    select b.event_id as "eventId", g.id, r.member_id as "referrerId", r.program_id as "programId", g.created_at as at
    from unnest(${bringing.map(({ eventId }) => eventId)}::text[], ${bringing.map(({ refereeId }) => refereeId)}::text[], ${bytesArray(bringing.map(({ hash }) => hash))}::bytea[]) as b (event_id, referee_id, hash)
    join guests g on g.tenant_id = current_tenant() and g.token_hash = b.hash and g.member_id = b.referee_id
    join runs r on r.tenant_id = g.tenant_id and r.id = g.run_id
    where r.member_id is not null and r.program_id is not null`;
  return groupBy(rows, ({ eventId }) => eventId);
}
