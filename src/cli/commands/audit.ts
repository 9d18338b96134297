import { z } from 'zod';
import { tenantOfKey } from '../../../db/read/api-keys.ts';
import { listDecisions } from '../../../db/read/audit.ts';
import type { DecisionView } from '../../../db/read/audit.ts';
import { tenantOfBatch } from '../../../db/read/tenants.ts';
import { redactInputs } from '../../domain/explain/redact.ts';
import { inviteRef, isId } from '../../domain/ids.ts';
import type { TenantId } from '../../domain/ids.ts';
import { command, done } from '../command.ts';
import type { Context } from '../context.ts';
import { id, noFields, value, whole } from '../fields.ts';
import { askTenants, tenantsToAsk } from '../tenant-access.ts';
import { iso, readable } from '../text/time.ts';

export const audit = command({
  name: 'audit',
  summary: 'show the decisions about one subject, the newest first',
  description: 'A subject is whatever has an id: an invite, batch, program, member, tenant, key, suppression or link. Decisions hold ids, codes and figures, no personal data.',
  examples: [
    { line: 'npx flywheel audit --subject tnt_01kx7m3p9q2r4s5t6v7w8x9y0z', does: 'who paused this tenant, and when' },
    { line: 'npx flywheel audit --subject inv_01kx7m3p9q2r4s5t6v7w8x9y0z00 --limit 10 --json', does: 'the last ten about an invite' },
  ],
  args: noFields,
  options: z.strictObject({
    subject: value('id', 'what the decisions are about', z.string().regex(/^[\w.-]{1,200}$/, 'must be an id')),
    tenant: value('tenant id', 'whose it is; left out: it is found out', id('tnt').optional()),
    limit: value('number', 'how many to show: 50 when left out', whole(1, 1000).default(50)),
  }),
  async run({ context, options: { subject, tenant, limit } }) {
    const ref = inviteRef(subject);
    const about = { subjectId: ref?.batchId ?? subject, n: ref?.n ?? null };
    const tenants = await tenantsToAsk(context, tenant ?? (await tenantOf(context, about.subjectId)) ?? undefined);
    if (tenants.kind === 'failed') return tenants;
    const found = await askTenants(context, tenants.value, async (tx, tenantId) => (await listDecisions(tx, tenantId, { after: null, limit, about })).map((decision) => decisionOut(decision, tenantId)));
    return done({ subject, decisions: found.flat() });
  },
  text: ({ subject, decisions }) => (decisions.length === 0 ? `No decision is on record about ${subject}.` : decisions.map(decisionText).join('\n\n')),
});

/** Whose the subject is, where its id says so; else every tenant is asked. */
async function tenantOf(context: Context, subject: string): Promise<TenantId | null> {
  if (isId('tnt', subject)) return subject;
  if (isId('bat', subject)) return tenantOfBatch(context.relay().sql, subject);
  return isId('key', subject) ? tenantOfKey(context.owner(), subject) : null;
}

function decisionOut({ at, inputs, ...decision }: DecisionView, tenantId: TenantId) {
  return { ...decision, tenantId, inputs: redactInputs(inputs), at: iso(at) };
}

function decisionText({ id: decisionId, kind, rule, inputs, actor, at }: ReturnType<typeof decisionOut>): string {
  const given = Object.entries(inputs).map(([name, each]) => `${name}=${typeof each === 'string' ? each : JSON.stringify(each)}`);
  return [`${readable(at)}  ${kind}  by ${actor}`, `  ${rule}`, ...(given.length > 0 ? [`  ${given.join('  ')}`] : []), `  ${decisionId}`].join('\n');
}
