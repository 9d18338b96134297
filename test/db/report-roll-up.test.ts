import { DateTime } from 'luxon';
import { readDailyFigures, readDailyReferrers } from '../../db/read/report-figures.ts';
import { rollUp } from '../../db/write/reports/roll-up.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { DailyFigure } from '../../src/domain/report/daily-figures.ts';
import { makeTestTenant } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { writeRandomFacts } from '../support/report-facts.ts';

/** The week in which summer time begins in Paris, and the one before. */
const WEEKS = ['2026-W12', '2026-W13'] as const;
const [FIRST_DAY, LAST_DAY] = ['2026-03-16', '2026-03-29'];
const ZONE = 'Europe/Paris';
const NOW = Date.parse('2026-04-01T12:00:00Z');

let database: TestDatabase;
let tenantId: TenantId;
let other: TenantId;
beforeAll(async () => {
  database = await openTestDatabase();
  tenantId = (await makeTestTenant(database, NOW, { zone: ZONE })).tenantId;
  other = (await makeTestTenant(database, NOW, { zone: ZONE })).tenantId;
  await writeRandomFacts(database, tenantId, 1);
  await writeRandomFacts(database, other, 2);
});
afterAll(() => database.drop());

const roll = (of: TenantId = tenantId): Promise<void> => database.app.asTenant(of, (tx) => rollUp(tx, { tenantId: of, weeks: WEEKS, zone: ZONE, now: NOW }));
const rolled = (of: TenantId = tenantId): Promise<readonly DailyFigure[]> => database.app.asTenant(of, (tx) => readDailyFigures(tx, { tenantId: of, firstDay: FIRST_DAY, lastDay: LAST_DAY }));
const sorted = (rows: readonly DailyFigure[]): string[] => rows.map(({ day, programId, figure, unit, count, amountMinor }) => [day, programId ?? '-', figure, unit, count, amountMinor].join(' ')).toSorted();

test('daily figures are what the facts say, counted by other means: one by one, by the clock of the zone, in the week with a day of 23 hours', async () => {
  await roll();
  const wanted = await recount(tenantId);
  expect(sorted(await rolled())).toEqual(wanted);
  // So that it cannot agree about nothing: every figure is there, on many days.
  const figures = new Set(wanted.map((line) => line.split(' ')[2]));
  expect([...figures].toSorted()).toEqual(['active_in_week', 'clicks', 'conversions', 'first_values', 'invites', 'rewards_held', 'rewards_paid', 'rewards_released', 'sign_ups']);
  expect(wanted.length).toBeGreaterThan(100);
});

test('top referrers are rolled up by day from the same facts', async () => {
  await roll();
  const rows = await database.app.asTenant(tenantId, (tx) => readDailyReferrers(tx, { tenantId, firstDay: FIRST_DAY, lastDay: LAST_DAY }));
  const totals = await rolled();
  const sum = (figure: string): number => totals.filter((row) => row.figure === figure).reduce((all, { count }) => all + count, 0);
  expect([rows.reduce((all, { signUps }) => all + signUps, 0), rows.reduce((all, { firstValues }) => all + firstValues, 0)]).toEqual([sum('sign_ups'), sum('first_values')]);
  expect(rows.length).toBeGreaterThan(20);
});

test('counting again changes nothing, a fact that comes late is in the next count, and another tenant\'s days stay as they are', async () => {
  await roll(other);
  const before = sorted(await rolled(other));
  await roll();
  const once = sorted(await rolled());
  await Promise.all([roll(), roll()]);
  expect(sorted(await rolled())).toEqual(once);

  await writeRandomFacts(database, tenantId, 3);
  await roll();
  expect(sorted(await rolled())).toEqual(await recount(tenantId));
  expect(sorted(await rolled())).not.toEqual(once);
  expect(sorted(await rolled(other))).toEqual(before);
});

test('days that have not begun are not counted, and days before stay', async () => {
  const at = Date.parse('2026-03-24T23:30:00Z'); // the 25th in Paris
  const { tenantId: young } = await makeTestTenant(database, NOW, { zone: ZONE });
  await database.app.asTenant(young, (tx) => rollUp(tx, { tenantId: young, weeks: WEEKS, zone: ZONE, now: at }));
  const days = [...new Set((await rolled(young)).map(({ day }) => day))];
  expect([days.length, days.at(-1)]).toEqual([10, '2026-03-25']);
});

type Row = { at: number; program: string | null; unit?: string; amount?: number; member?: string };

