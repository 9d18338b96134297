import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import type { Transports } from '../../src/providers/transport.ts';
import type { Logger } from '../../src/telemetry/logger.ts';

export type ReportDeps = { db: Database; clock: Clock; keyring: Keyring; transports: Pick<Transports, 'email'>; log: Logger; /** Aborts when the worker drains: end after the mail at hand. */ draining: AbortSignal };
