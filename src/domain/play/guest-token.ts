import { isId, type TenantId } from '../ids.ts';

/** What a guest's token says: of which tenant the guest is, so that the row may be looked for, and the secret that is kept as a hash alone. */
export type GuestToken = { readonly tenantId: TenantId; readonly secret: string };

const TOKEN = /^([0-9a-z]{26})\.([A-Za-z0-9_-]{43})$/;

/** A guest's token, of 32 random bytes. It goes into a cookie, and to the app when the guest goes on to sign up. */
export function writeGuestToken(tenantId: TenantId, secret: string): string {
  return `${tenantId.slice('tnt_'.length)}.${secret}`;
}

/** Reads one; null where it is none of ours. Whether it opens anything, the database tells. */
export function readGuestToken(text: string): GuestToken | null {
  const [, tenant, secret] = TOKEN.exec(text) ?? [];
  const tenantId = `tnt_${tenant ?? ''}`;
  return secret !== undefined && isId('tnt', tenantId) ? { tenantId, secret } : null;
}

/** Of a guest's first value there is one event, whoever stores it. */
export function firstValueEventId(guestId: string): string {
  return `guest:${guestId}:first_value`;
}
