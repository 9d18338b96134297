import { makeId, type Id, type IdPrefix, type TenantId } from '../../src/domain/ids.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { TestDatabase } from './database.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const [FROM_AT, UNTIL_AT] = [Date.parse('2026-03-12T00:00:00Z'), Date.parse('2026-04-01T00:00:00Z')];
/** Around which a clock that is read wrongly puts a fact into another day. */
const EDGES = ['2026-03-15T23:00:00Z', '2026-03-22T23:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T01:00:00Z', '2026-03-29T22:00:00Z'].map((text) => Date.parse(text));

/**
 * Facts of every kind that a report counts, around the weeks 12 and 13 of 2026, and of kinds that it must not count: notices, reminders, repeats,
 * refusals, merged payments, claims without credit, people who brought themselves. Written as rows, past the rules that would make them fit together: `seed` alone decides.
 */
export async function writeRandomFacts({ superuser }: TestDatabase, tenantId: TenantId, seed: number): Promise<void> {
  let state = seed * 2_654_435_761 % 4_294_967_296;
  const draw = (below: number): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * below);
  };
  const pick = <T>(all: readonly [T, ...T[]]): T => all[draw(all.length)] ?? all[0];
  const bytes = (): Uint8Array => Uint8Array.from({ length: 10 }, () => draw(256));
  const id = <P extends IdPrefix>(prefix: P, at: number): Id<P> => makeId(prefix, at, bytes());
  const when = (): number => (draw(4) === 0 ? (EDGES[draw(EDGES.length)] ?? FROM_AT) + pick([-1, 0, 1, -HOUR_MS, HOUR_MS]) : FROM_AT + draw(UNTIL_AT - FROM_AT));
  const some = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

  const programs = some(3, () => id('prg', FROM_AT));
  const members = some(40, () => id('mbr', FROM_AT));
  const program = (): string => programs[draw(3)] ?? '';
  const member = (): string => members[draw(members.length)] ?? '';
  await inTransaction(superuser, async (sql) => {
    // Foreign keys are checked by triggers, which stay out: these rows stand for facts, not for a program's course.
    await sql`set local session_replication_role = replica`;
    for (const each of programs) await sql`insert into programs (id, tenant_id, loop, title, created_at, updated_at) values (${each}, ${tenantId}, ${pick(['invite', 'referral'])}, 'Kites', ${FROM_AT}, ${FROM_AT})`;
    for (const each of members) await sql`insert into members (id, tenant_id, external_id, created_at, updated_at) values (${each}, ${tenantId}, ${each}, ${FROM_AT}, ${FROM_AT})`;
    for (const code of some(60, () => `code${String(seed)}${Buffer.from(bytes()).toString('hex')}`.slice(0, 18))) {
      const at = when();
      const batch = id('bat', at);
      const notice = draw(4) === 0 ? 'reward_held' : null;
      await sql`
        insert into invite_batches (id, tenant_id, program_id, program_version, member_id, invite_count, expires_at, created_at, notice, notice_values, notice_key, notice_fold)
        values (${batch}, ${tenantId}, ${program()}, 1, ${notice === null && draw(3) > 0 ? member() : null}, 1, ${at + 20 * DAY_MS}, ${at}, ${notice}, ${notice === null ? null : '{}'}, ${notice === null ? null : batch}, ${notice === null ? null : batch})`;
      for (const [step, channel] of [[0, 'email'], [0, 'sms'], [1, 'email']] as const) {
        if (draw(3) === 0) continue;
        await sql`insert into messages (batch_id, n, step, channel, tenant_id, attempt_id, state, recorded_at) values (${batch}, 0, ${step}, ${channel}, ${tenantId}, 1, ${pick(['handed_off', 'handed_off', 'refused', 'unknown'])}, ${at + draw(3 * DAY_MS)})`;
      }
      const isInvite = draw(2) === 0;
      await sql`insert into links (code, tenant_id, kind, batch_id, n, program_id, destination, created_at) values (${code}, ${tenantId}, ${isInvite ? 'invite' : 'share'}, ${isInvite ? batch : null}, ${isInvite ? 0 : null}, ${isInvite || draw(2) === 0 ? null : program()}, 'https://app.kite.example/', ${at})`;
      for (let nth = draw(4); nth > 0; nth -= 1) {
        const opened = when();
        const whyNot = pick([null, null, 'repeat', 'bot']);
        await sql`insert into touches (id, tenant_id, code, kind, counted, why_not, agent_class, at, recorded_at) values (${id('tch', opened)}, ${tenantId}, ${code}, ${pick(['click', 'click', 'view'])}, ${whyNot === null}, ${whyNot}, 'ios-safari', ${opened}, ${opened})`;
      }
    }
    const referees = some(90, () => id('mbr', FROM_AT));
    for (const referee of referees) {
      const signedUp = when();
      await sql`insert into members (id, tenant_id, external_id, created_at, updated_at) values (${referee}, ${tenantId}, ${referee}, ${FROM_AT}, ${FROM_AT})`;
      await sql`
        insert into referrals (id, tenant_id, program_id, program_version, referrer_id, referee_id, claim_id, confidence, acquisition, self_referral, signed_up_at, activated_at, created_at, moved_at)
        values (${id('ref', signedUp)}, ${tenantId}, ${program()}, 1, ${member()}, ${referee}, 'claim', 'high', ${draw(4) > 0}, ${draw(5) === 0}, ${signedUp}, ${draw(2) === 0 ? null : when()}, ${signedUp + draw(2 * DAY_MS)}, ${signedUp})`;
      if (draw(2) === 0) continue;
      await sql`
        insert into payments (id, tenant_id, member_id, amount_minor, currency, paid_at, merged_into, created_at)
        values (${id('pay', signedUp)}, ${tenantId}, ${referee}, ${1 + draw(9_000)}, ${pick(['EUR', 'JPY'])}, ${signedUp + draw(4 * DAY_MS) - DAY_MS}, ${draw(6) === 0 ? 'pay_other' : null}, ${signedUp})`;
    }
    const accounts = new Map<string, string>();
    for (const kind of ['program_budget', 'member_held', 'member_owed', 'disputes', 'in_transit', 'cash_out']) {
      const [made] = await sql<{ id: string }[]>`insert into accounts (tenant_id, kind, owner_id, unit, may_be_negative) values (${tenantId}, ${kind}, ${`seed ${String(seed)}`}, 'EUR', ${kind === 'program_budget'}) returning id::text`;
      accounts.set(kind, made?.id ?? '');
    }
    for (let nth = 0; nth < 60; nth += 1) {
      const at = when();
      const reward = id('rew', at);
      const [move, debit, credit] = pick<readonly [string, string, string]>([['grant', 'program_budget', 'member_held'], ['grant', 'member_held', 'disputes'], ['release', 'member_held', 'member_owed'], ['payout_approved', 'member_owed', 'in_transit'], ['payout_completed', 'in_transit', 'cash_out'], ['void', 'member_held', 'program_budget']]);
      const isPayout = move.startsWith('payout');
      if (!isPayout) {
        await sql`
          insert into rewards (id, tenant_id, program_id, program_version, member_id, key, generation, rule_key, side, unit, granted_minor, state, earned_at, hold_until, created_at, moved_at)
          values (${reward}, ${tenantId}, ${program()}, 1, ${member()}, ${reward}, 0, 'rule', 'referrer', 'EUR', 500, 'held', ${at}, ${at}, ${at}, ${at})`;
      }
      await sql`
        insert into transfers (tenant_id, sequence, id, debit_account_id, credit_account_id, unit, amount_minor, reward_id, move, booked_at)
        values (${tenantId}, ${seed * 1_000 + nth}, ${`${reward}.${move}`}, ${accounts.get(debit) ?? ''}, ${accounts.get(credit) ?? ''}, 'EUR', ${1 + draw(900)}, ${isPayout ? null : reward}, ${move}, ${at})`;
    }
    for (let nth = 0; nth < 80; nth += 1) {
      const at = when();
      await sql`insert into events (tenant_id, event_id, type, member_id, occurred_at, received_at) values (${tenantId}, ${`${String(seed)}-${String(nth)}`}, 'practice', ${draw(8) === 0 ? null : member()}, ${at}, ${at + draw(3 * DAY_MS)})`;
    }
  });
}
