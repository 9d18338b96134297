import { z } from 'zod';
import { read } from '../chaos/support/api-caller.ts';
import { makeChaosTenant, type ChaosTenant } from '../chaos/support/chaos-tenant.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';
import { RETENTION_AT, RETENTION_SCHEDULE_ID, RETENTION_WORKFLOW } from '../../workflows/system/retention/contract.ts';

jest.setTimeout(120_000);

let stack: WholeStack;
let tenant: ChaosTenant;
beforeAll(async () => {
  stack = await openWholeStack();
  tenant = await makeChaosTenant(stack, 'retained');
}, 120_000);
afterAll(() => stack.close(), 30_000);

const handle = () => stack.client.schedule.getHandle(RETENTION_SCHEDULE_ID);
const reportsOut = z.object({ data: z.array(z.object({ day: z.string(), table: z.string(), rowsRemoved: z.number(), oldestKeptAt: z.string().nullable() })) });
const reports = async () => read(await tenant.api.send('GET', '/v1/retention-reports'), 200, reportsOut).data;

/** The runs that the Schedule started, as they ended. */
async function outcomes(): Promise<unknown[]> {
  const { info } = await handle().describe();
  const started = info.recentActions.flatMap(({ action }) => (action.type === 'startWorkflow' ? [action.workflow] : []));
  const runs = await Promise.all(started.map(({ workflowId, firstExecutionRunId }) => stack.client.workflow.getHandle(workflowId, firstExecutionRunId).describe()));
  if (runs.some(({ status }) => status.name === 'RUNNING')) return [];
  return Promise.all(started.map(({ workflowId, firstExecutionRunId }): Promise<unknown> => stack.client.workflow.getHandle(workflowId, firstExecutionRunId).result()));
}

test('with a worker up the Schedule is there as the code says it; another worker\'s start changes nothing, and an operator\'s pause stays', async () => {
  const said = await handle().describe();
  expect(said.spec.calendars).toMatchObject([{ hour: [{ start: RETENTION_AT.hour }], minute: [{ start: RETENTION_AT.minute }] }]);
  expect(said.action).toMatchObject({ type: 'startWorkflow', workflowType: RETENTION_WORKFLOW });
  await handle().pause('until the audit is over');
  const second = await stack.startWorker();
  expect((await handle().describe()).state).toMatchObject({ paused: true, note: 'until the audit is over' });
  await second.kill();
  await handle().unpause();
});

test('fired once it removes what is over and the report is there; fired again on the same day it changes nothing', async () => {
  await stack.superuser.sql`
    insert into decisions (id, tenant_id, subject_id, kind, rule, inputs, actor, at)
    values ('dec_old', ${tenant.tenantId}, 'x', 'test', 'test', '{}', 'test', '2015-01-01'), ('dec_young', ${tenant.tenantId}, 'x', 'test', 'test', '{}', 'test', now() - interval '35 months')`;
  await handle().trigger();
  await waitUntil('the report is there', 60_000, async () => (await reports()).length === 3);
  const told = await reports();
  expect(told.find(({ table }) => table === 'decisions')).toMatchObject({ rowsRemoved: 1, oldestKeptAt: expect.any(String) });
  const left = await stack.superuser.sql<{ id: string }[]>`select id from decisions where subject_id = 'x'`;
  expect(left.map(({ id }) => id)).toEqual(['dec_young']);
  await waitUntil('the first run has ended', 30_000, async () => (await outcomes()).length === 1);

  await handle().trigger();
  await waitUntil('the second run has ended', 60_000, async () => (await outcomes()).length === 2);
  expect((await outcomes()).map((outcome) => z.object({ outcome: z.string() }).parse(outcome).outcome)).toEqual(['finished', 'done_before']);
  expect(await reports()).toEqual(told);
});
