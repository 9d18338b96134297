import { ScheduleNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { openDatabaseClock, type Clock } from '../../db/clock.ts';
import { openDatabase, type Database } from '../../db/client.ts';
import { OVERDUE_MS } from '../../db/read/reports-due.ts';
import { dueWeek, reportDueAt, scheduledWeek } from '../../src/domain/report/week-times.ts';
import { addDays, mondayOf } from '../../src/domain/report/iso-week.ts';
import { keepReportSchedules, reportSchedules, TENANT } from '../../src/relay/keep-report-schedules.ts';
import { reportStarts, startDueReports } from '../../src/relay/start-reports.ts';
import { WEEKLY_REPORT_WORKFLOW, reportScheduleId } from '../../workflows/system/weekly-report/contract.ts';
import { read } from '../chaos/support/api-caller.ts';
import { makeChaosTenant, type ChaosTenant } from '../chaos/support/chaos-tenant.ts';
import { mailsTo } from '../chaos/support/mails.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';

/** A Schedule a tenant on the real server. The test looks as a second relay does, so that nothing waits for the first one's quarter of a minute. */
jest.setTimeout(120_000);
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let stack: WholeStack;
let relay: Database;
let clock: Clock;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  stack = await openWholeStack({ afterCheck: 'quick' });
  closers.push(() => stack.close());
  relay = openDatabase({ url: stack.env['DATABASE_URL'] ?? '', role: 'flywheel_relay', max: 2, name: 'test relay' });
  closers.push(() => relay.close());
  clock = await openDatabaseClock(relay.sql);
  closers.push(() => { clock.close(); });
}, 120_000);
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
}, 30_000);

const handle = ({ tenantId }: ChaosTenant) => stack.client.schedule.getHandle(reportScheduleId(tenantId));
const look = () => keepReportSchedules({ db: relay, clock, schedules: reportSchedules(stack.client) });
const lookForDue = () => startDueReports({ db: relay, clock, temporal: reportStarts(stack.client) });
const zoneIs = async ({ api }: ChaosTenant, zone: string): Promise<void> => { read(await api.send('PATCH', '/v1/tenant', { zone }), 200, z.unknown()); };
/** Named by the API; what they said is written down for them: a question leaves only once a minute. */
async function addReader({ tenantId, api }: ChaosTenant, email: string): Promise<string> {
  const { id } = read(await api.send('POST', '/v1/report-recipients', { email }, email), 201, z.object({ id: z.string() }));
  await stack.superuser.sql`update report_recipients set confirmed_at = created_at where tenant_id = ${tenantId} and id = ${id}`;
  await stack.superuser.sql`delete from report_mails where tenant_id = ${tenantId}`;
  return id;
}
/** As Temporal has it once a look has set it, in this zone. */
const setIn = (tenant: ChaosTenant, zone: string) => waitUntil(`its Schedule is in ${zone}`, 30_000, async () => {
  await look();
  const said = await handle(tenant).describe().catch((error: unknown) => { if (!(error instanceof ScheduleNotFoundError)) throw error; });
  return said?.spec.timezone === zone ? said : null;
});
const putOut = ({ tenantId }: ChaosTenant) => stack.superuser.sql<{ week: string }[]>`select week from weekly_reports where tenant_id = ${tenantId} and mailed_at is not null`;
/** Not about to pass a Monday nine, nor within the hour after it: what is looked at here stands still. */
const calmZone = (): string => ['Etc/UTC', 'Asia/Tokyo'].find((zone) => {
  const now = clock.now();
  return dueWeek(now + 10 * MINUTE_MS + OVERDUE_MS, zone) === dueWeek(now - 10 * MINUTE_MS - OVERDUE_MS, zone);
}) ?? 'Etc/UTC';

test.each(['Pacific/Kiritimati', 'America/St_Johns'])('the first reader brings a Schedule, Monday nine in %s, and its times are those that our own rules have', async (zone) => {
  const tenant = await makeChaosTenant(stack, zone.replaceAll(/\W|_/g, '').toLowerCase());
  await zoneIs(tenant, zone);
  await addReader(tenant, `ana@${tenant.name}.example`);
  const said = await setIn(tenant, zone);
  expect(said.spec).toMatchObject({ calendars: [{ dayOfWeek: [{ start: 'MONDAY', end: 'MONDAY' }], hour: [{ start: 9, end: 9 }], minute: [{ start: 0, end: 0 }] }], timezone: zone, jitter: 5 * MINUTE_MS });
  expect(said.action).toMatchObject({ type: 'startWorkflow', workflowType: WEEKLY_REPORT_WORKFLOW, args: [{ tenantId: tenant.tenantId }] });
  expect(said.policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 6 * DAY_MS });
  expect(said.state.paused).toBe(false);
  const fires = said.info.nextActionTimes.map((time) => time.getTime());
  expect(fires.length).toBeGreaterThan(5);
  const weeks = fires.map((at) => scheduledWeek(at, zone));
  fires.forEach((at, place) => {
    const lateMs = at - reportDueAt(scheduledWeek(at, zone), zone);
    expect([place, lateMs >= 0 && lateMs <= 5 * MINUTE_MS]).toEqual([place, true]);
    if (place > 0) expect(mondayOf(scheduledWeek(at, zone))).toBe(addDays(mondayOf(weeks[place - 1] ?? '2026-W01'), 7));
  });
});

