import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openMailStore, readDeliveries } from '../../src/dev/mail-store.ts';
import type { NewMail } from '../../src/dev/mail-store.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flywheel-mails-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function mail(to: string, raw: string): NewMail {
  return { from: 'app@example.com', to: [to], messageId: '<1@example.com>', subject: 'Hello\nthere', raw: Buffer.from(raw) };
}

test('what was kept is there again after a restart, byte for byte, and numbering goes on', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 8 }), async (bodies) => {
      const place = mkdtempSync(join(dir, 'run-'));
      const first = await openMailStore(place, { sync: false });
      await Promise.all(bodies.map((body, index) => first.append(mail(`u${index}@example.com`, body))));
      await first.close();
      const second = await openMailStore(place, { sync: false });
      const kept = await Promise.all(second.list().map((entry) => second.raw(entry)));
      expect(kept.map(String)).toEqual(bodies.map((body) => Buffer.from(body).toString()));
      const next = await second.append(mail('next@example.com', 'next'));
      expect(next.id).toBe(String(bodies.length + 1));
      expect(String(await second.raw(next))).toBe('next');
      await second.close();
    }),
    { numRuns: 30 },
  );
});

test('a line that a crash cut off counts for nothing and does not spoil the next one', async () => {
  const before = await openMailStore(dir, { sync: true });
  await before.append(mail('a@example.com', 'first'));
  await before.close();
  appendFileSync(join(dir, 'mails.raw'), 'half a mess');
  appendFileSync(join(dir, 'mails.jsonl'), '{"id":"2","to":["b@exam');
  expect(readDeliveries(dir).map(({ to }) => to)).toEqual([['a@example.com']]);
  const after = await openMailStore(dir, { sync: true });
  const kept = await after.append(mail('c@example.com', 'third'));
  expect(String(await after.raw(kept))).toBe('third');
  await after.close();
  expect(readDeliveries(dir).map(({ id, to }) => [id, ...to])).toEqual([
    ['1', 'a@example.com'],
    ['2', 'c@example.com'],
  ]);
});
