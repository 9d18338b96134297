import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeLock } from '../../src/dev/stack-lock.ts';

let dir = '';
let lock = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flywheel-lock-'));
  lock = join(dir, 'stack.lock');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a second stack in the same folder hears which process has it', async () => {
  const release = await takeLock(lock, 'The stack');
  await expect(takeLock(lock, 'The stack')).rejects.toThrow(`The stack is already in use by process ${process.pid}`);
  release();
  expect(existsSync(lock)).toBe(false);
});

test.each([
  ['names a process that is gone', JSON.stringify({ pid: 4_194_303, startedAt: 'some boot/1', token: 'x' })],
  ['names a number that another process has now', JSON.stringify({ pid: process.pid, startedAt: 'an earlier boot/1', token: 'x' })],
  ['was only half written', '{"pid":12'],
])('a lock that %s keeps nobody out', async (_case, content) => {
  writeFileSync(lock, content);
  const release = await takeLock(lock, 'The stack');
  await expect(takeLock(lock, 'The stack')).rejects.toThrow(`process ${process.pid}`);
  release();
});

test('of two that start at the same moment over a dead lock exactly one gets it', async () => {
  writeFileSync(lock, JSON.stringify({ pid: 4_194_303, startedAt: 'some boot/1', token: 'x' }));
  const outcomes = await Promise.allSettled([takeLock(lock, 'The stack'), takeLock(lock, 'The stack')]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});
