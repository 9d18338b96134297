import { z } from 'zod';
import { lockTenant, readTenant } from '../../db/read/tenant.ts';
import type { TenantView } from '../../db/read/tenant.ts';
import { pauseTenant, resumeTenant } from '../../db/write/pause-tenant.ts';
import { updateTenant } from '../../db/write/update-tenant.ts';
import { sendRulesProblems } from '../domain/send-time/plan-send.ts';
import { zoneOffsets } from '../domain/send-time/zone-offsets.ts';
import { idOut, instantOut, iso, isoOrNull } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';
import { readDomainProblem, sendRulesIn, sendRulesOut } from './send-rules.ts';

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
  rulesVersion: z.int(),
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

const update = route({
  method: 'patch',
  path: '/v1/tenant',
  tag,
  summary: 'Change zone or send rules',
  description: 'What is left out stays. Send rules are replaced as a whole and bind every program; what waits is planned again.',
  params: none,
  query: none,
  body: z.strictObject({ zone: z.string().max(64).optional(), sendRules: sendRulesIn.optional() }).meta({ examples: [{ zone: 'Europe/Paris' }] }),
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
    await updateTenant(tx, before, { zone: body.zone ?? before.zone, sendRules: body.sendRules ?? before.sendRules, actor: keyId, now });
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
