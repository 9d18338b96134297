import { z } from 'zod';
import packageJson from '../../package.json';
import { PROBLEM_CODES } from '../../src/api/problems.ts';
import { problemCodesOf } from '../../src/api/openapi.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi } from '../support/api.ts';
import { everyRoute } from '../support/every-route.ts';

let api: TestApi;
let document: Document;

const parameter = z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']), required: z.boolean(), schema: z.record(z.string(), z.unknown()), description: z.string().optional() });
const reference = z.object({ $ref: z.string() });
const media = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }).loose());
const operation = z.object({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  tags: z.array(z.string()).min(1),
  summary: z.string().min(1),
  description: z.string().min(1),
  parameters: z.array(z.union([parameter, reference])),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  requestBody: z.object({ required: z.boolean(), content: media }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), z.object({ description: z.string().min(1), headers: z.unknown().optional(), content: media.optional() })),
}).strict();
const documentSchema = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string(), description: z.string(), license: z.object({ name: z.string(), identifier: z.string() }) }),
  servers: z.array(z.object({ url: z.string() })),
  security: z.tuple([z.object({ secretKey: z.tuple([]) })]),
  tags: z.array(z.object({ name: z.string() })),
  paths: z.record(z.string().startsWith('/v1/'), z.partialRecord(z.enum(['get', 'post', 'put', 'patch', 'delete']), operation)),
  components: z.object({
    securitySchemes: z.object({ secretKey: z.object({ type: z.literal('http'), scheme: z.literal('bearer'), description: z.string() }) }),
    parameters: z.object({ IdempotencyKey: parameter.loose() }),
    schemas: z.record(z.string().regex(/^[A-Za-z0-9._-]+$/), z.record(z.string(), z.unknown())),
  }),
}).strict();
type Document = z.output<typeof documentSchema>;

beforeAll(async () => {
  api = await openTestApi();
  const { body, headers } = await api.send(null, 'GET', '/openapi.json');
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  document = documentSchema.parse(body);
});
afterAll(() => api.close());

/** Every object in the document, with where it stands. */
function* objectsIn(value: unknown, path = ''): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [path, Object.fromEntries(Object.entries(value))];
  for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner, `${path}/${key}`);
}

/** Named by an id of the app's, or saying what is so: told again they change nothing. A person waits for them, so they pay for no key. */
const BY_THEIR_OWN_IDS = new Set(['/v1/prompts/decide', '/v1/prompts/{id}/answers']);

test('it is OpenAPI 3.1 and carries this version', () => {
  expect(document.info.version).toBe(packageJson.version);
});

test('it lists every route, and nothing else', () => {
  const listed = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`));
  expect(listed.toSorted()).toEqual(everyRoute.map(([name]) => name).toSorted());
});

test('no two paths differ only in the names of their parameters', () => {
  const shapes = Object.keys(document.paths).map((path) => path.replaceAll(/\{\w+\}/g, '{}'));
  expect(new Set(shapes).size).toBe(shapes.length);
});

test('every operation has an id of its own', () => {
  const ids = Object.values(document.paths).flatMap((item) => Object.values(item)).map((found) => found?.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every reference leads somewhere', () => {
  for (const [path, { $ref }] of objectsIn(document)) {
    if (typeof $ref !== 'string') continue;
    const [, section = '', name = ''] = /^#\/components\/(schemas|parameters)\/([\w.-]+)$/.exec($ref) ?? [];
    const known = section === 'schemas' ? Object.keys(document.components.schemas) : Object.keys(document.components.parameters);
    expect({ path, $ref, found: known.includes(name) }).toEqual({ path, $ref, found: true });
  }
});

const FOREIGN_WORDS = ['$schema', '$defs', 'definitions', 'nullable'];

test('schemas are plain JSON Schema: each says its type, none brings words of another dialect', () => {
  for (const [path, found] of objectsIn(document)) {
    if (!path.endsWith('/properties')) expect({ path, foreign: Object.keys(found).filter((word) => FOREIGN_WORDS.includes(word)) }).toEqual({ path, foreign: [] });
    if (!/\/(schema|items|properties\/[^/]+)$/.test(path) || /\/example/.test(path)) continue;
    const says = ['type', '$ref', 'anyOf', 'oneOf', 'allOf', 'const', 'enum'].some((word) => word in found);
    expect({ path, says }).toEqual({ path, says: true });
  }
});

describe.each(everyRoute)('%s', (_name, route) => {
  const described = () => {
    const found = document.paths[route.path]?.[route.method];
    if (found === undefined) throw new Error('it is not in the document');
    return found;
  };

  test('names its parameters, each described', () => {
    const { parameters } = described();
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const named = parameters.flatMap((one) => ('name' in one && one.in === 'path' ? [one] : []));
    expect(named.map(({ name }) => name)).toEqual(inPath);
    expect(named.every(({ required }) => required)).toBe(true);
    expect(parameters.some((one) => '$ref' in one && one.$ref.endsWith('/IdempotencyKey'))).toBe(route.keyed);
  });

  test('a POST with an effect asks for an Idempotency-Key', () => {
    expect(route.keyed).toBe(route.method === 'post' && !/\/(?:preview|lookup|evaluate)$/.test(route.path) && !BY_THEIR_OWN_IDS.has(route.path));
  });

  test('lists what it answers, refusals included', () => {
    const { responses } = described();
    for (const status of Object.keys(route.answers)) expect(responses[status]).toBeDefined();
    const codes = Object.values(responses).flatMap((one) => Object.keys(one.content?.['application/problem+json']?.['examples'] ?? {}));
    expect(codes.toSorted()).toEqual(problemCodesOf(route).toSorted());
  });

  test('its body comes with an example that it would accept', () => {
    const { requestBody } = described();
    if (requestBody === undefined) return;
    const example = requestBody.content[route.upload?.mediaType ?? 'application/json']?.['example'];
    expect(example).toBeDefined();
    expect(route.body.safeParse(example)).toMatchObject({ success: true });
    // No body is read as an empty one.
    expect(requestBody.required).toBe(!route.body.safeParse({}).success);
  });
});

test('/docs is a page whose scripts and styles all come from here, none of them inline', async () => {
  const page = await api.send(null, 'GET', '/docs');
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(page.text).not.toMatch(/https?:\/\/|<script>|onload=|style=/);
  const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
  expect(assets.length).toBeGreaterThanOrEqual(3);
  for (const path of assets) expect((await api.send(null, 'GET', path)).status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
});

test('/docs/problems lists every code, where `type` leads', async () => {
  const { text } = await api.send(null, 'GET', '/docs/problems');
  for (const code of PROBLEM_CODES) expect(text).toContain(`id="${code}"`);
});
