import { z } from 'zod';
import { makeKey } from '../../../db/write/make-key.ts';
import { makeTenant } from '../../../db/write/make-tenant.ts';
import type { TenantId } from '../../../src/domain/ids.ts';
import { apiCaller, read, type ApiCaller } from './api-caller.ts';
import type { WholeStack } from './stack-handles.ts';

export type ChaosTenant = { readonly tenantId: TenantId; readonly name: string; readonly programId: string; readonly secret: string; readonly api: ApiCaller };

/** A tenant with a key and a program that may send at any hour and reminds nobody: what is accepted is due at once. */
export async function makeChaosTenant(stack: WholeStack, name: string): Promise<ChaosTenant> {
  const now = Date.now();
  const made = await makeTenant(stack.owner.sql, {
    name,
    fromAddress: `hello@${name}.example`,
    fromName: name,
    postalAddress: `${name}, 1 Long Street, 1000 Town`,
    zone: 'UTC',
    publicUrl: stack.apiUrl,
    linkHosts: [new URL(stack.apiUrl).host],
    allowedDestinations: [`app.${name}.example`],
  }, now);
  if (made.outcome === 'refused') throw new Error(made.problems.join('\n'));
  const { secret } = await makeKey(stack.owner.sql, { tenantId: made.tenantId, name: 'chaos' }, now);
  const api = apiCaller(stack.apiUrl, secret);
  const terms = { sendRules: { layers: [] }, reminders: [] };
  const { id } = read(await api.sendUntilAnswered('POST', '/v1/programs', { loop: 'invite', title: 'Any time', terms }), 201, z.object({ id: z.string() }));
  return { tenantId: made.tenantId, name, programId: id, secret, api };
}

export async function makeChaosTenants(stack: WholeStack, names: readonly string[]): Promise<ChaosTenant[]> {
  const tenants: ChaosTenant[] = [];
  for (const name of names) tenants.push(await makeChaosTenant(stack, name));
  return tenants;
}
