import { z } from 'zod';
import { listTenants } from '../../../db/read/tenants.ts';
import { lockTenant, readTenant } from '../../../db/read/tenant.ts';
import type { TenantView } from '../../../db/read/tenant.ts';
import { setTier } from '../../../db/write/set-tier.ts';
import { pauseTenant, resumeTenant } from '../../../db/write/pause-tenant.ts';
import type { TenantId } from '../../domain/ids.ts';
import { TIERS } from '../../domain/limits/tiers.ts';
import { command, done } from '../command.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { actor, id, noFields, value } from '../fields.ts';
import { noteDecision } from '../note-decision.ts';
import { noTenant, withTenant } from '../tenant-access.ts';
import { pairs, table } from '../text/table.ts';
import { iso, isoOrNull, readable } from '../text/time.ts';
import { tenantMake } from './tenant-make.ts';

const oneTenant = z.strictObject({ tenantId: value('tenant id', 'the tenant; npx flywheel tenant list shows them', id('tnt')) });

const list = command({
  name: 'tenant list',
  summary: 'list the tenants',
  description: 'Lists all tenants, the oldest first, with the number of keys of each that open the API now.',
  examples: [{ line: 'npx flywheel tenant list', does: 'all tenants' }],
  args: noFields,
  options: noFields,
  async run({ context }) {
    const owner = context.owner();
    const tenants = await listTenants(owner, await context.now(owner));
    return done({ tenants: tenants.map(({ pausedAt, createdAt, ...tenant }) => ({ ...tenant, state: pausedAt === null ? 'active' : 'paused', pausedAt: isoOrNull(pausedAt), createdAt: iso(createdAt) })) });
  },
  text: ({ tenants }) => table(['id', 'name', 'state', 'zone', 'live keys', 'made'], tenants.map((tenant) => [tenant.id, tenant.name, tenant.state, tenant.zone, String(tenant.liveKeys), readable(tenant.createdAt)]))
    || 'There are no tenants yet.\n  → npx flywheel tenant make --help',
});

const show = command({
  name: 'tenant show',
  summary: 'show a tenant\'s settings',
  description: 'Shows what a tenant is set to: who its mails are from, its hosts, its zone and its send rules.',
  examples: [{ line: 'npx flywheel tenant show tnt_01kx7m3p9q2r4s5t6v7w8x9y0z', does: 'one tenant' }],
  args: oneTenant,
  options: noFields,
  async run({ context, args: { tenantId } }) {
    const found = await withTenant(context, tenantId, (tx) => readTenant(tx, tenantId));
    return found.kind === 'failed' ? found : done(tenantOut(found.value));
  },
  text: (tenant) => pairs(Object.entries(tenant).map(([name, shown]) => [name, typeof shown === 'string' ? shown : shown === null ? '–' : Array.isArray(shown) ? shown.join(', ') : JSON.stringify(shown)])),
});

const pause = command({
  name: 'tenant pause',
  summary: 'pause everything of a tenant',
  description: 'Nothing of the tenant leaves on any channel from now on; accepting goes on, and so does expiry. Pausing again changes nothing.',
  examples: [{ line: 'npx flywheel tenant pause tnt_01kx7m3p9q2r4s5t6v7w8x9y0z --actor incident-42', does: 'hold all that would leave' }],
  args: oneTenant,
  options: z.strictObject({ actor }),
  async run({ context, args: { tenantId }, options }) {
    const found = await changePause(context, tenantId, { actor: options.actor, change: pauseTenant });
    if (found.kind === 'failed') return found;
    const { pausedBefore, now } = found.value;
    return done({ tenantId, state: 'paused', pausedAt: iso(pausedBefore ?? now), changed: pausedBefore === null });
  },
  text: ({ tenantId, pausedAt, changed }) => `${tenantId} ${changed ? 'is paused' : 'was paused already'}, since ${readable(pausedAt)}.\n  → npx flywheel tenant resume ${tenantId}`,
});

const resume = command({
  name: 'tenant resume',
  summary: 'resume a paused tenant',
  description: 'What was held may leave, each message at a permitted time; the senders are told at once. Resuming a tenant that runs changes nothing.',
  examples: [{ line: 'npx flywheel tenant resume tnt_01kx7m3p9q2r4s5t6v7w8x9y0z --actor incident-42', does: 'let what was held leave' }],
  args: oneTenant,
  options: z.strictObject({ actor }),
  async run({ context, args: { tenantId }, options }) {
    const found = await changePause(context, tenantId, { actor: options.actor, change: resumeTenant });
    return found.kind === 'failed' ? found : done({ tenantId, state: 'active', pausedAt: null, changed: found.value.pausedBefore !== null });
  },
  text: ({ tenantId, changed }) => `${tenantId} ${changed ? 'runs again' : 'was not paused'}.`,
});

const tier = command({
  name: 'tenant tier',
  summary: 'put a tenant on a tier of rate limits',
  description: 'Sets how much a tenant may ask for in how much time. It counts from the next request, with fresh limits. The numbers of each tier stand in docs/operating.md.',
  examples: [{ line: 'npx flywheel tenant tier tnt_01kx7m3p9q2r4s5t6v7w8x9y0z growth --actor sales', does: 'the tier of a growing app' }],
  args: oneTenant.extend({ tier: value('tier', `one of ${TIERS.join(', ')}`, z.enum(TIERS, { message: `must be one of ${TIERS.join(', ')}` })) }),
  options: z.strictObject({ actor }),
  async run({ context, args: { tenantId, tier: chosen }, options }) {
    const owner = context.owner();
    const now = await context.now(owner);
    const before = await setTier(owner, tenantId, chosen);
    if (before === null) return noTenant(tenantId);
    const rule = 'Whoever runs this deployment says how much a tenant may ask for.';
    if (before !== chosen) await noteDecision(context, { tenantId, subjectId: tenantId, kind: 'tenant_tier_changed', rule, inputs: { before, tier: chosen }, actor: options.actor, now });
    return done({ tenantId, tier: chosen, before, changed: before !== chosen });
  },
  text: ({ tenantId, tier: now, before, changed }) => `${tenantId} ${changed ? `is on the tier ${now} now; it was on ${before}` : `was on the tier ${now} already`}.`,
});

/** Pauses or resumes a tenant under its lock; answers since when it was paused before. */
async function changePause(context: Context, tenantId: TenantId, { actor: who, change }: { actor: string; change: typeof pauseTenant | typeof resumeTenant }) {
  const now = await context.now(context.app().sql);
  return withTenant(context, tenantId, async (tx) => {
    const before = await lockTenant(tx, tenantId);
    await change(tx, before, { actor: who, now });
    return { pausedBefore: before.pausedAt, now };
  });
}

function tenantOut({ pausedAt, createdAt, ...tenant }: TenantView) {
  return { ...tenant, state: pausedAt === null ? 'active' : 'paused', pausedAt: isoOrNull(pausedAt), createdAt: iso(createdAt) };
}

export const tenantCommands: readonly Command[] = [tenantMake, list, show, tier, pause, resume];