test('it follows the tenant\'s zone, an operator\'s pause stays, and it goes with the last reader', async () => {
  const tenant = await makeChaosTenant(stack, 'mover');
  const [ana, ben] = [await addReader(tenant, 'ana@mover.example'), await addReader(tenant, 'ben@mover.example')];
  await setIn(tenant, 'UTC');
  await handle(tenant).pause('until the audit is over');
  await zoneIs(tenant, 'Asia/Kolkata');
  expect((await setIn(tenant, 'Asia/Kolkata')).state).toMatchObject({ paused: true, note: 'until the audit is over' });
  // Its daily turn.
  await stack.superuser.sql`update report_schedules set look_at = ${clock.now()} where tenant_id = ${tenant.tenantId}`;
  await look();
  expect((await handle(tenant).describe()).state.paused).toBe(true);
  await tenant.api.send('DELETE', `/v1/report-recipients/${ana}`);
  await look();
  expect((await handle(tenant).describe()).spec.timezone).toBe('Asia/Kolkata');
  await tenant.api.send('DELETE', `/v1/report-recipients/${ben}`);
  await waitUntil('it is gone', 30_000, async () => {
    await look();
    return handle(tenant).describe().then(() => false, (error: unknown) => error instanceof ScheduleNotFoundError);
  });
  expect([...(await stack.superuser.sql`select 1 from report_schedules where tenant_id = ${tenant.tenantId}`)]).toEqual([]);
});

test('fired twice in a week it puts out one report, one mail for each reader', async () => {
  const tenant = await makeChaosTenant(stack, 'twice');
  const zone = calmZone();
  await zoneIs(tenant, zone);
  for (const name of ['ana', 'ben']) await addReader(tenant, `${name}@twice.example`);
  await setIn(tenant, zone);
  const outcomes: unknown[] = [];
  for (let nth = 1; nth <= 2; nth += 1) {
    await handle(tenant).trigger();
    const run = await waitUntil('it has started', 30_000, async () => (await handle(tenant).describe()).info.recentActions[nth - 1]?.action.workflow);
    expect(run.workflowId.startsWith(`report/${tenant.tenantId}-`)).toBe(true);
    outcomes.push(await stack.client.workflow.getHandle(run.workflowId, run.firstExecutionRunId).result());
    expect((await stack.client.workflow.getHandle(run.workflowId).describe()).typedSearchAttributes.get(TENANT)).toBe(tenant.tenantId);
  }
  expect(outcomes).toEqual([{ outcome: 'put_out', mails: 2, sent: 2 }, { outcome: 'put_out_before', mails: 0, sent: 0 }]);
  expect([...(await putOut(tenant))]).toEqual([{ week: dueWeek(clock.now(), zone) }]);
  expect([mailsTo(stack, 'ana@twice'), mailsTo(stack, 'ben@twice')]).toEqual([1, 1]);
});

test('a week that its Schedule has lost is put out all the same, and the Schedule is there again; one that an operator holds waits for them', async () => {
  const zone = calmZone();
  const [lost, held] = [await makeChaosTenant(stack, 'lost'), await makeChaosTenant(stack, 'held')];
  for (const tenant of [lost, held]) {
    await zoneIs(tenant, zone);
    await addReader(tenant, `ana@${tenant.name}.example`);
    await setIn(tenant, zone);
  }
  await handle(lost).delete();
  await handle(held).pause('not this week');
  // Both were there on Monday.
  await stack.superuser.sql`update tenants set created_at = ${clock.now() - 30 * DAY_MS} where id in (${lost.tenantId}, ${held.tenantId})`;
  await lookForDue();
  await waitUntil('the lost one\'s mail', 30_000, () => mailsTo(stack, 'ana@lost') === 1);
  expect([...(await putOut(lost))]).toEqual([{ week: dueWeek(clock.now(), zone) }]);
  await setIn(lost, zone);

  const [row] = await stack.superuser.sql<{ heldUntil: number | null }[]>`select held_until as "heldUntil" from report_schedules where tenant_id = ${held.tenantId}`;
  expect((row?.heldUntil ?? 0) - clock.now()).toBeGreaterThan(10 * MINUTE_MS);
  expect([...(await putOut(held)), mailsTo(stack, 'ana@held')]).toEqual([0]);
  await handle(held).unpause();
  await waitUntil('the held one\'s mail', 30_000, async () => {
    await stack.superuser.sql`update report_schedules set held_until = ${clock.now()} where tenant_id = ${held.tenantId}`;
    await lookForDue();
    return mailsTo(stack, 'ana@held') === 1;
  });
  await lookForDue();
  expect([mailsTo(stack, 'ana@lost'), mailsTo(stack, 'ana@held')]).toEqual([1, 1]);
});
