import type { Request, Response } from 'express';
import { smsTenantsOf } from '../../../db/read/sms-tenants.ts';
import { heedSmsAnswer } from '../../../db/write/heed-sms-answer.ts';
import type { HeededAnswer, SmsAnswer, SmsWriter } from '../../../db/write/heed-sms-answer.ts';
import type { TenantId } from '../../domain/ids.ts';
import { PUBLIC_RULES } from '../../domain/limits/tiers.ts';
import { readSmsReply } from '../../domain/message/sms-keywords.ts';
import { smsReplyText } from '../../domain/message/sms-reply-words.ts';
import type { SmsReplyKind } from '../../domain/message/sms-reply-words.ts';
import { readInboundSms } from '../../providers/sms/twilio-events.ts';
import type { InboundSms } from '../../providers/sms/twilio-events.ts';
import { askDatabase } from '../ask-database.ts';
import { problem } from '../problems.ts';
import type { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { readSigned } from './read-signed.ts';
import type { TwilioSettings } from './read-signed.ts';

/** The vendor waits for 15 s. */
const WITHIN_MS = 10_000;

/** `reply`: what the phone gets for an answer; null: nothing. */
export type Heard = Problem | { kind: 'heard'; reply: string | null };
const SILENT: Heard = { kind: 'heard', reply: null };

/**
 * What somebody answered. STOP, START and HELP, by the vendor's keywords or in plain speech, count for every tenant that
 * wrote to this phone: they may share the number, and the phone cannot tell them apart. All else is passed over. The words
 * are kept nowhere. A reply comes only where the vendor did not answer by itself, and once.
 */
export async function takeInbound(services: Services, settings: TwilioSettings, request: Request, response: Response): Promise<Heard> {
  const signed = await readSigned(services, settings, request, response);
  if (signed.kind === 'problem') return signed;
  const read = readInboundSms(signed.form);
  if (read.outcome === 'invalid') return problem('invalid_request', { detail: `The message is not one: ${read.why}.` });
  if (read.outcome === 'other') return SILENT;
  const sms = read.event;
  if (sms.accountSid !== settings.accountSid) return problem('signature_invalid');
  const said = readSmsReply(sms.text, sms.optOutType);
  if (said.asks === 'none') return SILENT;
  const heeded = await askDatabase(services, WITHIN_MS, () => heedForAll(services, sms, said));
  services.log.info({ asks: said.asks, by: said.by, outcomes: heeded.map(({ outcome }) => outcome) }, 'an SMS was answered');
  if (said.vendorReplied) return SILENT;
  const reply = replyTo(said.asks, heeded);
  return reply === null || !(await mayReply(services, sms)) ? SILENT : { kind: 'heard', reply };
}

type Said = Pick<SmsAnswer, 'asks' | 'by'>;

/** One tenant after the other: what failed in the middle is done when the vendor tells it again. */
async function heedForAll(services: Services, sms: InboundSms, { asks, by }: Said): Promise<HeededAnswer[]> {
  const { db, keyring, clock } = services;
  const phoneKey = keyring.hashPhone(sms.from);
  const heeded: HeededAnswer[] = [];
  for (const tenantId of await smsTenantsOf(db.sql, phoneKey)) {
    heeded.push(await db.asTenant(tenantId, (tx) => heedSmsAnswer(tx, {
      tenantId, phoneKey, phoneHash: phoneHashOf(services, tenantId, sms.from), providerMessageId: sms.providerMessageId, asks, by, now: clock.now(),
    })));
    services.afterCommit?.(tenantId);
  }
  if (heeded.some(({ outcome }) => outcome === 'stopped')) services.watch?.growth.optedOut('sms');
  return heeded;
}

function phoneHashOf({ keyring }: Services, tenantId: TenantId, phone: string): Uint8Array {
  return keyring.hashRecipient(tenantId, phone);
}

/** Told again while it is being heeded, the one that came to the first tenant first replies; told again later, nobody does. */
function replyTo(asks: Said['asks'], heeded: readonly HeededAnswer[]): string | null {
  if (heeded[0] === undefined || heeded[0].outcome === 'duplicate') return null;
  const kind: SmsReplyKind = asks === 'stop' ? 'stopped' : asks === 'start' ? 'started' : 'help';
  const writers = heeded.flatMap((each): SmsWriter[] => (each.outcome === 'duplicate' || (asks !== 'help' && each.outcome !== kind) ? [] : [each.writer]));
  return writers.length === 0 ? null : smsReplyText(kind, writers);
}

/** Replies are paid for: a phone that asks for help again and again gets some of them. What it asks for is heeded all the same. */
async function mayReply({ limiter, keyring }: Services, sms: InboundSms): Promise<boolean> {
  if (limiter === undefined) return true;
  const who = `sms ${Buffer.from(keyring.hashPhone(sms.from)).toString('hex')}`;
  return (await limiter.charge([{ rule: PUBLIC_RULES.smsReplies, who, cost: 1 }])).kind === 'passed';
}
