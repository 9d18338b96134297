import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { serveHealth } from '../../src/telemetry/health-port.ts';

const CHECK = join(__dirname, '../../src/telemetry/check-health.mjs');

/** The check that compose runs, as it runs it. */
async function check(url: string): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, [CHECK, url], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, said };
}

test('a process that is well answers 200, a stuck one 503 with its trouble, and the check tells them apart', async () => {
  let trouble: string | null = null;
  const health = await serveHealth(0, () => trouble);
  const url = health.url ?? '';
  try {
    expect(await check(url)).toEqual({ code: 0, said: '' });
    trouble = 'the loop stands still';
    const response = await fetch(url);
    expect([response.status, await response.json()]).toEqual([503, { status: 'stuck', trouble }]);
    expect(await check(url)).toEqual({ code: 1, said: expect.stringContaining('the loop stands still') });
    expect((await fetch(url.replace('/healthz', '/other'))).status).toBe(404);
  } finally {
    await health.close();
  }
  expect((await check(url)).code).toBe(1);
});

test('without a port nothing is served', async () => {
  const health = await serveHealth(undefined, () => null);
  expect(health.url).toBeNull();
  await health.close();
});
