import { openDatabaseClock } from '../../db/clock.ts';
import { openDatabase } from '../../db/client.ts';
import { watched } from '../../db/watched.ts';
import { requireSecret } from '../../db/write/check-secret.ts';
import { takeRateUnits } from '../../db/write/take-rate-units.ts';
import type { Env } from '../config/env.ts';
import { openKeyring } from '../config/keyring.ts';
import { smsSettings, type SmsEnv } from '../config/sms-settings.ts';
import { watchApi } from '../telemetry/api-watch.ts';
import { clockMetrics } from '../telemetry/metrics/clock-metrics.ts';
import { databaseMetrics } from '../telemetry/metrics/database-metrics.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { createApi } from './app.ts';
import { CLICK_CONNECTIONS } from './clicks/follow.ts';
import { createRateLimiter } from './limits/rate-limiter.ts';
import { watchLimiter } from './limits/watch-limiter.ts';
import { listen } from './listen.ts';

export type ApiSettings = Pick<Env, 'DATABASE_APP_URL' | 'FLYWHEEL_SECRET' | 'API_HOST' | 'API_PORT' | 'API_DRAIN_MS' | 'TRUST_PROXY'> & Partial<SmsEnv & Pick<Env, 'WEBHOOKS_TO_INTERNAL'>>;

export type RunningApi = {
  readonly url: string;
  /**
   * Drains: `/readyz` says 503 at once and answers end their connections; after `API_DRAIN_MS` no connection is taken any
   * more, and what runs is finished. Resolves when all is closed.
   */
  stop(): Promise<void>;
};

const POOL = 20;

/** Connects as the app's role and listens. Throws when the port is taken, the database is away or has known another secret. */
export async function startApi(env: ApiSettings, telemetry: Omit<Telemetry, 'close'>): Promise<RunningApi> {
  const { log, registry } = telemetry;
  const watch = watchApi(telemetry);
  const db = watched(openDatabase({ url: env.DATABASE_APP_URL, role: 'flywheel_app', max: POOL, name: 'flywheel api' }), databaseMetrics(registry, POOL));
  // A connection of its own: under load, when limits matter most, it does not queue behind what they limit.
  const leases = openDatabase({ url: env.DATABASE_APP_URL, role: 'flywheel_app', max: 1, name: 'flywheel limits' });
  // Few, so that what their backends know of these two statements stays warm; and who clicks does not queue behind who imports.
  const clicks = openDatabase({ url: env.DATABASE_APP_URL, role: 'flywheel_app', max: CLICK_CONNECTIONS, name: 'flywheel api' });
  const clock = await openDatabaseClock(db.sql);
  clockMetrics(registry, clock);
  const keyring = openKeyring(Buffer.from(env.FLYWHEEL_SECRET, 'base64'));
  await requireSecret(db.sql, keyring.fingerprint);
  const draining = new AbortController();
  const app = createApi({
    db, clicks, clock, log, keyring, watch,
    limiter: watchLimiter(createRateLimiter({ ask: (asks, atUs) => takeRateUnits(leases.sql, asks, atUs), clock, keyring, log }), watch.growth),
    sms: smsSettings(env),
    webhooksToInternal: env.WEBHOOKS_TO_INTERNAL === true,
    trustProxy: env.TRUST_PROXY,
    draining: draining.signal,
  });
  const server = await listen(app, { port: env.API_PORT, host: env.API_HOST });
  log.info({ url: server.url }, 'the API listens');
  return {
    url: server.url,
    async stop() {
      draining.abort();
      server.drain();
      log.info({ forMs: env.API_DRAIN_MS }, 'the API drains');
      await new Promise((resolve) => { setTimeout(resolve, env.API_DRAIN_MS); });
      await server.close();
      clock.close();
      await Promise.all([db.close(), clicks.close(), leases.close()]);
    },
  };
}
