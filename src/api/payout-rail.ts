import { z } from 'zod';
import { readChosenRail, type RailView } from '../../db/read/payout-rails.ts';
import { setRail } from '../../db/write/payouts/set-rail.ts';
import { RAIL_KINDS, RAILS } from '../domain/payout/rails.ts';
import { checkWebhookUrl } from '../providers/webhook/check-url.ts';
import { instantOut, iso } from './fields.ts';
import { problem, type FieldError } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Payouts';

const railOut = z.object({
  kind: z.enum(RAIL_KINDS).meta({ description: RAIL_KINDS.map((kind) => `\`${kind}\`: ${RAILS[kind].says}`).join(' ') }),
  url: z.string().nullable(),
  hasSecret: z.boolean().meta({ description: 'The secret itself is never shown' }),
  needsPayee: z.boolean().meta({ description: 'Are payee details of each member needed?' }),
  changedAt: instantOut,
}).meta({ id: 'PayoutRail' });

const railIn = z.strictObject({
  kind: z.enum(RAIL_KINDS),
  url: z.string().max(500).optional().meta({ description: '`own_system`: where the webhook goes; `transfers_api`: the provider\'s address before `/v1/transfers`' }),
  secret: z.string().max(500).optional().meta({ description: '`own_system`: `whsec_` and 24 to 64 bytes in base64, by which the webhook is signed; `transfers_api`: the API key. Left out: as it was, where the address stays, too' }),
}).meta({ examples: [{ kind: 'manual' }, { kind: 'own_system', url: 'https://app.example/hooks/payouts', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }] });

const get = route({
  method: 'get',
  path: '/v1/payout-rail',
  tag,
  summary: 'Read by which rail payouts leave',
  description: 'The one that batches are approved for; payouts under way stay with the rail they have.',
  params: none,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: railOut },
  problems: ['not_found'],
  async handle({ tx, tenantId }) {
    const rail = await readChosenRail(tx, tenantId);
    return rail === null ? problem('not_found', { detail: 'No rail was chosen. Choose one with PUT /v1/payout-rail.' }) : { status: 200, body: railBody(rail) };
  },
});

const set = route({
  method: 'put',
  path: '/v1/payout-rail',
  tag,
  summary: 'Choose by which rail payouts leave',
  description: 'For batches that are approved from now on. A secret may be changed at any time; an address only while no payout is under way by that rail, since it would be looked for where it is not.',
  params: none,
  query: none,
  body: railIn,
  keyed: false,
  answers: { 200: railOut },
  problems: ['invalid_request', 'payouts_under_way'],
  async handle({ tx, tenantId, keyId, now, services, body }) {
    const errors = railErrors(body, services.webhooksToInternal === true);
    if (errors.length > 0) return problem('invalid_request', { errors });
    const outcome = await setRail(tx, {
      tenantId, kind: body.kind, url: body.url ?? null, secretSealed: body.secret === undefined ? null : services.keyring.seal(tenantId, body.secret), actor: keyId, now,
    });
    if (outcome === 'payouts_open') return problem('payouts_under_way');
    if (outcome === 'secret_required') return problem('invalid_request', { errors: [{ path: '/secret', message: 'None is kept for this address: give one.' }] });
    const rail = await readChosenRail(tx, tenantId);
    if (rail === null) throw new Error('a rail that was just chosen is gone');
    return { status: 200, body: railBody(rail) };
  },
});

function railErrors({ kind, url, secret }: z.output<typeof railIn>, allowInternal: boolean): FieldError[] {
  if (!RAILS[kind].hasAddress) {
    return [...(url === undefined ? [] : [{ path: '/url', message: 'A person pays: there is no address.' }]), ...(secret === undefined ? [] : [{ path: '/secret', message: 'A person pays: there is no secret.' }])];
  }
  if (url === undefined) return [{ path: '/url', message: 'Give the address of the rail.' }];
  const checked = checkWebhookUrl(url, { allowInternal });
  const hasQuery = kind === 'transfers_api' && url.includes('?');
  return [
    ...(checked.outcome === 'refused' ? [{ path: '/url', message: checked.say }] : hasQuery ? [{ path: '/url', message: 'Give the address without a query.' }] : []),
    ...(secret === undefined || isSecret(kind, secret) ? [] : [{ path: '/secret', message: kind === 'own_system' ? 'Give `whsec_` and 24 to 64 bytes in base64.' : 'Give 8 to 500 printable ASCII characters without spaces.' }]),
  ];
}

function isSecret(kind: 'manual' | 'own_system' | 'transfers_api', secret: string): boolean {
  if (kind !== 'own_system') return /^[\x21-\x7e]{8,500}$/.test(secret);
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  const bytes = Buffer.from(base64 ?? '', 'base64').length;
  return base64 !== undefined && bytes >= 24 && bytes <= 64;
}

function railBody({ kind, url, secretSealed, changedAt }: RailView): z.input<typeof railOut> {
  return { kind, url, hasSecret: secretSealed !== null, needsPayee: RAILS[kind].needsPayee, changedAt: iso(changedAt) };
}

export const payoutRailRoutes: readonly Route[] = [get, set];
