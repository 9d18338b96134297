import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { findFreePort } from '../../src/dev/free-port.ts';
import { postWebhook } from '../../src/providers/webhook/post.ts';
import { signWebhook, writeSecret } from '../../src/providers/webhook/sign.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import { examplesOf, holds, openShell, type Shell } from '../support/guide-blocks.ts';
import { REPOSITORY } from '../checks/support/source-files.ts';

const PAGE = readFileSync(join(REPOSITORY, 'docs/webhooks.md'), 'utf8');
const programs = [...PAGE.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, program = '']) => program);
const SECRET = writeSecret(new Uint8Array(32).fill(3));
const BODY = '{"type":"reward.paid","timestamp":"2026-06-10T12:00:00.000Z","sequence":null,"data":{"unit":"€"}}';
const signed = (more: Partial<Parameters<typeof signWebhook>[0]> = {}) => ({ ...signWebhook({ id: 'msg_1', at: Date.now(), body: BODY, secrets: [SECRET], ...more }) });

let folder: string;
beforeAll(() => {
  // Within the repository, so that the program finds the package it imports.
  mkdirSync(join(REPOSITORY, '.flywheel'), { recursive: true });
  folder = mkdtempSync(join(REPOSITORY, '.flywheel', 'webhooks-page-'));
});
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

function save(name: string, text: string | undefined): string {
  const file = join(folder, name);
  writeFileSync(file, text ?? '');
  return file;
}

describe('the API', () => {
  let api: TestApi;
  let shell: Shell;
  beforeAll(async () => {
    api = await openTestApi();
    shell = openShell({ API: api.url, KEY: (await api.makeTenant()).secret, LC_ALL: 'C.UTF-8' });
  });
  afterAll(async () => {
    await shell.close();
    await api.close();
  });

  test('every example works as it stands, in order, and answers what the page says', async () => {
    const examples = examplesOf(PAGE);
    expect(examples.length).toBeGreaterThan(4);
    for (const { script, says } of examples) {
      const printed = await shell.run(script);
      if (says?.kind !== 'json') continue;
      expect({ script, printed, holds: holds(JSON.parse(says.text), JSON.parse(printed)) }).toMatchObject({ holds: true });
    }
  });
});

test('the server takes what we sign, once an id, and refuses what is forged, altered or old', async () => {
  const port = await findFreePort();
  const server: ChildProcess = spawn(process.execPath, [save('server.mjs', programs[0])], { env: { ...process.env, WEBHOOK_SECRET: SECRET, PORT: String(port) }, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    if (server.stdout === null) throw new Error('the server says nothing');
    const lines = createInterface({ input: server.stdout });
    const printed: string[] = [];
    lines.on('line', (line) => { printed.push(line); });
    await once(lines, 'line');
    const post = async (headers: Record<string, string>, body = BODY) => {
      const answer = await postWebhook({ url: `http://127.0.0.1:${String(port)}/`, headers, body }, { allowInternal: true });
      return 'status' in answer ? answer.status : answer.outcome;
    };
    const other = writeSecret(new Uint8Array(32).fill(4));
    expect([await post(signed()), await post(signed()), await post(signed({ secrets: [other, SECRET] })), await post(signed({ id: 'msg_2' }))]).toEqual([204, 204, 204, 204]);
    expect([await post(signed({ secrets: [other] })), await post(signed(), BODY.replace('paid', 'held')), await post(signed({ at: Date.now() - 400_000 })), await post({})]).toEqual([400, 400, 400, 400]);
    expect(printed).toEqual(['listening', 'reward.paid {"unit":"€"}', 'reward.paid {"unit":"€"}']);
  } finally {
    server.kill('SIGKILL');
    await once(server, 'close');
  }
});

test('the lines without a library agree', async () => {
  const check = [
    `import { isAuthentic } from ${JSON.stringify(pathToFileURL(save('by-hand.mjs', programs[1])).href)};`,
    'const { secret, cases } = JSON.parse(process.argv[2]);',
    'console.log(JSON.stringify(cases.map(({ headers, body }) => isAuthentic(secret, headers, body))));',
  ].join('\n');
  const other = writeSecret(new Uint8Array(32).fill(4));
  const cases = [
    { headers: signed(), body: BODY }, { headers: signed({ secrets: [other, SECRET] }), body: BODY }, { headers: signed({ secrets: [other] }), body: BODY }, { headers: signed(), body: BODY.replace('paid', 'held') },
    { headers: signed({ at: Date.now() - 400_000 }), body: BODY }, { headers: signed({ at: Date.now() + 400_000 }), body: BODY }, { headers: {}, body: BODY },
    { headers: { ...signed(), 'webhook-signature': signed()['webhook-signature'].replace('v1,', 'v2,') }, body: BODY }, { headers: { ...signed(), 'webhook-timestamp': 'soon' }, body: BODY },
  ];
  const child = spawn(process.execPath, [save('check.mjs', check), JSON.stringify({ secret: SECRET, cases })], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => { said += text; });
  await once(child, 'close');
  expect(z.array(z.boolean()).parse(JSON.parse(said))).toEqual([true, true, false, false, false, false, false, false, false]);
});
