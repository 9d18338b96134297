import { z } from 'zod';
import packageJson from '../../package.json';
import { groupBy } from '../domain/group-by.ts';
import { PROBLEM_CODES, PROBLEM_KINDS, problem, problemBody } from './problems.ts';
import type { ProblemCode } from './problems.ts';
import type { Fields } from './read-request.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of these routes, made by reading them. */
export function openApiDocument(routes: readonly Route[]): Json {
  const schemas = new Map<string, unknown>();
  const paths = new Map<string, Json>();
  for (const route of routes) {
    const operations = paths.get(route.path) ?? {};
    operations[route.method] = operationOf(route, schemas);
    paths.set(route.path, operations);
  }
  schemas.set('Problem', schemaOf(problemSchema, 'output', schemas));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Flywheel',
      version: packageJson.version,
      description: 'Growth loops that must not be lost. Every instant is ISO 8601 in UTC; every list is read page by page with `cursor`; every POST with an effect takes an `Idempotency-Key`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ secretKey: [] }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        secretKey: { type: 'http', scheme: 'bearer', description: 'A secret key of your tenant, `sk_…`. For servers only.' },
        publishableKey: { type: 'apiKey', in: 'header', name: 'X-Flywheel-Key', description: 'A publishable key of your tenant, `pk_…`. For browsers and apps, beside a member\'s token.' },
        memberToken: { type: 'http', scheme: 'bearer', description: 'A member\'s token, `mt_…`, made by your server with `POST /v1/members/{id}/tokens`.' },
      },
      parameters: { IdempotencyKey: idempotencyKeyParameter },
      schemas: Object.fromEntries([...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

const problemSchema = z.object({
  type: z.string().meta({ description: 'Where the problem is described, relative to this API' }),
  title: z.string(),
  status: z.int(),
  code: z.enum(PROBLEM_CODES).meta({ description: 'Stable: decide by this' }),
  detail: z.string().meta({ description: 'For people: what to do' }),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional()
    .meta({ description: 'The places at fault: `/a/b` in the body, `?name` in the query, `{name}` in the path' }),
  requestId: z.string(),
});

const idempotencyKeyParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'One key for each thing you want done; the same one when you repeat a request. A repeat gets the same answer with `Idempotent-Replayed: true`. Kept for 7 days.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' },
  example: '6f0d0c5e-3d5a-4f5e-9a3b-1f6f1f0f7c11',
};

/** Fields of draft-ietf-httpapi-ratelimit-headers-11; there is none on a tier without limits. */
const RATE_LIMIT_HEADERS = {
  'RateLimit-Policy': { schema: { type: 'string' }, description: 'The limits that were counted: by name, `q` units in `w` seconds', example: '"requests";q=3000;w=60, "writes";q=1200;w=60' },
  RateLimit: { schema: { type: 'string' }, description: 'What is left of each: `r` units now, one more in `t` seconds', example: '"requests";r=499;t=1, "writes";r=199;t=1' },
};

function operationOf(route: Route, schemas: Map<string, unknown>): Json {
  const body = hasFields(route.body) ? schemaOf(route.body, 'input', schemas) : null;
  const [example] = z.array(z.unknown()).catch([]).parse(z.globalRegistry.get(route.body)?.examples);
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    description: route.description,
    ...(route.browser === true ? { security: [{ secretKey: [] }, { publishableKey: [], memberToken: [] }] } : {}),
    parameters: [
      ...parametersOf(route.params, 'path', schemas),
      ...parametersOf(route.query, 'query', schemas),
      ...(route.keyed ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ],
    ...(body === null ? {} : {
      requestBody: {
        required: !route.body.safeParse({}).success, // no body is read as an empty object
        content: { [route.upload?.mediaType ?? 'application/json']: { schema: body, ...(example === undefined ? {} : { example }) } },
      },
    }),
    responses: { ...answersOf(route, schemas), ...problemsOf(route) },
  };
}

