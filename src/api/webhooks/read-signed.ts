import express from 'express';
import type { Request, Response } from 'express';
import type { SmsSettings } from '../../config/sms-settings.ts';
import { isSignedByTwilio, readForm } from '../../providers/sms/twilio-signature.ts';
import type { FormValues } from '../../providers/sms/twilio-signature.ts';
import { problem } from '../problems.ts';
import type { Problem } from '../problems.ts';
import type { Services } from '../services.ts';

export type TwilioSettings = Extract<SmsSettings, { kind: 'twilio' }>;
export type ReadSigned = Problem<'body_too_large' | 'invalid_request' | 'signature_invalid'> | { kind: 'form'; form: FormValues };

/** A message has 1,600 characters and a few dozen fields. */
const LIMIT_BYTES = 65_536;
const SAID_EVERY_MS = 60_000;
const readBytes = express.raw({ type: () => true, limit: LIMIT_BYTES, inflate: false });
const saidAtMs = new WeakMap<Services, number>();

/**
 * Reads a webhook of the vendor, once its signature is proved over the public address that it called (behind a proxy not
 * what this server sees) and all form values. Whatever is not signed is refused before anything of it is read or stored.
 */
export async function readSigned(services: Services, settings: TwilioSettings, request: Request, response: Response): Promise<ReadSigned> {
  const failed = await new Promise<unknown>((settle) => { readBytes(request, response, settle); });
  if (failed !== undefined) {
    const isTooLarge = typeof failed === 'object' && failed !== null && 'status' in failed && failed.status === 413;
    return isTooLarge ? problem('body_too_large', { detail: 'A webhook has at most 64 KB.' }) : problem('invalid_request', { detail: 'The body could not be read.' });
  }
  const bytes: unknown = request.body;
  const rawBody = Buffer.isBuffer(bytes) ? bytes.toString('utf8') : '';
  const signed = isSignedByTwilio(settings.authToken, {
    url: `${settings.webhookUrl}${request.originalUrl}`,
    signature: request.get('X-Twilio-Signature'),
    contentType: request.get('Content-Type'),
    rawBody,
  });
  if (!signed) {
    warnOfSignature(services);
    return problem('signature_invalid');
  }
  return { kind: 'form', form: readForm(rawBody) };
}

/** A stranger's try, or an operator's mistake, who must learn of it: then no callback counts. */
function warnOfSignature(services: Services): void {
  if (performance.now() - (saidAtMs.get(services) ?? Number.NEGATIVE_INFINITY) < SAID_EVERY_MS) return;
  saidAtMs.set(services, performance.now());
  services.log.warn('a webhook came without a good signature of Twilio: if Twilio sent it, TWILIO_AUTH_TOKEN is not the account\'s, or TWILIO_WEBHOOK_URL not the address that Twilio calls');
}
