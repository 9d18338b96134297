import { openDatabaseClock } from '../../db/clock.ts';
import { openDatabase } from '../../db/client.ts';
import type { Env } from '../config/env.ts';
import { openKeyring } from '../config/keyring.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createApi } from './app.ts';
import { listen } from './listen.ts';

export type ApiSettings = Pick<Env, 'DATABASE_URL' | 'DATABASE_APP_URL' | 'FLYWHEEL_SECRET' | 'API_HOST' | 'API_PORT' | 'TRUST_PROXY'>;

export type RunningApi = {
  readonly url: string;
  /** Lets running requests end, then closes. */
  stop(): Promise<void>;
};

/** Connects as the app's role and listens. Throws when the port is taken or the database is away. */
export async function startApi(env: ApiSettings, log: Logger): Promise<RunningApi> {
  const db = openDatabase({ url: env.DATABASE_APP_URL ?? env.DATABASE_URL, role: 'flywheel_app', max: 20, name: 'flywheel api' });
  const clock = await openDatabaseClock(db.sql);
  const app = createApi({ db, clock, log, keyring: openKeyring(Buffer.from(env.FLYWHEEL_SECRET, 'base64')), trustProxy: env.TRUST_PROXY });
  const server = await listen(app, { port: env.API_PORT, host: env.API_HOST });
  log.info({ url: server.url }, 'the API listens');
  return {
    url: server.url,
    async stop() {
      await server.close();
      clock.close();
      await db.close();
    },
  };
}