function operationId(route: Route): string {
  const words = route.path.slice('/v1/'.length).split(/[/-]/).map((word) => word.replace(/^\{(\w)(\w*)\}$/, (_all, first: string, rest: string) => `By${first.toUpperCase()}${rest}`));
  return route.method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function answersOf(route: Route, schemas: Map<string, unknown>): Json {
  return Object.fromEntries(Object.entries(route.answers).map(([status, schema]) => [status, {
    description: schema.meta()?.description ?? 'Done',
    headers: {
      'X-Request-Id': { schema: { type: 'string' }, description: 'Quote it when you report something' },
      ...RATE_LIMIT_HEADERS,
      ...(route.keyed ? { 'Idempotent-Replayed': { schema: { type: 'string', const: 'true' }, description: 'This is the stored answer of an earlier request' } } : {}),
    },
    ...(status === '204' ? {} : { content: { [route.download ?? (route.streams === true ? 'text/event-stream' : 'application/json')]: { schema: schemaOf(schema, 'output', schemas) }, ...(route.alsoCsv === true ? { 'text/csv': { schema: { type: 'string' } } } : {}) } }),
  }]));
}

/** Every code a route can answer, its own and those that come with its shape. */
export function problemCodesOf(route: Route): ProblemCode[] {
  const reads = hasFields(route.params) || hasFields(route.query) || hasFields(route.body);
  return [...new Set<ProblemCode>([
    'malformed_http', 'headers_too_large',
    ...(reads ? ['invalid_request'] as const : []),
    ...(route.upload?.problems ?? (takesBody(route) ? ['malformed_json', 'request_too_slow', 'body_too_large', 'unsupported_media_type'] as const : [])),
    ...(route.keyed ? ['idempotency_key_required', 'request_in_progress', 'idempotency_key_reused'] as const : []),
    'key_missing', 'key_unknown', 'key_revoked', 'key_expired', 'wrong_key_kind',
    ...(route.browser === true ? ['member_token_missing', 'member_token_unknown', 'member_token_expired', 'origin_not_allowed'] as const : []),
    ...route.problems,
    'rate_limited', 'internal_error', 'unavailable',
  ])];
}

function problemsOf(route: Route): Json {
  const byStatus = groupBy(problemCodesOf(route), (code) => PROBLEM_KINDS[code].status);
  return Object.fromEntries([...byStatus].map(([status, codes]) => [String(status), {
    description: codes.map((code) => `\`${code}\`: ${PROBLEM_KINDS[code].title}`).join('; '),
    ...(status === PROBLEM_KINDS.rate_limited.status ? { headers: { 'Retry-After': { required: true, schema: { type: 'integer', minimum: 1 }, description: 'Seconds until the same request can pass' }, ...RATE_LIMIT_HEADERS } } : {}),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map((code) => [code, { value: problemBody(problem(code), 'req_6b7c1a8e-7f0a-4f0e-8f60-0d8f2c1f0a11') }])),
      },
    },
  }]));
}

function takesBody(route: Route): boolean {
  return route.method !== 'get' && route.method !== 'delete';
}

function hasFields(schema: z.ZodType): boolean {
  return !(schema instanceof z.ZodObject) || Object.keys(schema.shape).length > 0;
}

function parametersOf(schema: Fields, place: 'path' | 'query', schemas: Map<string, unknown>): Json[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const described = schemaOf(field, 'input', schemas);
    const required = place === 'path' || !z.safeParse(field, undefined).success;
    return { name, in: place, required, ...(typeof described['description'] === 'string' ? { description: described['description'] } : {}), schema: described };
  });
}

/** A zod schema as JSON Schema; what it names (`meta({ id })`) goes into the document's components. */
function schemaOf(schema: z.core.$ZodType, io: 'input' | 'output', schemas: Map<string, unknown>): Json {
  const { $schema: _dialect, $defs, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any', // a schema of our own making says its type in `meta`
    override({ jsonSchema }) {
      if (jsonSchema.format === 'date-time' || jsonSchema.format === 'date') delete jsonSchema.pattern; // a page of digits that says the same
    },
  });
  for (const [name, definition] of Object.entries($defs ?? {})) schemas.set(name, pointToComponents(definition));
  return Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('~')).map(([key, value]) => [key, pointToComponents(value)]));
}

function pointToComponents(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/^#\/\$defs\//, '#/components/schemas/');
  if (Array.isArray(value)) return value.map(pointToComponents);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, pointToComponents(inner)]));
}
