import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { makeKey } from '../../db/write/make-key.ts';
import { makeTenant } from '../../db/write/make-tenant.ts';
import { takeRateUnits } from '../../db/write/take-rate-units.ts';
import type { NewTenant } from '../../db/write/make-tenant.ts';
import { createApi } from '../../src/api/app.ts';
import { createRateLimiter } from '../../src/api/limits/rate-limiter.ts';
import { listen } from '../../src/api/listen.ts';
import { routes } from '../../src/api/routes.ts';
import type { Services } from '../../src/api/services.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import type { KeyId, TenantId } from '../../src/domain/ids.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { openTestDatabase } from './database.ts';
import type { TestDatabase } from './database.ts';
import { standingClock, type TestClock } from './standing-clock.ts';

export type TestTenant = { tenantId: TenantId; keyId: KeyId; secret: string };

/** What came back. `body` is read where it is an object; `text` always. */
export type Reply = { status: number; headers: Headers; text: string; body: Record<string, unknown> };

export type Send = {
  /** Left out: a key for keyed routes only. Null: none, even there. */
  idempotencyKey?: string | null;
  headers?: Record<string, string>;
  /** Sent as it is, instead of JSON. */
  raw?: string | Uint8Array;
  /** Left out: a 500 throws with what the log knows of it. */
  failsOnPurpose?: boolean;
};

export type TestApi = {
  readonly url: string;
  readonly database: TestDatabase;
  readonly services: Services;
  readonly clock: TestClock;
  /** What the log said, one object a line. */
  readonly logged: Record<string, unknown>[];
  makeTenant(more?: Partial<NewTenant>): Promise<TestTenant>;
  /** One request as this tenant's key (a secret key, or none), over real HTTP. An answer that breaks its route's schema throws. */
  send(as: TestTenant | string | null, method: string, path: string, body?: unknown, how?: Send): Promise<Reply>;
  close(): Promise<void>;
};

export const NOON = Date.parse('2026-06-10T12:00:00Z');

/** Starts the API on a free port against a database of its own. Call `close` in `afterAll`. */
export async function openTestApi(changed: Partial<Services> = {}): Promise<TestApi> {
  const database = await openTestDatabase();
  const clock = standingClock(NOON);
  const logged: Record<string, unknown>[] = [];
  const keyring = openKeyring(randomBytes(32));
  const log = createLogger({ level: 'debug', destination: { write: (line: string) => { logged.push(readObject(line)); } } });
  const limiter = createRateLimiter({ ask: (asks, atUs) => takeRateUnits(database.app.sql, asks, atUs), clock, keyring, log, patienceMs: 10_000 });
  const services: Services = { db: database.app, clock, keyring, log, limiter, ...changed };
  const server = await listen(createApi(services), { port: 0, host: '127.0.0.1' });
  return {
    ...{ url: server.url, database, services, clock, logged },
    makeTenant: (more) => makeTestTenant(database, clock.now(), more),
    async send(as, method, path, body, how = {}) {
      const reply = await send(server.url, { as, method, path, body, how });
      if (reply.status === 500 && how.failsOnPurpose !== true) throw new Error(`${method} ${path} failed: ${JSON.stringify(logged.find((line) => line['requestId'] === reply.body['requestId'])?.['err'])}`);
      return reply;
    },
    async close() {
      await server.close(200);
      await database.drop();
    },
  };
}

export async function makeTestTenant(database: TestDatabase, now: number, more: Partial<NewTenant> = {}): Promise<TestTenant> {
  const made = await makeTenant(database.owner, {
    name: 'Kite Club',
    fromAddress: 'hello@kite.example',
    fromName: 'Kite Club',
    postalAddress: 'Kite Club, 1 Beach Road, 1000 Town',
    zone: 'Europe/Paris',
    publicUrl: 'https://flywheel.example',
    allowedDestinations: ['app.kite.example'],
    tier: 'unlimited',
    ...more,
  }, now);
  if (made.outcome === 'refused') throw new Error(made.problems.join('\n'));
  const key = await makeKey(database.owner, { tenantId: made.tenantId, name: 'test' }, now);
  return { tenantId: made.tenantId, ...key };
}

type Sending = { as: TestTenant | string | null; method: string; path: string; body: unknown; how: Send };

async function send(url: string, { as, method, path, body, how }: Sending): Promise<Reply> {
  const route = findRoute(method, path);
  const key = how.idempotencyKey === undefined && route?.keyed === true ? randomUUID() : how.idempotencyKey;
  const payload = how.raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(as === null ? {} : { authorization: `Bearer ${typeof as === 'string' ? as : as.secret}` }),
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined || key === null ? {} : { 'idempotency-key': key }),
      ...how.headers,
    },
    ...(payload === undefined ? {} : { body: payload }),
  });
  const text = await response.text();
  const reply = { status: response.status, headers: response.headers, text, body: readObject(text) };
  checkAnswer(route, reply);
  return reply;
}

const objectSchema = z.record(z.string(), z.unknown());

function readObject(text: string): Record<string, unknown> {
  try {
    const read = objectSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : {};
  } catch {
    return {};
  }
}

const paths = routes.map((route) => ({ route, is: new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }));

function findRoute(method: string, path: string) {
  const [pathname = ''] = path.split('?');
  return paths.find(({ route, is }) => route.method === method.toLowerCase() && is.test(pathname))?.route;
}

/** A new schema is compiled when first used: made once, not once an answer. */
const strict = new WeakMap<z.ZodType, z.ZodType>();

function strictly(schema: z.ZodType): z.ZodType {
  const made = strict.get(schema) ?? (schema instanceof z.ZodObject ? schema.strict() : schema);
  strict.set(schema, made);
  return made;
}

/** Every answer of every test is held against what the OpenAPI document promises. */
function checkAnswer(route: ReturnType<typeof findRoute>, reply: Reply): void {
  if (route === undefined || reply.status >= 400) return;
  const schema = route.answers[reply.status];
  if (schema === undefined) throw new Error(`${route.path} answered ${reply.status}, which it does not promise`);
  if (reply.status === 204 || (route.alsoCsv === true && reply.headers.get('content-type')?.startsWith('text/csv') === true)) return;
  const fits = strictly(schema).safeParse(reply.body);
  if (!fits.success) throw new Error(`${route.path} answered what its schema does not allow: ${fits.error.message}\n${reply.text.slice(0, 400)}`);
}

/** Reads a list out of a body; throws where there is none. */
export function listIn(body: Record<string, unknown>, field: string): Record<string, unknown>[] {
  return z.array(objectSchema).parse(body[field]);
}

/** Reads a list to its end, page by page; answers the pages. */
export async function readPages(api: TestApi, as: TestTenant, path: string, limit: number): Promise<Record<string, unknown>[][]> {
  const pages: Record<string, unknown>[][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await api.send(as, 'GET', `${path}?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    pages.push(listIn(body, 'data'));
    cursor = z.string().nullable().parse(body['nextCursor']);
    if (body['hasMore'] !== (cursor !== null)) throw new Error('hasMore and nextCursor disagree');
  }
  return pages;
}

/** Reads a text out of a body; throws where there is none. */
export function textIn(body: Record<string, unknown>, field: string): string {
  return z.string().parse(body[field]);
}
