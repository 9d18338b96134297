import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Connection } from '@temporalio/client';
import { withinDeadline } from '../../src/relay/deadline.ts';

/** A Temporal that hangs: it takes connections and says nothing. */
const sockets = new Set<Socket>();
let server: Server;
let connection: Connection;
beforeAll(async () => {
  server = createServer((socket) => { sockets.add(socket); });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  connection = Connection.lazy({ address: `127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}` });
});
afterAll(async () => {
  await connection.close();
  for (const socket of sockets) socket.destroy();
  server.close();
});
afterEach(() => { jest.restoreAllMocks(); });

async function tookMs(work: Promise<unknown>): Promise<number> {
  const begunAtMs = performance.now();
  await expect(work).rejects.toThrow();
  return performance.now() - begunAtMs;
}

test('the relay gives up a Temporal that hangs, and says what it waited for', async () => {
  const call = withinDeadline(connection, () => connection.workflowService.getSystemInfo({}), 200);
  await expect(call).rejects.toThrow('Temporal did not answer within 0.2 s');
});

test.each([['ahead', 2], ['behind', -2]])('a wall clock set two hours %s while the relay runs changes nothing of that', async (_where, hours) => {
  const now = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => now() + hours * 3_600_000);
  const took = await tookMs(withinDeadline(connection, () => connection.workflowService.getSystemInfo({}), 200));
  expect(took).toBeGreaterThanOrEqual(100);
  expect(took).toBeLessThan(5_000);
});

test('an answer in time is given on, and so is a failure', async () => {
  expect(await withinDeadline(connection, () => Promise.resolve('done'), 200)).toBe('done');
  await expect(withinDeadline(connection, () => Promise.reject(new Error('not found')), 200)).rejects.toThrow('not found');
});
