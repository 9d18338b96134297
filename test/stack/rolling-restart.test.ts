import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSecret, systemEnv } from '../../src/config/env.ts';
import { findFreePort } from '../../src/dev/free-port.ts';
import { startRole } from '../../src/dev/roles.ts';
import { rollWhileSending } from '../chaos/scenarios/rolling-restart.ts';
import { chaosTest } from '../chaos/support/chaos-test.ts';
import { expectNothingLost } from '../chaos/support/judge-roll.ts';
import { openWholeStack } from '../chaos/support/whole-stack.ts';
import { openTestDatabase } from '../support/database.ts';

/** Short form of `npm run chaos`. */
chaosTest('a rolling restart under load loses no keyed call and no message, and leaves nothing unknown', { limitMs: 240_000, seed: 1 }, async (random) => {
  const stack = await openWholeStack();
  try {
    expectNothingLost(await rollWhileSending(stack, random, { rounds: 1, tenants: ['roll-a', 'roll-b'], sinkDelayMs: 300, label: 'roll-', drainMs: 500 }));
  } finally {
    await stack.close();
  }
});

test('a second signal ends a process that drains at once', async () => {
  const database = await openTestDatabase();
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-signal-'));
  const port = await findFreePort();
  const env = { ...systemEnv(), DATABASE_APP_URL: database.ownerUrl, FLYWHEEL_SECRET: makeSecret(), API_PORT: String(port), API_DRAIN_MS: '60000' };
  const api = await startRole('api', env, dir);
  try {
    process.kill(api.pid, 'SIGTERM');
    const ready = await readyz(port);
    expect(ready).toEqual([503, { status: 'not_ready', reason: 'draining' }]);
    process.kill(api.pid, 'SIGTERM');
    expect(await api.exited).toEqual({ code: 143, signal: null });
  } finally {
    await api.kill();
    await database.drop();
    rmSync(dir, { recursive: true, force: true });
  }
}, 60_000);

/** Once it no longer says that it is ready. */
async function readyz(port: number): Promise<[number, unknown]> {
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${String(port)}/readyz`);
    if (response.status !== 200) return [response.status, await response.json()];
    await response.body?.cancel();
  }
}
