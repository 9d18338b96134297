import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readSmsReply } from '../../domain/message/sms-keywords.ts';

/** One message as the vendor keeps it; instants in epoch ms. */
export const storedSms = z.object({
  sid: z.string(),
  direction: z.enum(['outbound-api', 'outbound-reply', 'inbound']),
  from: z.string(),
  to: z.string(),
  body: z.string(),
  messagingServiceSid: z.string().nullable(),
  status: z.string(),
  errorCode: z.number().nullable(),
  statusCallback: z.string().nullable(),
  validityPeriod: z.number().nullable(),
  createdAt: z.number(),
  sentAt: z.number().nullable(),
});
export type StoredSms = z.infer<typeof storedSms>;

export type SmsStore = {
  /** In the file for good when it returns. */
  keep(sms: StoredSms): void;
  /** All messages, oldest first. */
  list(): readonly StoredSms[];
  find(sid: string): StoredSms | undefined;
  /** Has this phone told this sender to stop (by the vendor's own keywords)? */
  isBlocked(phone: string): boolean;
};

/**
 * Opens the store in `dir`, made when missing: an append-only file of JSON lines, the last one of a message counts.
 * A line that a crash cut off is left out.
 */
export function openSmsStore(dir: string): SmsStore {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'sms.jsonl');
  const messages = new Map<string, StoredSms>();
  for (const sms of readSms(file)) messages.set(sms.sid, sms);
  return {
    keep(sms) {
      appendFileSync(file, `${JSON.stringify(sms)}\n`, { mode: 0o600 });
      messages.set(sms.sid, sms);
    },
    list: () => [...messages.values()],
    find: (sid) => messages.get(sid),
    isBlocked(phone) {
      const said = [...messages.values()].filter((sms) => sms.direction === 'inbound' && sms.from === phone).map(({ body }) => readSmsReply(body));
      const last = said.findLast((reply) => reply.asks !== 'none' && reply.asks !== 'help' && reply.by === 'keyword');
      return last?.asks === 'stop';
    },
  };
}

function readSms(file: string): StoredSms[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) writeFileSync(file, whole, { mode: 0o600 });
  return whole.split('\n').filter((line) => line !== '').map((line) => storedSms.parse(JSON.parse(line)));
}
