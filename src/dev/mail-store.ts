import { mkdirSync, readFileSync, existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { deferred } from './deferred.ts';
import type { Deferred } from './deferred.ts';

/** One accepted message. `offset` and `bytes` find it in the file of raw messages; `receivedAt` in epoch milliseconds. */
export const storedMail = z.object({
  id: z.string(),
  receivedAt: z.number(),
  from: z.string(),
  to: z.array(z.string()),
  messageId: z.string(),
  subject: z.string(),
  offset: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
});
export type StoredMail = z.infer<typeof storedMail>;
export type NewMail = Pick<StoredMail, 'from' | 'to' | 'messageId' | 'subject'> & { readonly raw: Buffer };

export type MailStore = {
  /** Resolves when the message is in the files for good; in the order of the calls. */
  append(mail: NewMail): Promise<StoredMail>;
  /** All messages, oldest first. */
  list(): readonly StoredMail[];
  find(id: string): StoredMail | undefined;
  raw(mail: StoredMail): Promise<Buffer>;
  close(): Promise<void>;
};

const indexFile = (dir: string): string => join(dir, 'mails.jsonl');
const rawFile = (dir: string): string => join(dir, 'mails.raw');

/** What a sink has accepted so far, from its own file; a line that a crash cut off is left out: it was never answered with 250. */
export function readDeliveries(dir: string): StoredMail[] {
  if (!existsSync(indexFile(dir))) return [];
  const text = readFileSync(indexFile(dir), 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => storedMail.parse(JSON.parse(line)));
}

async function openForAppend(path: string, keepBytes?: number): Promise<{ file: FileHandle; size: number }> {
  const file = await open(path, 'a+', 0o600);
  if (keepBytes !== undefined) await file.truncate(keepBytes);
  return { file, size: (await file.stat()).size };
}

/** Where the last whole line ends. */
function wholeLinesBytes(path: string): number {
  return existsSync(path) ? readFileSync(path).lastIndexOf(0x0a) + 1 : 0;
}

type Waiting = { readonly mail: NewMail; readonly done: Deferred<StoredMail> };

/**
 * Opens the store in `dir`, made when missing: an append-only file of JSON lines beside one of raw messages.
 * With `sync` each message survives a power cut, without it only the end of this process. Messages that arrive
 * together are written together, so that a slow disk does not slow each of them.
 */
export async function openMailStore(dir: string, { sync }: { readonly sync: boolean }): Promise<MailStore> {
  mkdirSync(dir, { recursive: true });
  const mails = readDeliveries(dir);
  const byId = new Map(mails.map((mail) => [mail.id, mail]));
  const index = await openForAppend(indexFile(dir), wholeLinesBytes(indexFile(dir)));
  const raw = await openForAppend(rawFile(dir));
  let rawSize = raw.size;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    const entries = batch.map(({ mail }, position) => {
      const offset = rawSize + batch.slice(0, position).reduce((sum, earlier) => sum + earlier.mail.raw.length, 0);
      const { raw: bytes, ...envelope } = mail;
      return { id: String(mails.length + position + 1), receivedAt: Date.now(), ...envelope, offset, bytes: bytes.length };
    });
    // The message first: a line never points to something that is not there.
    await raw.file.appendFile(Buffer.concat(batch.map(({ mail }) => mail.raw)));
    if (sync) await raw.file.datasync();
    await index.file.appendFile(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    if (sync) await index.file.datasync();
    rawSize = (await raw.file.stat()).size;
    entries.forEach((entry, position) => {
      mails.push(entry);
      byId.set(entry.id, entry);
      batch[position]?.done.resolve(entry);
    });
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await writeBatch(batch);
      } catch (error) {
        const reason = error instanceof Error ? error : new Error(String(error));
        for (const { done } of batch) done.reject(reason);
        // A half-written file must not be continued: what follows would be read wrongly.
        rawSize = (await raw.file.stat()).size;
        await index.file.truncate(wholeLinesBytes(indexFile(dir)));
      }
    }
    writing = undefined;
  }

  return {
    append: (mail) => {
      const done = deferred<StoredMail>();
      waiting.push({ mail, done });
      writing ??= writeAll();
      return done.promise;
    },
    list: () => mails,
    find: (id) => byId.get(id),
    raw: async (mail) => {
      const { buffer } = await raw.file.read(Buffer.alloc(mail.bytes), 0, mail.bytes, mail.offset);
      return buffer;
    },
    close: async () => {
      await writing;
      await Promise.all([index.file.close(), raw.file.close()]);
    },
  };
}
