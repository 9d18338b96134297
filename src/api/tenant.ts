import { z } from 'zod';
import { lockTenant, readTenant } from '../../db/read/tenant.ts';
import type { TenantView } from '../../db/read/tenant.ts';
import { changeRetention } from '../../db/write/change-retention.ts';
import { pauseTenant, resumeTenant } from '../../db/write/pause-tenant.ts';
import { updateTenant } from '../../db/write/update-tenant.ts';
import { TIERS } from '../domain/limits/tiers.ts';
import { sendRulesProblems } from '../domain/send-time/plan-send.ts';
import { zoneOffsets } from '../domain/send-time/zone-offsets.ts';
import { idOut, instantOut, iso, isoOrNull } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';
import { readDomainProblem, sendRulesIn, sendRulesOut } from './send-rules.ts';
import { limitsErrors, mergeLimits, tenantLimitsIn, tenantLimitsOut } from './tenant-limits.ts';

const tag = 'Tenant';

const tenantOut = z.object({
  id: idOut('tnt'),
  name: z.string(),
  fromAddress: z.string(),
  fromName: z.string(),
  replyTo: z.string().nullable(),
  postalAddress: z.string(),
  zone: z.string().meta({ description: 'IANA; its days count the caps, and it stands in for a recipient\'s unknown zone' }),
  publicUrl: z.string(),
  linkHosts: z.array(z.string()),
  allowedDestinations: z.array(z.string()),
  sendRules: sendRulesOut,
  limits: tenantLimitsOut,
  rulesVersion: z.int(),
  retentionMonths: z.int().meta({ description: 'How long clicks, receipts and decisions are kept; what is over goes by the month' }),
  tier: z.enum(TIERS).meta({ description: 'How much may be asked for in how much time; set by whoever runs this deployment' }),
  state: z.enum(['active', 'paused']),
  pausedAt: instantOut.nullable(),
  createdAt: instantOut,
}).meta({ id: 'Tenant' });

function tenantBody({ pausedAt, createdAt, ...tenant }: TenantView) {
  return { ...tenant, state: pausedAt === null ? 'active' as const : 'paused' as const, pausedAt: isoOrNull(pausedAt), createdAt: iso(createdAt) };
}

const get = route({
  method: 'get',
  path: '/v1/tenant',
  tag,
  summary: 'Read your tenant\'s settings',
  description: 'Names, addresses and hosts are set by whoever runs this deployment.',
  params: none,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: tenantOut },
  problems: [],
  async handle({ tx, tenantId }) {
    return { status: 200, body: tenantBody(await readTenant(tx, tenantId)) };
  },
});

const retentionMonthsIn = z.int().min(1, 'Give a whole number of months from 1 to 120').max(120, 'Give a whole number of months from 1 to 120')
  .meta({ description: 'How many months clicks, receipts and decisions are kept' });

const update = route({
  method: 'patch',
  path: '/v1/tenant',
  tag,
  summary: 'Change zone, send rules, limits or how long things are kept',
  description: 'What is left out stays. Send rules are replaced as a whole and bind every program, and so do limits; what waits is planned again. A shorter `retentionMonths` removes what is over with the next daily run, for good.',
  params: none,
  query: none,
  body: z.strictObject({ zone: z.string().max(64).optional(), sendRules: sendRulesIn.optional(), limits: tenantLimitsIn.optional(), retentionMonths: retentionMonthsIn.optional() })
    .meta({ examples: [{ zone: 'Europe/Paris', limits: { messagesPerRecipientPerDay: 2, stopAfterUnanswered: 3 } }] }),
  keyed: false,
  answers: { 200: tenantOut },
  problems: ['invalid_request', 'invalid_send_rules'],
  async handle({ tx, tenantId, keyId, now, body }) {
    if (body.zone !== undefined && zoneOffsets(body.zone) === null) {
      return problem('invalid_request', { errors: [{ path: '/zone', message: 'This is no IANA time zone such as Europe/Paris.' }] });
    }
    const problems = sendRulesProblems(body.sendRules ?? {});
    if (problems.length > 0) return problem('invalid_send_rules', { errors: problems.map((found) => readDomainProblem(found, '/sendRules')) });
    const before = await lockTenant(tx, tenantId);
    const limits = mergeLimits(before.limits, body.limits);
    const errors = limitsErrors(limits);
    if (errors.length > 0) return problem('invalid_request', { errors });
    await updateTenant(tx, before, { zone: body.zone ?? before.zone, sendRules: body.sendRules ?? before.sendRules, limits, actor: keyId, now });
    await changeRetention(tx, before, { months: body.retentionMonths ?? before.retentionMonths, actor: keyId, now });
    return { status: 200, body: tenantBody(await readTenant(tx, tenantId)) };
  },
});

const pause = route({
  method: 'post',
  path: '/v1/tenant/pause',
  tag,
  summary: 'Pause everything',
  description: 'Nothing leaves on any channel; accepting goes on, and so does expiry. Pausing again changes nothing.',
  ...switching(),
  async handle({ tx, tenantId, keyId, now }) {
    await pauseTenant(tx, await lockTenant(tx, tenantId), { actor: keyId, now });
    return { status: 200, body: tenantBody(await readTenant(tx, tenantId)) };
  },
});

const resume = route({
  method: 'post',
  path: '/v1/tenant/resume',
  tag,
  summary: 'Resume',
  description: 'What was held may leave, each at a permitted time. Resuming a tenant that runs changes nothing.',
  ...switching(),
  async handle({ tx, tenantId, keyId, now }) {
    await resumeTenant(tx, await lockTenant(tx, tenantId), { actor: keyId, now });
    return { status: 200, body: tenantBody(await readTenant(tx, tenantId)) };
  },
});

/** What pause and resume have in common. */
function switching() {
  return { params: none, query: none, body: none, keyed: true, answers: { 200: tenantOut }, problems: [] };
}

export const tenantRoutes: readonly Route[] = [get, update, pause, resume];
