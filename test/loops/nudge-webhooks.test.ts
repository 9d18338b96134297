import { nudgeSender } from '../../src/relay/nudge-sender.ts';
import { makeId } from '../../src/domain/ids.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

let time: VirtualTime;
beforeAll(async () => { time = await openVirtualTime(); });
afterAll(() => time.close());

test('a nudge of the lane of webhooks starts its run, a second one finds it there', async () => {
  const tenantId = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(9));
  const { client } = time.env;
  const handle = client.workflow.getHandle(`webhooks/${tenantId}`);
  await nudgeSender(client, { tenantId, lane: 'webhooks' });
  const first = await handle.describe();
  await nudgeSender(client, { tenantId, lane: 'webhooks' });
  const second = await handle.describe();
  await handle.terminate('the test is over');
  expect([first.type, first.taskQueue, second.runId]).toEqual(['deliverWebhooks', 'flywheel', first.runId]);
});

test('a lane that nothing serves is told, not started', async () => {
  const tenantId = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(8));
  await expect(nudgeSender(time.env.client, { tenantId, lane: 'pigeons-0' })).rejects.toThrow('no channel serves the lane pigeons-0');
});
