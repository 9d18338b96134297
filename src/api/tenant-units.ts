import { z } from 'zod';
import { listUnits, type TenantUnit } from '../../db/read/tenant-units.ts';
import { defineUnits } from '../../db/write/rewards/define-units.ts';
import { isTenantUnitName } from '../domain/money/unit.ts';
import { instantOut, iso, textIn } from './fields.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Rewards';
const MOST_UNITS = 100;

const unitOut = z.object({
  unit: z.string().meta({ description: 'Its name in terms, rewards and books' }),
  title: z.string().meta({ description: 'What your members call it' }),
  createdAt: instantOut,
}).meta({ id: 'Unit' });
const unitsOut = z.object({ data: z.array(unitOut) });

const unitIn = z.strictObject({
  unit: z.string().refine(isTenantUnitName, 'Give 1 to 30 small letters, digits and underscores, a letter first: capitals are currencies').meta({ description: 'Such as `points`, `xp`, `class_pass`' }),
  title: textIn(60),
});

const list = route({
  method: 'get',
  path: '/v1/units',
  tag,
  summary: 'List your units',
  description: 'What rewards may be counted in besides currencies: credits, points, shields, class passes. Counted in whole ones, never converted.',
  params: none,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: unitsOut },
  problems: [],
  async handle({ tx, tenantId }) {
    return { status: 200, body: { data: (await listUnits(tx, tenantId)).map(unitBody) } };
  },
});

const define = route({
  method: 'put',
  path: '/v1/units',
  tag,
  summary: 'Define units, or give them another title',
  description: 'Units that are not named stay as they are: rewards may be counted in them, so none is ever removed. Sending it again changes nothing.',
  params: none,
  query: none,
  body: z.strictObject({ units: z.array(unitIn).min(1).max(MOST_UNITS).refine((units) => new Set(units.map(({ unit }) => unit)).size === units.length, 'Name each unit once') })
    .meta({ examples: [{ units: [{ unit: 'points', title: 'Points' }, { unit: 'shield', title: 'Streak shield' }] }] }),
  keyed: false,
  answers: { 200: unitsOut },
  problems: [],
  async handle({ tx, tenantId, keyId, now, body }) {
    await defineUnits(tx, { tenantId, units: body.units, actor: keyId, now });
    return { status: 200, body: { data: (await listUnits(tx, tenantId)).map(unitBody) } };
  },
});

function unitBody({ unit, title, createdAt }: TenantUnit) {
  return { unit, title, createdAt: iso(createdAt) };
}

export const tenantUnitRoutes: readonly Route[] = [list, define];
