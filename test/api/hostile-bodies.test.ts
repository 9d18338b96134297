import fc from 'fast-check';
import { z } from 'zod';
import type { Route } from '../../src/api/route.ts';
import { openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { everyRoute } from '../support/every-route.ts';
import { invite, makeProgram } from '../support/invites-api.ts';

let api: TestApi;
let tenant: TestTenant;
const ours = new Map<string, string>();

beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
  const programId = await makeProgram(api, tenant);
  const [invited] = await invite(api, tenant, programId, ['sam@x.example']);
  if (invited === undefined) throw new Error('nobody was invited');
  ours.set('programs', programId);
  ours.set('programId', programId);
  ours.set('inviteId', invited.id);
  ours.set('invites', invited.id);
  ours.set('invite-batches', invited.ref.batchId);
  ours.set('members', textIn((await api.send(tenant, 'PUT', '/v1/members/user-1', {})).body, 'id'));
});
afterAll(() => api.close());

/** What no schema of ours should let get as far as a failure: sizes, types, dates and characters at their edges. */
const ODD: readonly unknown[] = [
  null, true, '', ' ', 0, -1, 0.5, 1e308, -1e308, 2 ** 53 + 2, 2147483648, 32768, [], {}, [null], [[[[]]]], { toString: 1 },
  'a\u0000b', '\ud800', '\u202e', '\ufeff', "'; drop table members; --", '<script>alert(1)</script>', '{{7*7}}', '%00', '%s%n', '../../etc/passwd', 'x'.repeat(70_000), '😀'.repeat(500),
  '2026-02-30', '0000-00-00', '9999-12-31T23:59:59Z', '+275760-09-13T00:00:00Z', '-000001-01-01T00:00:00Z', '2026-06-10T12:00:00', '24:00', '99:99', 'Mars/Olympus', 'US-ZZ',
  Array.from({ length: 2_000 }, () => 'x'), nested(400),
];
/** What is right, by the name of its field: without it nothing would ever get past the schemas. */
const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  address: ['a@b.example'], afterHours: [24, 48], at: ['2026-06-10T11:00:00Z', '2026-06-12T11:00:00Z'], birthYear: [1990], blackoutDates: [['2026-12-24']], code: ['nobody'], coolingHours: [0, 24], country: ['FR', 'US'], cursor: [''],
  days: [[1, 2]], destination: ['https://app.kite.example/x'], deviceZone: ['Europe/Paris'], end: ['20:00', '24:00'], eventBufferDays: [3], eventDates: [['2026-07-01']], eventId: ['e1', 'e2'], expiresAfterHours: [72, 8760],
  expiresAt: ['2026-06-20T00:00:00Z'], externalId: ['user-1'], fromAddress: ['hello@kite.example'], id: ['x'], invites: [5], kind: ['delivered'], limit: ['5'], loop: ['invite'], locale: ['en', 'de'], maxDelayMinutes: [600],
  messagesPerRecipientPerDay: [2], minRemainingMinutes: [30], months: [[6]], name: ['Ana'], notBefore: ['2026-06-11T00:00:00Z'], now: ['2026-06-10T11:00:00Z'], perMemberPerDay: [5], phone: ['+4915112345678'], place: ['FR', 'US-FL'],
  postalAddress: ['1 Road'], providerEventId: ['v1'], providerMessageId: ['p1'], publicUrl: ['https://flywheel.example'], reason: ['why'], region: ['US-FL'], relationship: ['friend'], retentionMonths: [12], start: ['08:00'], step: [0, 1],
  stopAfterUnanswered: [3], subject: ['Come, {{inviter}}'], subjectId: ['x'], text: ['Hello {{name}}'], title: ['Kites'], type: ['signed_up', 'link_viewed'], version: [1], from: ['1'], to: ['1'], waitHours: [4], zone: ['Europe/Paris', 'Asia/Tokyo'],
};

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

const shapeSchema = z.looseObject({
  $ref: z.string().optional(), $defs: z.record(z.string(), z.unknown()).optional(), enum: z.array(z.unknown()).optional(), const: z.unknown().optional(), type: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(), oneOf: z.array(z.unknown()).optional(), allOf: z.array(z.unknown()).optional(), items: z.unknown().optional(), required: z.array(z.string()).optional(), properties: z.record(z.string(), z.unknown()).optional(),
});

