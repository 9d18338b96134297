import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { REPOSITORY } from '../checks/support/source-files.ts';
import manifest from '../../package.json';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

/** The program itself, as npx and the image run it. */
let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

type Ended = { code: number | null; out: string; err: string };

function run(words: readonly string[], env: Record<string, string>, stdin = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(REPOSITORY, manifest.bin.flywheel), ...words], { env: { PATH: process.env['PATH'] ?? '', ...env }, cwd: tmpdir() });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data: Buffer) => { out += data.toString(); });
    child.stderr.on('data', (data: Buffer) => { err += data.toString(); });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(stdin);
  });
}

test('npx finds it by package.json, and the file may be run', () => {
  expect(statSync(join(REPOSITORY, manifest.bin.flywheel)).mode & 0o111).toBe(0o111);
});

test('it runs from any folder, reads standard input, and ends by itself', async () => {
  const tenant = { name: 'Lumen', fromAddress: 'hello@lumen.example', fromName: 'Lumen', postalAddress: 'Lumen, 12 Harbour Street', zone: 'UTC', publicUrl: 'https://go.lumen.example', allowedDestinations: ['lumen.example'] };
  const made = await run(['tenant', 'make', '--file', '-', '--json'], { DATABASE_URL: database.ownerUrl }, JSON.stringify(tenant));
  expect({ ...made, out: '' }).toEqual({ code: 0, out: '', err: '' });
  const { tenantId } = z.object({ tenantId: z.string() }).parse(JSON.parse(made.out));
  expect((await run(['tenant', 'list'], { DATABASE_URL: database.ownerUrl })).out).toContain(tenantId);
});

test('variables that are not set come from a file that is named', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-env-'));
  try {
    const file = join(dir, 'operator.env');
    writeFileSync(file, `DATABASE_URL=${database.ownerUrl}\n`);
    expect(await run(['outbox', '--env-file', file], {})).toEqual({ code: 0, out: 'The outbox is empty.\n', err: '' });
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('what went wrong is one plain sentence, whatever it was', async () => {
  const ended = await run(['held'], { DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z' });
  expect(ended).toEqual({ code: 1, out: '', err: expect.stringMatching(/^PostgreSQL does not answer \(ECONNREFUSED\)\.\n {2}→ .*\n$/) });
});

test('a wrong password is said, and is not repeated', async () => {
  const url = new URL(database.ownerUrl);
  url.password = 'not-this-one';
  const ended = await run(['tenant', 'list'], { DATABASE_URL: url.href });
  expect(ended.code).toBe(1);
  expect(ended.err).toContain('refused the password');
  expect(ended.err).not.toContain('not-this-one');
});
