import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { z } from 'zod';
import { liveLoopKeys, loops } from '../../workflows/registry.ts';
import { readFiles } from '../checks/support/source-files.ts';
import { workflowBundle } from '../support/workflow-bundle.ts';
import { releasedBundles } from './released-bundles.ts';

const FOLDER = join(__dirname, 'histories');
const recorded = readdirSync(FOLDER).filter((name) => name.endsWith('.json')).toSorted();

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {}, filter: 'OFF' } } });
});

const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

async function replay(text: string, bundle: WorkflowBundleOption = workflowBundle()): Promise<void> {
  const history: unknown = JSON.parse(text);
  await Worker.runReplayHistory({ workflowBundle: bundle }, history);
}

test.each(recorded)('a run that lived as in %s goes on with today\'s code', async (name) => {
  await replay(read(name));
});

const released = releasedBundles();
const livedBy = (version: string): string[] => recorded.filter((name) => name.endsWith(`-by-${version}.json`));

test('the sender of every release is kept, with lives that it lived', () => {
  expect(released.length).toBeGreaterThan(0);
  expect(released.filter(({ version }) => livedBy(version).length < 2).map(({ version }) => version)).toEqual([]);
});

test.each(released)('the kept bundle of $version still runs on today\'s SDK, and is the one that lived so', async ({ version, code }) => {
  for (const name of livedBy(version)) await replay(read(name), { code });
  await expect(replay(read('sender-whole-life.json').replaceAll('"name":"sendDue"', '"name":"sendLater"'), { code })).rejects.toThrow(DeterminismViolationError);
});

test('every workflow has a recorded life', () => {
  const workflows = readFiles(['workflows'], '/workflow.ts').map((file) => file.path.split('/').at(-2) ?? '');
  expect(workflows.length).toBeGreaterThan(0);
  expect(workflows.filter((workflow) => !recorded.some((name) => name.startsWith(`${workflow}-`)))).toEqual([]);
});

test.each(liveLoopKeys())('%s: each end that it may have was lived, and is kept', (key) => {
  const ends = new Set(recorded.filter((name) => name.startsWith(`${key}-`)).flatMap((name) => endOf(read(name)) ?? []));
  const wanted = [...Object.keys(loops[key].definition.life?.outcomes ?? {}), 'canceled', 'opted_out'];
  expect(wanted.filter((outcome) => !ends.has(outcome))).toEqual([]);
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

const history = z.object({ events: z.array(z.object({ workflowExecutionCompletedEventAttributes: z.object({ result: z.object({ payloads: z.array(z.object({ data: z.string() })) }) }).optional() })) });

/** By which outcome a recorded life ended; null: it did not. */
function endOf(text: string): string | null {
  const [payload] = history.parse(JSON.parse(text)).events.at(-1)?.workflowExecutionCompletedEventAttributes?.result.payloads ?? [];
  return payload === undefined ? null : z.object({ outcome: z.string() }).parse(JSON.parse(Buffer.from(payload.data, 'base64').toString('utf8'))).outcome;
}
