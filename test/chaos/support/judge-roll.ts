import type { RollReport } from '../scenarios/rolling-restart.ts';
import { say } from './chaos-test.ts';
import { NOTHING_WRONG } from './verdict.ts';

/** The API drains for half a second and ends what runs; the relay's calls end within 10 s; a worker has some messages on the wire. */
const DRAINS_WITHIN_MS = { api: 5_000, relay: 12_000, worker: 12_000 };

/** Fails where a rolling restart lost a call or a message, did one twice, left one unknown, or where a process did not drain. */
export function expectNothingLost({ drains, ...report }: RollReport): void {
  say(JSON.stringify(report));
  for (const role of ['api', 'relay', 'worker'] as const) {
    const took = drains.filter((drain) => drain.role === role).map(({ ms }) => ms).toSorted((a, b) => a - b);
    say(`${role}: ${String(took.length)} drained, in ${took.map((ms) => (ms / 1000).toFixed(2)).join(', ')} s`);
  }
  const claimed = drains.filter(({ role }) => role === 'worker').map((drain) => drain.claimed);
  say(`claimed when the worker was told: ${claimed.join(', ')}`);
  expect(Math.max(...claimed)).toBeGreaterThan(0);
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect(report.tally.unknown).toBe(0);
  expect([report.batches, report.replayed]).toEqual([report.requests, report.requests]);
  expect(drains.filter(({ code }) => code !== 0)).toEqual([]);
  expect(drains.filter(({ role, ms }) => ms > DRAINS_WITHIN_MS[role])).toEqual([]);
  expect(drains.filter(({ role, toldNotReady }) => role === 'api' && !toldNotReady)).toEqual([]);
}
