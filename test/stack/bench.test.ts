import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { REPOSITORY } from '../checks/support/source-files.ts';

/** The bench works: its figures at this size say nothing, its counts do. */
const result = z.object({ rows: z.array(z.object({ lane: z.string(), ours: z.number(), judged: z.number(), exactlyOnce: z.string(), verdict: z.string() })) });
jest.setTimeout(180_000);

let dir: string;
beforeAll(() => { dir = mkdtempSync(join(tmpdir(), 'flywheel-bench-test-')); });
afterAll(() => { rmSync(dir, { recursive: true, force: true }); });

async function bench(...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/bench/run.ts', ...args], { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => { said += part.toString(); });
  const code = await new Promise<number | null>((resolve) => { child.once('close', resolve); });
  return { code, said };
}

test('a lane runs beside its reference, counts that all happened exactly once, and says so', async () => {
  const json = join(dir, 'bench.json');
  const { code, said } = await bench('--quick', '--lane', 'thousand', '--lane', 'redirect', '--json', json);
  expect({ code, said: code === 0 ? '' : said }).toEqual({ code: 0, said: '' });
  const { rows } = result.parse(JSON.parse(readFileSync(json, 'utf8')));
  expect(rows.map(({ lane }) => lane)).toEqual(['thousand', 'redirect']);
  expect(rows.map(({ exactlyOnce }) => exactlyOnce)).toEqual(['200 accepted, handed off and recorded once each', '2000 clicks, as many touches, each counted']);
  expect(rows.every(({ ours, judged }) => ours > 0 && judged > 0)).toBe(true);
});
