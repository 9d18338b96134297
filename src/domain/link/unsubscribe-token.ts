import type { BatchId, TenantId } from '../ids.ts';
import { readInviteToken, writeInviteToken } from './invite-token.ts';
import type { Signer } from './signer.ts';

/** What one opt-out link stands for: the recipient of this invite, on this channel, of this tenant. */
export type OptOut = { tenantId: TenantId; batchId: BatchId; n: number; channel: OptOutChannel };
export type OptOutChannel = 'email';

/** One letter a channel; a new channel does not compile until it has its letter. */
const LETTERS: Record<OptOutChannel, string> = { email: 'e' };
const CHANNELS: ReadonlyMap<string, OptOutChannel> = new Map([[LETTERS.email, 'email']]);

/** The token of `/u/{token}` for one invite's recipient. It never expires: CAN-SPAM (16 CFR 316.5) and RFC 8058 want an opt-out that goes on working. */
export function unsubscribeToken(signer: Signer, invite: Omit<OptOut, 'channel'>, channel: OptOutChannel = 'email'): string {
  return writeInviteToken(signer, 'unsubscribe', { ...invite, letter: LETTERS[channel] });
}

/** What a token stands for; null where it is none of ours. */
export function readUnsubscribeToken(signer: Signer, given: string): OptOut | null {
  const token = readInviteToken(signer, 'unsubscribe', given);
  const channel = token === null ? undefined : CHANNELS.get(token.letter);
  return token === null || channel === undefined ? null : { tenantId: token.tenantId, batchId: token.batchId, n: token.n, channel };
}
