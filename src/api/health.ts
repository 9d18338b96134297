import { readdir } from 'node:fs/promises';
import { types } from 'node:util';
import { Router } from 'express';
import { MIGRATIONS_FOLDER } from '../../db/migrate.ts';
import { TIMED_OUT, within } from './deadline.ts';
import type { Services } from './services.ts';

const ANSWERS_WITHIN_MS = 1000;

/** `/healthz`: the process is up. `/readyz`: it can serve: the database answers in time and has today's schema, and nobody told it to stop. */
export function healthRouter(services: Services): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'up' });
  });
  router.get('/readyz', async (_request, response) => {
    const state = isDraining(services) ? 'draining' : await within(ANSWERS_WITHIN_MS, readiness(services));
    // Told meanwhile: an answer of before would be acted upon after.
    const reason = isDraining(services) ? 'draining' : state === TIMED_OUT ? 'database_unreachable' : state;
    response.set('Cache-Control', 'no-store').status(reason === 'ready' ? 200 : 503).json(reason === 'ready' ? { status: 'ready' } : { status: 'not_ready', reason });
  });
  return router;
}

function isDraining({ draining }: Services): boolean {
  return draining?.aborted === true;
}

async function readiness({ db, log }: Services): Promise<'ready' | 'database_unreachable' | 'schema_not_migrated'> {
  try {
    const [applied, files] = await Promise.all([db.sql<{ name: string }[]>`select name from schema_migrations`, readdir(MIGRATIONS_FOLDER)]);
    const known = new Set(applied.map(({ name }) => name));
    return files.every((file) => !file.endsWith('.sql') || known.has(file)) ? 'ready' : 'schema_not_migrated';
  } catch (error) {
    log.warn({ err: error }, 'not ready');
    const code = types.isNativeError(error) && 'code' in error ? error.code : null;
    return code === '42P01' || code === '42501' ? 'schema_not_migrated' : 'database_unreachable';
  }
}
