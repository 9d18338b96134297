import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { standInEnv } from '../../src/dev/sms/stand-in-env.ts';
import { startSmsStandIn, type RunningSmsStandIn } from '../../src/dev/sms/stand-in.ts';
import { runJson } from '../support/cli.ts';

/** What the doctor says of SMS; it needs no database for that. */
const diagnosis = z.object({ findings: z.array(z.object({ area: z.string(), status: z.string(), says: z.string(), fix: z.string().nullable() })) });
const NOTHING_ELSE = { DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z' };

let dir: string;
let vendor: RunningSmsStandIn;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'flywheel-sms-'));
  vendor = await startSmsStandIn({ dir });
});
afterAll(async () => {
  await vendor.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function sayings(env: Record<string, string>): Promise<{ status: string; says: string; fix: string | null }[]> {
  const { findings } = await runJson({ ...NOTHING_ELSE, ...env }, ['doctor'], diagnosis);
  return findings.filter(({ area }) => area === 'SMS').map(({ status, says, fix }) => ({ status, says, fix }));
}

test('without a vendor that is noted, and is no problem', async () => {
  expect(await sayings({})).toEqual([{ status: 'note', says: expect.stringContaining('No SMS vendor'), fix: expect.stringContaining('TWILIO_ACCOUNT_SID') }]);
});

test('an account that is taken is ok, and where webhooks go is told', async () => {
  expect(await sayings(standInEnv(vendor, 'https://flywheel.example'))).toEqual([{ status: 'ok', says: 'Twilio takes our account. Twilio is told to call https://flywheel.example.', fix: null }]);
  expect(vendor.store.list()).toEqual([]);
});

test.each([
  ['a wrong token', { TWILIO_AUTH_TOKEN: 'wrong' }, /sms_account_refused/],
  ['a vendor that is away', { TWILIO_BASE_URL: 'http://127.0.0.1:1' }, /cannot_connect/],
  ['half a set', { TWILIO_FROM: '' }, /TWILIO_FROM is not set/],
])('%s is a problem with its fix', async (_what, change, says) => {
  expect(await sayings({ ...standInEnv(vendor, 'https://flywheel.example'), ...change })).toEqual([{ status: 'problem', says: expect.stringMatching(says), fix: expect.any(String) }]);
});
