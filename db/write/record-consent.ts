import { newId } from '../../src/config/new-id.ts';
import type { InviteRef, TenantId } from '../../src/domain/ids.ts';
import { stateAfter } from '../../src/domain/preference/consent-act.ts';
import type { SaidConsent } from '../../src/domain/preference/consent-act.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { closeWithdrawn, invitesWithdrawn } from './close-withdrawn.ts';
import { lockBatches } from './refresh-next-due.ts';

/** What one person said, never later than `now`, about one address: `recipientHash` is the keyed hash of a mailbox or number. */
export type ConsentAct = SaidConsent & { recipientHash: Uint8Array };

export type ConsentOutcome = 'recorded' | 'already' | 'older_than_known';
export type ConsentsToRecord = { tenantId: TenantId; acts: readonly ConsentAct[]; now: number; actor: string };

/** One act; see recordConsents. `closed`: how many invites it ended. */
export async function recordConsent(tx: Tx, { tenantId, now, actor, ...act }: ConsentAct & { tenantId: TenantId; now: number; actor: string }): Promise<{ outcome: ConsentOutcome; closed: number }> {
  const { outcomes, closed } = await recordConsents(tx, { tenantId, acts: [act], now, actor });
  return { outcome: outcomes[0] ?? 'already', closed };
}

/**
 * Writes what people agreed to or took back, each act once, and keeps what holds now: of the same address, topic and
 * channel what was said last, so that an opt-in that arrives late never beats a newer opt-out; at equal instants the
 * opt-out. What waits under an opt-out ends in this transaction. Outcomes are in the order given: `already` was told before,
 * `older_than_known` is in the log and changes nothing. Locks go batches, preferences by key, invites.
 */
export async function recordConsents(tx: Tx, { tenantId, acts, now, actor }: ConsentsToRecord): Promise<{ outcomes: ConsentOutcome[]; closed: number }> {
  if (acts.length === 0) return { outcomes: [], closed: 0 };
  const rows = acts.map((act) => ({ ...act, id: newId('con', now), givenAt: Math.min(act.givenAt, now) }));
  const covered = await invitesWithdrawn(tx, rows.map((row) => (row.action === 'withdrawn' ? row : null)));
  await lockBatches(tx, covered.map((invite) => invite.batchId));
  const logged = await logActs(tx, tenantId, rows, now);
  const decided = await decide(tx, tenantId, rows.filter((row) => logged.has(row.id)));
  const outcomes = rows.map(({ id }): ConsentOutcome => (decided.has(id) ? 'recorded' : logged.has(id) ? 'older_than_known' : 'already'));
  const ended: InviteRef[] = covered.filter(({ place }) => outcomes[place] === 'recorded');
  return { outcomes, closed: await closeWithdrawn(tx, { tenantId, invites: ended, now, actor }) };
}

type Row = ConsentAct & { id: string };

/** Adds to the log what it does not hold yet; answers the ids of what was added. */
async function logActs(tx: Tx, tenantId: TenantId, rows: readonly Row[], now: number): Promise<Set<string>> {
  const added = await tx.sql<{ id: string }[]>`
    insert into consents (id, tenant_id, recipient_hash, topic, channel, action, basis, wording_version, locale, source, given_at, recorded_at)
    select r.id, ${tenantId}, r.hash, r.topic, r.channel, r.action, r.basis, r.wording_version, r.locale, r.source, r.given_at, ${now}
    from unnest(${rows.map((row) => row.id)}::text[], ${bytesArray(rows.map((row) => row.recipientHash))}::bytea[], ${rows.map((row) => row.topic)}::text[],
                ${rows.map((row) => row.channel)}::text[], ${rows.map((row) => row.action)}::text[], ${rows.map((row) => row.basis)}::text[],
                ${rows.map((row) => row.wordingVersion)}::text[], ${rows.map((row) => row.locale)}::text[], ${rows.map((row) => row.source)}::text[],
                ${rows.map((row) => row.givenAt)}::timestamptz[])
      as r (id, hash, topic, channel, action, basis, wording_version, locale, source, given_at)
    order by r.hash, r.topic, r.channel, r.given_at, r.action
    on conflict (tenant_id, recipient_hash, topic, channel, given_at, action) do nothing
    returning id`;
  return new Set(added.map((row) => row.id));
}

/** Lets what was said last hold; answers the ids of the acts that now do. */
async function decide(tx: Tx, tenantId: TenantId, rows: readonly Row[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const decided = await tx.sql<{ id: string }[]>`
    insert into preferences as p (tenant_id, recipient_hash, topic, channel, state, decided_at, consent_id)
    select distinct on (r.hash, r.topic, r.channel) ${tenantId}, r.hash, r.topic, r.channel, r.state, r.given_at, r.id
    from unnest(${rows.map((row) => row.id)}::text[], ${bytesArray(rows.map((row) => row.recipientHash))}::bytea[], ${rows.map((row) => row.topic)}::text[],
                ${rows.map((row) => row.channel)}::text[], ${rows.map((row) => stateAfter(row))}::text[], ${rows.map((row) => row.givenAt)}::timestamptz[])
      as r (id, hash, topic, channel, state, given_at)
    order by r.hash, r.topic, r.channel, r.given_at desc, (r.state = 'out') desc, r.state
    on conflict (tenant_id, recipient_hash, topic, channel) do update
      set state = excluded.state, decided_at = excluded.decided_at, consent_id = excluded.consent_id
      where excluded.decided_at > p.decided_at or (excluded.decided_at = p.decided_at and excluded.state = 'out' and p.state <> 'out')
    returning p.consent_id as id`;
  return new Set(decided.map((row) => row.id));
}
