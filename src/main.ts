import { migrate } from '../db/migrate.ts';
import { WrongSecretError } from '../db/write/check-secret.ts';
import { EnvError, readEnv } from './config/env.ts';
import { SMS_VARIABLES } from './config/sms-settings.ts';
import { sayStartFailure } from './config/start-failure.ts';
import { openTelemetry, TELEMETRY_VARIABLES } from './telemetry/telemetry.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** One image, four commands: `api`, `relay`, `worker`, and `migrate`, which ends when it is done. */
const ROLES = ['api', 'relay', 'worker', 'migrate'] as const;
type Role = (typeof ROLES)[number];

async function main(): Promise<void> {
  const role = ROLES.find((known) => known === process.argv[2]);
  if (role === undefined) {
    process.stderr.write(`Say what to run: ${ROLES.join(', ')}.\n`);
    process.exitCode = 2;
    return;
  }
  const lifetime = endOnSignal();
  lifetime.drainsBy(await start(role));
  process.send?.('ready');
}

/** The first SIGTERM or SIGINT drains and ends with 0; a second one ends at once, and so does one before there is anything to drain. */
function endOnSignal(): { drainsBy(stop: () => Promise<void>): void } {
  let drain: (() => Promise<void>) | null = null;
  for (const [signal, number] of [['SIGTERM', 15], ['SIGINT', 2]] as const) {
    process.on(signal, () => {
      const begin = drain;
      drain = null;
      if (begin === null) process.exit(128 + number);
      begin().then(() => process.exit(0), fail);
    });
  }
  return { drainsBy: (stop) => { drain = stop; } };
}

async function start(role: Role): Promise<() => Promise<void>> {
  switch (role) {
    case 'migrate': {
      const report = await migrate(readEnv(['DATABASE_URL']).DATABASE_URL, (name) => { process.stdout.write(`applied ${name}\n`); });
      process.stdout.write(`${String(report.applied.length)} applied, ${String(report.already)} already there\n`);
      return async () => {};
    }
    case 'api': {
      const { startApi } = await import('./api/start-api.ts');
      const env = readEnv(['DATABASE_APP_URL', 'FLYWHEEL_SECRET', 'API_HOST', 'API_PORT', 'API_DRAIN_MS', 'TRUST_PROXY', 'WEBHOOKS_TO_INTERNAL', ...SMS_VARIABLES, ...TELEMETRY_VARIABLES]);
      const telemetry = await openTelemetry(role, env);
      return closing(telemetry, await startApi(env, telemetry));
    }
    case 'relay': {
      const { startRelayProcess } = await import('./relay/start-relay.ts');
      const env = readEnv(['DATABASE_RELAY_URL', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_TLS', 'TEMPORAL_API_KEY', 'HEALTH_PORT', ...TELEMETRY_VARIABLES]);
      const telemetry = await openTelemetry(role, env);
      return closing(telemetry, await startRelayProcess(env, telemetry));
    }
    case 'worker': {
      const { startWorker } = await import('./worker/start-worker.ts');
      const env = readEnv(['DATABASE_APP_URL', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_TLS', 'TEMPORAL_API_KEY',
        'SMTP_URL', 'SMTP_CONNECTIONS', 'SMTP_MESSAGES_PER_SECOND', 'SMS_MESSAGES_PER_SECOND', 'FLYWHEEL_SECRET', 'WORKER_SLOTS', 'WORKFLOW_BUNDLE', 'HEALTH_PORT', 'WEBHOOKS_TO_INTERNAL', 'PAYOUT_SETTLE_SECONDS', ...SMS_VARIABLES, ...TELEMETRY_VARIABLES]);
      const telemetry = await openTelemetry(role, env);
      const worker = await startWorker(env, telemetry);
      worker.finished.catch(fail);
      return closing(telemetry, worker);
    }
  }
}

/** The role first: it has things to tell until its end. */
function closing(telemetry: Telemetry, role: { stop(): Promise<void> }): () => Promise<void> {
  return async () => {
    await role.stop();
    await telemetry.close();
  };
}

function fail(error: unknown): void {
  const plain = error instanceof EnvError || error instanceof WrongSecretError ? error.message : sayStartFailure(error);
  const text = plain ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

main().catch(fail);
