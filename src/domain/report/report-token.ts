import { timingSafeEqual } from 'node:crypto';
import { isId, type ReportRecipientId, type TenantId } from '../ids.ts';
import { secretInUse, secretNamed, type Secret, type Signer } from '../link/signer.ts';

/** What a link of a report's mails stands for: this recipient says yes, or no more. */
export type ReportLink = { readonly tenantId: TenantId; readonly id: ReportRecipientId; readonly act: ReportAct };
export type ReportAct = 'confirm' | 'unsubscribe';

const LETTERS: Readonly<Record<ReportAct, string>> = { confirm: 'y', unsubscribe: 'n' };
/** Format, key id, letter, tenant (26), recipient (26), signature (32 hexadecimal digits: 128 bits). */
const TOKEN = /^1([0-9a-z])([yn])([0-9a-z]{26})([0-9a-z]{26})([0-9a-f]{32})$/;
const SIGNED_LENGTH = 55;

/** The token of `/reports/{token}`: digits and small letters, without an address in it. It never expires, as a way out must not; what it confirms is bound to its recipient's row. */
export function reportToken(signer: Signer, { tenantId, id, act }: ReportLink): string {
  const secret = secretInUse(signer);
  const body = `1${secret.keyId}${LETTERS[act]}${tenantId.slice(4)}${id.slice(4)}`;
  return body + signatureOf(secret, body);
}

/** What a token stands for; null where it is none of ours. */
export function readReportToken(signer: Signer, given: string): ReportLink | null {
  const token = given.toLowerCase();
  const [, keyId, letter, tenant, recipient, signature] = TOKEN.exec(token) ?? [];
  const secret = keyId === undefined ? undefined : secretNamed(signer, keyId);
  if (secret === undefined || signature === undefined) return null;
  if (!timingSafeEqual(Buffer.from(signature), Buffer.from(signatureOf(secret, token.slice(0, SIGNED_LENGTH))))) return null;
  const [tenantId, id] = [`tnt_${tenant ?? ''}`, `rrc_${recipient ?? ''}`];
  return isId('tnt', tenantId) && isId('rrc', id) ? { tenantId, id, act: letter === LETTERS.confirm ? 'confirm' : 'unsubscribe' } : null;
}

/** Marked as a report's, so that no opt-out of an invite says the same. */
function signatureOf({ sign }: Secret, body: string): string {
  return Buffer.from(sign('unsubscribe', `report ${body}`)).toString('hex').slice(0, 32);
}
