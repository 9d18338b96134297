import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AskedTransfer } from './rail-fault.ts';

/** One transfer as the stand-in keeps it; instants in epoch ms. */
const storedTransfer = z.object({
  id: z.string(),
  payoutId: z.string(),
  amount: z.number(),
  currency: z.string(),
  destination: z.string(),
  idempotencyKey: z.string().nullable(),
  status: z.enum(['pending', 'paid', 'failed']),
  createdAt: z.number(),
});
export type StoredTransfer = z.output<typeof storedTransfer>;

const keptKey = z.object({ key: z.string(), fingerprint: z.string(), transferId: z.string(), at: z.number() });

export type TransferStore = {
  create(asked: AskedTransfer, idempotencyKey: string | null, status: StoredTransfer['status']): StoredTransfer;
  settle(id: string, status: 'paid' | 'failed'): void;
  find(id: string): StoredTransfer | undefined;
  /** All of them, newest first. */
  list(payoutId: string | null): readonly StoredTransfer[];
  key(name: string): z.output<typeof keptKey> | undefined;
  keepKey(name: string, fingerprint: string, transferId: string): void;
  forgetKeys(): void;
};

export const PAID_FILE = 'paid.jsonl';

/** The stand-in's own book below `dir`: transfers with their last status, keys, and one line for each payment that was made, written when it is made. */
export function openTransferStore(dir: string): TransferStore {
  mkdirSync(dir, { recursive: true });
  const files = { transfers: join(dir, 'transfers.jsonl'), keys: join(dir, 'keys.jsonl'), paid: join(dir, PAID_FILE) };
  const transfers = new Map(readLines(files.transfers, storedTransfer).map((one) => [one.id, one]));
  const keys = new Map(readLines(files.keys, keptKey).map((one) => [one.key, one]));
  const append = (file: string, line: unknown): void => { appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 }); };
  const keep = (transfer: StoredTransfer): void => {
    if (transfer.status === 'paid' && transfers.get(transfer.id)?.status !== 'paid') append(files.paid, transfer);
    append(files.transfers, transfer);
    transfers.set(transfer.id, transfer);
  };
  return {
    create(asked, idempotencyKey, status) {
      const made: StoredTransfer = { id: `tr_${randomBytes(12).toString('hex')}`, ...asked, idempotencyKey, status, createdAt: Date.now() };
      keep(made);
      return made;
    },
    settle(id, status) {
      const found = transfers.get(id);
      if (found !== undefined && found.status === 'pending') keep({ ...found, status });
    },
    find: (id) => transfers.get(id),
    list: (payoutId) => [...transfers.values()].filter((one) => payoutId === null || one.payoutId === payoutId).toReversed(),
    key: (name) => keys.get(name),
    keepKey(name, fingerprint, transferId) {
      const kept = { key: name, fingerprint, transferId, at: Date.now() };
      append(files.keys, kept);
      keys.set(name, kept);
    },
    forgetKeys() {
      keys.clear();
      writeFileSync(files.keys, '', { mode: 0o600 });
    },
  };
}

/** What the stand-in below `dir` has paid, in its order: the file that decides whether each payout was paid once. */
export function readPaidFile(dir: string): StoredTransfer[] {
  return readLines(join(dir, PAID_FILE), storedTransfer);
}

function readLines<T>(file: string, schema: z.ZodType<T>): T[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => schema.parse(JSON.parse(line)));
}
