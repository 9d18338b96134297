import { makeKey } from '../../db/write/make-key.ts';
import { textIn } from './api.ts';
import type { Reply, Send, TestApi, TestTenant } from './api.ts';

export const ORIGIN = 'https://app.kite.example';

/** What a member's page has: the app's publishable key and the member's token. */
export type Page = { readonly publishable: string; readonly keyId: string; readonly token: string; readonly memberId: string };

/** Makes both for a member, who is made, too. */
export async function openPage(api: TestApi, tenant: TestTenant, externalId: string, { origins = [ORIGIN], isDevelopment = false }: { origins?: readonly string[]; isDevelopment?: boolean } = {}): Promise<Page> {
  await api.send(tenant, 'PUT', `/v1/members/${externalId}`, {});
  const key = await makeKey(api.database.owner, { tenantId: tenant.tenantId, name: 'page', purpose: { kind: 'publishable', allowedOrigins: origins, isDevelopment } }, api.clock.now());
  const { body } = await api.send(tenant, 'POST', `/v1/members/${externalId}/tokens`);
  return { publishable: key.secret, keyId: key.keyId, token: textIn(body, 'token'), memberId: textIn(body, 'memberId') };
}

export function pageHeaders({ publishable, token }: Page, origin: string | null = ORIGIN): Record<string, string> {
  return { 'x-flywheel-key': publishable, authorization: `Bearer ${token}`, ...(origin === null ? {} : { origin }) };
}

/** One request as the page makes it. */
export function fromPage(api: TestApi, page: Page, method: string, path: string, body?: unknown, { origin, ...how }: Send & { origin?: string | null } = {}): Promise<Reply> {
  return api.send(null, method, path, body, { ...how, headers: { ...pageHeaders(page, origin), ...how.headers } });
}