/** Bodies of about the shape a schema asks for, with a value here and there that is not. */
function bodiesOf(raw: unknown, defs: Readonly<Record<string, unknown>>, depth = 0, name = ''): fc.Arbitrary<unknown> {
  const shape = shapeSchema.safeParse(raw);
  const odd = fc.constantFrom(...ODD);
  const right = name === 'email' ? [fc.nat(50).map((n) => `p${String(n)}@b.example`)] : name.endsWith('Id') && ours.has(name) ? [fc.constant(ours.get(name))] : (RIGHT[name] ?? []).map((value) => fc.constant(value));
  if (!shape.success || depth > 9) return odd;
  const { $ref, enum: among, anyOf, oneOf, allOf, items, properties, required = [] } = shape.data;
  if (right.length > 0 && properties === undefined && items === undefined && $ref === undefined) return fc.oneof({ weight: 40, arbitrary: fc.oneof(...right) }, { weight: 1, arbitrary: odd });
  const inner = (one: unknown, of = name) => bodiesOf(one, defs, depth + 1, of);
  if ($ref !== undefined) return inner(defs[$ref.slice($ref.lastIndexOf('/') + 1)]);
  const mostly = (one: fc.Arbitrary<unknown>) => fc.oneof({ weight: 60, arbitrary: one }, { weight: 1, arbitrary: odd });
  if (among !== undefined) return mostly(fc.constantFrom(...among));
  if ('const' in shape.data && shape.data.const !== undefined) return mostly(fc.constant(shape.data.const));
  const choices = anyOf ?? oneOf ?? allOf;
  if (choices !== undefined && choices.length > 0) return fc.oneof(...choices.map((one) => inner(one)));
  if (properties !== undefined) return mostly(fc.record(Object.fromEntries(Object.entries(properties).map(([field, one]) => [field, inner(one, field)])), { requiredKeys: required }).map((body) => lighter(body, required)));
  if (items !== undefined) return mostly(fc.array(inner(items), { maxLength: 3 }));
  return fc.oneof({ weight: 8, arbitrary: fc.constantFrom<unknown>(1, true, 'word') }, { weight: 1, arbitrary: odd });
}

/** Of many fields that may be left out a few at a time: all of them at once are never right together. */
function lighter(body: Readonly<Record<string, unknown>>, required: readonly string[]): Record<string, unknown> {
  const optional = Object.keys(body).filter((field) => !required.includes(field));
  const kept = optional.filter((_field, place) => (place + optional.length) % 3 === 0);
  return Object.fromEntries(Object.entries(body).filter(([field]) => required.includes(field) || kept.includes(field)));
}

function arbitraryOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return bodiesOf(json, json.$defs ?? {});
}

function pathOf(route: Route): string {
  const [, collection = ''] = /^\/v1\/([\w-]+)\//.exec(route.path) ?? [];
  if (route.method === 'put' && collection === 'members') return '/v1/members/user-1'; // by the tenant's own name
  return route.path.replace('{version}', '1').replace('{channel}', 'email').replaceAll(/\{\w+\}/g, ours.get(collection) ?? 'nobody');
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 4_000) : JSON.stringify(value)?.slice(0, 4_000) ?? '');

/** A lone surrogate cannot be sent in an address; its escape can. */
function queryOf(fields: unknown): string {
  const read = z.record(z.string(), z.unknown()).safeParse(fields);
  return read.success ? Object.entries(read.data).map(([name, value]) => `${name}=${encodeURIComponent(textOf(value).replaceAll(/\p{Surrogate}/gu, '?'))}`).join('&') : '';
}

// `send` throws where an answer is 500, and where it is not what the OpenAPI document promises.
test.each(everyRoute)('%s answers whatever it is asked with a success it promises or a refusal', async (_name, route) => {
  const hasBody = route.method !== 'get' && route.method !== 'delete';
  await fc.assert(fc.asyncProperty(hasBody ? arbitraryOf(route.body) : fc.constant(undefined), arbitraryOf(route.query), async (body, query) => {
    const asked = queryOf(query);
    const { status } = await api.send(tenant, route.method.toUpperCase(), `${pathOf(route)}${asked === '' ? '' : `?${asked}`}`, body);
    expect(status).toBeLessThan(500);
  }), { numRuns: hasBody ? 40 : 10, seed: 4, endOnFailure: true });
});
