import { z } from 'zod';
import { openTestApi, type TestApi, type TestTenant } from '../support/api.ts';
import { errorIn, runCli, runJson } from '../support/cli.ts';

let api: TestApi;
let tenant: TestTenant;
let env: { DATABASE_URL: string };
beforeAll(async () => {
  api = await openTestApi();
  env = { DATABASE_URL: api.database.ownerUrl };
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const made = z.object({ keyId: z.string(), key: z.string(), allowedOrigins: z.array(z.string()), isDevelopment: z.boolean() });
const line = (...more: string[]) => ['key', 'make-publishable', '--tenant', tenant.tenantId, '--name', 'web', ...more];

test('a publishable key is made for its origins, each once, and is listed as what it is', async () => {
  const { keyId, ...key } = await runJson(env, line('--origin', 'https://app.example.com/', '--origin', 'https://app.example.com', '--origin', 'https://b.example.com:8443'), made);
  expect(key).toEqual({ key: expect.stringMatching(/^pk_[\w-]{43}$/), allowedOrigins: ['https://app.example.com', 'https://b.example.com:8443'], isDevelopment: false });
  const { keys } = await runJson(env, ['key', 'list', '--tenant', tenant.tenantId], z.object({ keys: z.array(z.object({ id: z.string(), kind: z.string() })) }));
  expect(keys.find(({ id }) => id === keyId)?.kind).toBe('publishable');
  const audit = await runJson(env, ['audit', '--subject', keyId], z.object({ decisions: z.array(z.object({ kind: z.string() })) }));
  expect(audit.decisions.map(({ kind }) => kind)).toEqual(['key_made']);
});

test('one for development says so by its name', async () => {
  expect((await runJson(env, line('--development'), made)).key).toMatch(/^pk_dev_/);
});

test.each(['http://app.example.com', 'https://*.example.com', 'https://app.example.com/path', 'app.example.com', '*'])('%s is refused in words to act on', async (origin) => {
  const run = await runCli(env, [...line('--origin', origin), '--json']);
  expect(run.code).not.toBe(0);
  expect(errorIn(run).message).toContain('is no https origin');
});
