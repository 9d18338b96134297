import { randomBytes } from 'node:crypto';
import { hashSecret } from '../../../src/config/keyring.ts';
import { newId } from '../../../src/config/new-id.ts';
import type { GuestId, RunId, TenantId, TouchId } from '../../../src/domain/ids.ts';
import { GUEST_ROLE_NAME } from '../../../src/domain/play/guest-role.ts';
import { writeGuestToken } from '../../../src/domain/play/guest-token.ts';
import { runTopic } from '../../../src/domain/play/stream-topic.ts';
import type { Tx } from '../../client.ts';
import { addPeople } from '../runs/add-people.ts';
import { tellStreams } from '../tell-streams.ts';

export type Admission = {
  readonly tenantId: TenantId;
  readonly runId: RunId;
  /** By which link. */
  readonly linkCode: string;
  /** The visit of that link, if it was counted. */
  readonly touchId?: TouchId | null;
  /** What of the guest's the run hears, as the loop has it for the role. */
  readonly hears: Readonly<Record<string, string>>;
  readonly now: number;
};

/** `token` is shown this once: put it into the browser by `guestCookies`. `full`: all places are taken. `over`: the run has ended, or never was. */
export type Admitted = { readonly outcome: 'admitted'; readonly guestId: GuestId; readonly token: string } | { readonly outcome: 'full' | 'over' };

/**
 * Lets somebody play who is not known: a guest, by a token of 32 random bytes of which the hash is kept. Locks the run, so that of two who
 * come for the last place one has it. A run without a deck admits whoever comes.
 */
export async function admitGuest(tx: Tx, { tenantId, runId, linkCode, touchId = null, hears, now }: Admission): Promise<Admitted> {
  const [run] = await tx.sql<{ isOver: boolean }[]>`
    select closed_at is not null or coalesce(cap_at <= ${now}, false) as "isOver" from runs where tenant_id = ${tenantId} and id = ${runId} for no key update`;
  if (run === undefined || run.isOver) return { outcome: 'over' };
  // A statement of its own: it sees whom the run's lock was waited for.
  const [deck] = await tx.sql<{ places: number; guests: number; isOver: boolean }[]>`
    select places, ends_at <= ${now} as "isOver", (select count(*)::int from guests where tenant_id = ${tenantId} and run_id = ${runId}) as guests
    from decks where tenant_id = ${tenantId} and run_id = ${runId}`;
  if (deck?.isOver === true) return { outcome: 'over' };
  if (deck !== undefined && deck.guests >= deck.places) return { outcome: 'full' };
  const guestId = newId('gst', now);
  const secret = randomBytes(32).toString('base64url');
  await tx.sql`
    insert into guests (id, tenant_id, token_hash, run_id, link_code, touch_id, created_at)
    values (${guestId}, ${tenantId}, ${hashSecret(secret)}, ${runId}, ${linkCode}, ${touchId}, ${now})`;
  tellStreams(tx, { tenantId, topics: [runTopic(runId)] });
  await addPeople(tx, { tenantId, people: [{ runId, personId: guestId, role: GUEST_ROLE_NAME, hears }], now });
  return { outcome: 'admitted', guestId, token: writeGuestToken(tenantId, secret) };
}
