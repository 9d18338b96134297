import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { readFiles } from '../checks/support/source-files.ts';
import { workflowBundle } from '../support/workflow-bundle.ts';

const FOLDER = join(__dirname, 'histories');
const recorded = readdirSync(FOLDER).filter((name) => name.endsWith('.json')).toSorted();

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {}, filter: 'OFF' } } });
});

const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

async function replay(text: string): Promise<void> {
  const history: unknown = JSON.parse(text);
  await Worker.runReplayHistory({ workflowBundle: workflowBundle() }, history);
}

test.each(recorded)('a run that lived as in %s goes on with today\'s code', async (name) => {
  await replay(read(name));
});

test('every workflow has a recorded life', () => {
  const workflows = readFiles(['workflows'], '/workflow.ts').map((file) => file.path.split('/').at(-2) ?? '');
  expect(workflows.length).toBeGreaterThan(0);
  expect(workflows.filter((workflow) => !recorded.some((name) => name.startsWith(`${workflow}-`)))).toEqual([]);
});

test('a life that today\'s code would not live is found', async () => {
  const other = read('sender-whole-life.json').replaceAll('"name":"sendDue"', '"name":"sendLater"');
  await expect(replay(other)).rejects.toThrow(DeterminismViolationError);
});

test('a recorded life holds neither an address nor the name of a machine', () => {
  for (const text of recorded.map(read)) {
    expect(new Set([...text.matchAll(/"identity":"([^"]*)"/g)].map(([, identity]) => identity))).toEqual(new Set(['test']));
    const payloads = [...text.matchAll(/"data":"([^"]*)"/g)].map(([, data = '']) => Buffer.from(data, 'base64').toString('utf8'));
    expect(payloads.length).toBeGreaterThan(0);
    expect(payloads.filter((payload) => payload.includes('@'))).toEqual([]);
  }
});
