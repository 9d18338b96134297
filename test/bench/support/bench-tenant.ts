import { z } from 'zod';
import { makeKey } from '../../../db/write/make-key.ts';
import { makeTenant } from '../../../db/write/make-tenant.ts';
import type { TenantId } from '../../../src/domain/ids.ts';
import type { BenchStack } from './bench-stack.ts';
import { openHttpLoad, type HttpLoad } from './http-load.ts';

export type BenchTenant = {
  readonly tenantId: TenantId;
  readonly secret: string;
  /** Sends at any hour and reminds nobody: what is accepted is due at once. */
  readonly programId: string;
  readonly host: string;
};

/** A tenant of the tier without limits, with a key and a program. */
export async function makeBenchTenant(stack: Pick<BenchStack, 'apiUrl' | 'owner'>, name: string): Promise<BenchTenant> {
  const now = Date.now();
  const made = await makeTenant(stack.owner.sql, {
    name, fromName: 'Lumen', fromAddress: `hello@${name}.example`, postalAddress: 'Lumen, 12 Harbour Street, 20457 Hamburg, Germany', zone: 'UTC',
    publicUrl: stack.apiUrl, linkHosts: [new URL(stack.apiUrl).host], allowedDestinations: [`app.${name}.example`], tier: 'unlimited',
  }, now);
  if (made.outcome === 'refused') throw new Error(made.problems.join('\n'));
  const { secret } = await makeKey(stack.owner.sql, { tenantId: made.tenantId, name: 'bench' }, now);
  const load = openHttpLoad(stack.apiUrl, 1);
  const programId = await makeProgram(load, secret, { sendRules: { layers: [] }, reminders: [] });
  load.close();
  return { tenantId: made.tenantId, secret, programId, host: `app.${name}.example` };
}

/** A program whose invites wait for a window that opens in some hours: what is accepted by it is not delivered meanwhile. */
export async function makeLaterProgram(stack: Pick<BenchStack, 'apiUrl' | 'owner'>, tenant: BenchTenant): Promise<string> {
  const load = openHttpLoad(stack.apiUrl, 1);
  const hour = (inHours: number): string => `${new Date(Date.now() + inHours * 3_600_000).toISOString().slice(11, 13)}:00`;
  const programId = await makeProgram(load, tenant.secret, { sendRules: { layers: [{ label: 'later', windows: [{ start: hour(6), end: hour(8) }] }] }, reminders: [] });
  load.close();
  return programId;
}

export async function makeProgram(load: HttpLoad, secret: string, terms: unknown): Promise<string> {
  const answer = await load.send({ method: 'POST', path: '/v1/programs', secret, body: JSON.stringify({ loop: 'invite', title: 'Study together', terms }) });
  if (answer.status !== 201) throw new Error(`a program was answered ${String(answer.status)}: ${answer.text.slice(0, 500)}`);
  return z.object({ id: z.string() }).parse(JSON.parse(answer.text)).id;
}
