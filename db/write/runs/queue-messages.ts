import { newId } from '../../../src/config/new-id.ts';
import type { ContactId, MemberId, ProgramId, RunId, TenantId } from '../../../src/domain/ids.ts';
import { RUN_MESSAGE } from '../../../src/domain/notice/notice-kinds.ts';
import { storedRunMessage } from '../../../src/domain/notice/run-message.ts';
import type { Tx } from '../../client.ts';
import { optedOut } from '../../read/consent.ts';
import { LANE_SIGNAL, laneOf } from '../lane.ts';

export type RunMessageToQueue = {
  readonly tenantId: TenantId;
  readonly runId: RunId;
  /** What the message is called in this run: each of the people gets it once. */
  readonly step: string;
  readonly to: readonly string[];
  readonly message: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly before: number;
  readonly now: number;
};

/** How many messages the run is to hear of; 0: nobody could get one, and why. */
export type Queued = { readonly count: number; readonly reason: string | null };

type Person = {
  memberId: MemberId; contactId: ContactId | null; hash: Buffer | null; because: string | null;
  programId: ProgramId; programVersion: number; senderShards: number;
};

/**
 * Queues a message of a run to the members in some of its roles: a batch of one each, to the member's own contact, which leaves as a
 * notice does, by the rules of the program and about its topic. Stale until the sender has planned it: it cannot leave before. A repeat
 * changes nothing. Who has no address, or wants no such messages, gets none.
 */
export async function queueMessages(tx: Tx, asked: RunMessageToQueue): Promise<Queued> {
  const { tenantId, runId, step } = asked;
  const people = await findPeople(tx, asked);
  for (const person of people) if (reasonOf(person) === null) await writeMessage(tx, asked, person);
  const [row] = await tx.sql<{ count: number }[]>`
    select count(*)::int as count from invite_batches where tenant_id = ${tenantId} and run_id = ${runId} and run_step = ${step}`;
  const count = row?.count ?? 0;
  const [first] = people;
  return { count, reason: count > 0 ? null : first === undefined ? 'nobody' : reasonOf(first) };
}

async function findPeople(tx: Tx, { tenantId, runId, to }: RunMessageToQueue): Promise<Person[]> {
  return tx.sql<Person[]>`
    select m.id as "memberId", c.id as "contactId", c.email_hash as hash, r.program_id as "programId", r.program_version as "programVersion", t.sender_shards as "senderShards",
           coalesce((select s.reason from suppressions s where s.tenant_id = ${tenantId} and s.recipient_hash = c.email_hash and s.lifted_at is null),
             case when ${optedOut(tx, { tenantId, hash: tx.sql`c.email_hash`, topic: tx.sql`g.topic`, channel: tx.sql`'email'` })} then 'opted_out' end) as because
    from run_people p
    join runs r on r.tenant_id = p.tenant_id and r.id = p.run_id and r.closed_at is null
    join programs g on g.id = r.program_id
    join tenants t on t.id = p.tenant_id
    join members m on m.tenant_id = p.tenant_id and m.id = p.person_id
    left join contacts c on c.id = m.contact_id
    where p.tenant_id = ${tenantId} and p.run_id = ${runId} and p.role = any(${[...to]}::text[]) order by m.id`;
}

function reasonOf({ contactId, hash, because }: Person): string | null {
  return contactId === null || hash === null ? 'no_address' : because === null ? null : 'opted_out';
}

/** Batch, row, lane, decision and nudge, in one statement. */
async function writeMessage(tx: Tx, { tenantId, runId, step, message, values, before, now }: RunMessageToQueue, person: Person): Promise<void> {
  const batchId = newId('bat', now);
  const lane = laneOf(batchId, 'email', person.senderShards);
  const key = `${runId}:${step}:${person.memberId}`;
  await tx.sql`
    with made as (
      insert into invite_batches (id, tenant_id, program_id, program_version, invite_count, expires_at, created_at, notice, notice_values, notice_key, notice_fold, run_id, run_step)
      values (${batchId}, ${tenantId}, ${person.programId}, ${person.programVersion}, 1, ${before}, ${now}, ${RUN_MESSAGE}, ${JSON.stringify(storedRunMessage({ message, values }))}::text::jsonb, ${key}, ${key}, ${runId}, ${step})
      on conflict do nothing
      returning id
    ), written as (
      insert into invites (batch_id, n, tenant_id, recipient_hash, contact_id, state, step, due_at, stale, channel)
      select id, 0, ${tenantId}, ${person.hash}, ${person.contactId}, 'waiting', 0, ${now}, true, 'email' from made
    ), waits as (
      insert into batch_lanes (batch_id, channel, tenant_id, lane, next_due_at) select id, 'email', ${tenantId}, ${lane}, ${now} from made
    ), decided as (
      insert into decisions (id, tenant_id, subject_id, kind, rule, inputs, actor, at)
      select ${newId('dec', now)}, ${tenantId}, ${runId}, 'run_message_queued', 'The run''s story asked for it: the sender plans it by the rules of any message.',
             jsonb_build_object('message', ${message}::text, 'step', ${step}::text, 'memberId', ${person.memberId}::text, 'batchId', id), 'system', ${now} from made
    ), told as (
      insert into outbox (tenant_id, kind, lane, created_at) select ${tenantId}, 'nudge', ${lane}, ${now} from made
    )
    select pg_notify(${LANE_SIGNAL}, ${`${tenantId}/${lane}`}) from made`;
}
