import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { senderWorkflowId } from '../../workflows/system/sender/contract.ts';
import { makeChaosTenant, type ChaosTenant } from '../chaos/support/chaos-tenant.ts';
import { sendAll } from '../chaos/support/invite-load.ts';
import { waitUntilTerminal } from '../chaos/support/verdict.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';
import { REPOSITORY } from '../checks/support/source-files.ts';

/** The command line as an operator has it, against everything running. */
jest.setTimeout(180_000);

let stack: WholeStack;
let tenant: ChaosTenant;
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'flywheel-cli-'));
  stack = await openWholeStack();
  tenant = await makeChaosTenant(stack, 'lumen');
  await waitUntilTerminal(stack, await sendAll([{ tenant, key: 'operated', addresses: ['ana@people.example', 'ben@people.example'] }]), 60_000);
}, 180_000);
afterAll(async () => {
  await stack.close();
  rmSync(dir, { recursive: true });
}, 30_000);

type Ended = { code: number | null; out: string; err: string };

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: REPOSITORY, env: { ...stack.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data: Buffer) => { out += data.toString(); });
    child.stderr.on('data', (data: Buffer) => { err += data.toString(); });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

const flywheel = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> => run(process.execPath, [join(REPOSITORY, 'src/cli/flywheel.mjs'), ...words], env);

const finding = z.object({ area: z.string(), status: z.string(), says: z.string() });
const diagnosis = z.object({ build: z.string(), healthy: z.boolean(), findings: z.array(finding) });
const replayed = z.object({ build: z.string(), replayed: z.number(), gone: z.number(), broken: z.array(z.object({ workflowId: z.string(), why: z.string() })) });

test('npx finds the command line without network, and the doctor finds nothing wrong with what runs', async () => {
  const { code, out } = await run('npx', ['--offline', 'flywheel', 'doctor', '--api-url', stack.apiUrl, '--json'], { npm_config_cache: join(dir, 'npm') });
  const diagnosed = diagnosis.parse(JSON.parse(out));
  expect(diagnosed.findings.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect([code, diagnosed.healthy]).toEqual([0, true]);
  const says = diagnosed.findings.map((each) => each.says).join('\n');
  for (const expected of ['Answers: version', 'The search attributes are there', 'is served by 1 worker', 'greets us', 'says that it is ready', `This code is ${diagnosed.build}, and so are the workers`]) expect(says).toContain(expected);
});

test('the histories of the running cluster replay with this code', async () => {
  const { code, out, err } = await flywheel(['replay', '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const report = replayed.parse(JSON.parse(out));
  expect(report).toMatchObject({ gone: 0, broken: [] });
  expect(report.replayed).toBeGreaterThan(0);
});

test('a version that would break a running workflow is found, with the workflow\'s id', async () => {
  const bundle = join(dir, 'workflows.cjs');
  const built = await run(process.execPath, ['--import', 'tsx', 'src/worker/build-bundle.ts', bundle]);
  expect({ code: built.code, err: built.err }).toEqual({ code: 0, err: '' });
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replaceAll('sendDue', 'sendLater'));
  const query = `WorkflowId = '${senderWorkflowId({ tenantId: tenant.tenantId, lane: 'email-0' })}'`;
  const { code, out } = await flywheel(['replay', '--limit', '5', '--query', query, '--json'], { WORKFLOW_BUNDLE: bundle });
  expect(code).toBe(1);
  expect(replayed.parse(JSON.parse(out)).broken).toEqual([{ workflowId: `sender/${tenant.tenantId}/email-0`, why: expect.stringMatching(/sendLater|sendDue/) }]);
});

test.each([
  [['replay', '--query', 'nonsense ='], {}, 'Temporal refuses the question'],
  [['replay'], { TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'Temporal does not answer at 127.0.0.1:1.'],
  [['replay'], { TEMPORAL_NAMESPACE: 'nowhere' }, 'Temporal knows no namespace "nowhere".'],
])('%j %j: what Temporal says no to is one plain sentence', async (words, env, says) => {
  const { code, out, err } = await flywheel(words, env);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(says);
  expect(err).not.toMatch(/\n\s+at /);
});

test('a namespace that is not there is a problem the doctor names', async () => {
  const { code, out } = await flywheel(['doctor', '--json'], { TEMPORAL_NAMESPACE: 'nowhere' });
  expect(code).toBe(1);
  expect(diagnosis.parse(JSON.parse(out)).findings).toContainEqual(expect.objectContaining({ area: 'Temporal', status: 'problem', says: 'Temporal knows no namespace "nowhere".' }));
});
