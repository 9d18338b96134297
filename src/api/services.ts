import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import type { Keyring } from '../config/keyring.ts';
import type { SmsSettings } from '../config/sms-settings.ts';
import type { TenantId } from '../domain/ids.ts';
import type { RateLimiter } from './limits/rate-limiter.ts';
import type { ApiWatch } from '../telemetry/api-watch.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { StreamTimes } from './stream-times.ts';

/** What the API needs from outside. `db` acts as the app's role: it sees one tenant a transaction. */
export type Services = {
  readonly db: Database;
  /** Where clicks are looked up and committed, on connections of their own. Left out: by `db`. */
  readonly clicks?: Pick<Database, 'sql'>;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly log: Logger;
  /** How SMS are sent, and whose webhooks are believed. `off`: programs with SMS are refused. Left out: that is not judged, and there are no webhooks. */
  readonly sms?: SmsSettings;
  /** May webhooks go to `http://` and inside the network? Left out: no. */
  readonly webhooksToInternal?: boolean;
  /** Counts what callers ask for, with all other processes. Left out: nothing is limited. */
  readonly limiter?: RateLimiter;
  /** Counts and traces what is done. Left out: nobody does. */
  readonly watch?: ApiWatch;
  /** Told after each commit that may have written to the outbox, so that the relay looks at once. Must not throw or wait. */
  readonly afterCommit?: (tenantId: TenantId) => void;
  /** Which proxies' `X-Forwarded-*` count: how many, or their addresses. Left out: none. */
  readonly trustProxy?: number | readonly string[];
  /** Aborts when the process is told to stop: `/readyz` says so, while requests are still answered. */
  readonly draining?: AbortSignal;
  /** How streams keep time; left out: by `STREAM_TIMES`. */
  readonly streamTimes?: Partial<StreamTimes>;
  /** A request that takes longer is answered 503; 30,000 when left out. */
  readonly requestTimeoutMs?: number;
};