/** Reads every fact as it is stored, and counts by the clock that luxon shows. */
async function recount(of: TenantId): Promise<string[]> {
  const sql = database.superuser;
  const dayOf = (at: number): string => DateTime.fromMillis(at, { zone: ZONE }).toISODate() ?? '';
  const lines = new Map<string, { count: number; amount: number }>();
  const add = (figure: string, rows: readonly Row[]): void => {
    for (const { at, program, unit = '', amount = 0 } of rows) {
      const day = dayOf(at);
      if (day < FIRST_DAY || day > LAST_DAY) continue;
      const key = [day, program ?? '-', figure, unit].join(' ');
      const line = lines.get(key) ?? { count: 0, amount: 0 };
      lines.set(key, { count: line.count + 1, amount: line.amount + amount });
    }
  };
  const messages = await sql<{ invite: string; at: number; program: string; step: number; state: string; notice: string | null }[]>`
    select m.batch_id || ' ' || m.n as invite, m.recorded_at as at, b.program_id as program, m.step, m.state, b.notice from messages m join invite_batches b on b.id = m.batch_id where m.tenant_id = ${of} order by m.recorded_at`;
  const seen = new Set<string>();
  add('invites', messages.filter(({ invite, step, state, notice }) => {
    const isFirst = step === 0 && state === 'handed_off' && notice === null && !seen.has(invite);
    if (isFirst) seen.add(invite);
    return isFirst;
  }));
  const touches = await sql<{ at: number; kind: string; counted: boolean; own: string | null; batch: string | null; notice: string | null }[]>`
    select t.at, t.kind, t.counted, l.program_id as own, b.program_id as batch, b.notice from touches t join links l on l.code = t.code left join invite_batches b on b.id = l.batch_id where t.tenant_id = ${of}`;
  add('clicks', touches.filter(({ kind, counted, notice }) => kind === 'click' && counted && notice === null).map(({ at, own, batch }) => ({ at, program: batch ?? own })));
  const referrals = await sql<{ program: string; referee: string; signedUpAt: number; activatedAt: number | null; acquisition: boolean; isSelf: boolean }[]>`
    select program_id as program, referee_id as referee, signed_up_at as "signedUpAt", activated_at as "activatedAt", acquisition, self_referral as "isSelf" from referrals where tenant_id = ${of}`;
  const credited = referrals.filter(({ acquisition, isSelf }) => acquisition && !isSelf);
  add('sign_ups', credited.map(({ program, signedUpAt }) => ({ at: signedUpAt, program })));
  add('first_values', credited.flatMap(({ program, activatedAt }) => (activatedAt === null ? [] : [{ at: activatedAt, program }])));
  const payments = await sql<{ payer: string | null; at: number | null; amount: number; currency: string; merged: string | null }[]>`
    select member_id as payer, paid_at as at, amount_minor::float8 as amount, currency, merged_into as merged from payments where tenant_id = ${of}`;
  add('conversions', payments.flatMap(({ payer, at, amount, currency, merged }) => {
    const by = credited.find(({ referee, signedUpAt }) => referee === payer && at !== null && at >= signedUpAt);
    return by === undefined || at === null || merged !== null ? [] : [{ at, program: by.program, unit: currency, amount }];
  }));
  const transfers = await sql<{ at: number; move: string; unit: string; amount: number; debit: string; credit: string; program: string | null }[]>`
    select t.booked_at as at, t.move, t.unit, t.amount_minor::float8 as amount, d.kind as debit, c.kind as credit, r.program_id as program
    from transfers t join accounts d on d.id = t.debit_account_id join accounts c on c.id = t.credit_account_id left join rewards r on r.id = t.reward_id where t.tenant_id = ${of}`;
  add('rewards_held', transfers.filter(({ move, debit }) => move === 'grant' && debit === 'program_budget'));
  add('rewards_released', transfers.filter(({ move }) => move === 'release'));
  add('rewards_paid', transfers.filter(({ credit }) => credit === 'cash_out'));
  const active = [
    ...await sql<{ at: number; member: string }[]>`select occurred_at as at, member_id as member from events where tenant_id = ${of} and member_id is not null`,
    ...await sql<{ at: number; member: string }[]>`select created_at as at, member_id as member from invite_batches where tenant_id = ${of} and member_id is not null and notice is null`,
  ];
  for (const monday of [FIRST_DAY, '2026-03-23']) {
    const members = new Set<string>();
    for (let nth = 0; nth < 7; nth += 1) {
      const day = DateTime.fromISO(monday, { zone: ZONE }).plus({ days: nth }).toISODate() ?? '';
      for (const { at, member } of active) if (dayOf(at) === day) members.add(member);
      lines.set([day, '-', 'active_in_week', ''].join(' '), { count: members.size, amount: 0 });
    }
  }
  return [...lines].map(([key, { count, amount }]) => `${key} ${String(count)} ${String(amount)}`).toSorted();
}
