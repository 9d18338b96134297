import { createActivities, type Activities } from '../../activities/create-activities.ts';
import { listenToLanes } from '../../activities/lanes/lane-listener.ts';
import { shareFairly } from '../../activities/messages/share-fairly.ts';
import { openWebhooks } from '../../activities/webhooks/open-webhooks.ts';
import { openDatabaseClock } from '../../db/clock.ts';
import { openDatabase } from '../../db/client.ts';
import { watched } from '../../db/watched.ts';
import { requireSecret } from '../../db/write/check-secret.ts';
import type { Env } from '../config/env.ts';
import { openKeyring } from '../config/keyring.ts';
import { smsSettings, type SmsEnv } from '../config/sms-settings.ts';
import { PAYOUT_PATIENCE } from '../domain/payout/patience.ts';
import { smtpTransport } from '../providers/email/smtp.ts';
import { openRailWith } from '../providers/payout/open-rail.ts';
import { openSms } from '../providers/sms/open-sms.ts';
import { watchedTransport } from '../providers/watched-transport.ts';
import { clockMetrics } from '../telemetry/metrics/clock-metrics.ts';
import { databaseMetrics } from '../telemetry/metrics/database-metrics.ts';
import { webhookMetrics } from '../telemetry/metrics/webhook-metrics.ts';
import { watchSending } from '../telemetry/sending-watch.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { watchWorker, type WorkerHealth } from './worker-health.ts';

export type PartsSettings = Pick<Env, 'DATABASE_APP_URL' | 'SMTP_URL' | 'SMTP_CONNECTIONS' | 'SMTP_MESSAGES_PER_SECOND' | 'SMS_MESSAGES_PER_SECOND' | 'FLYWHEEL_SECRET' | 'WORKER_SLOTS'> & Partial<SmsEnv & Pick<Env, 'WEBHOOKS_TO_INTERNAL' | 'PAYOUT_SETTLE_SECONDS'>>;

export type WorkerParts = { activities: Activities; health: WorkerHealth; close(): Promise<void> };

const POOL = 20;

/** Opens all that a worker's activities work with; `draining` tells them to take on no more. */
export async function openParts(env: PartsSettings, telemetry: Omit<Telemetry, 'close'>, draining: AbortSignal): Promise<WorkerParts> {
  const { log, registry } = telemetry;
  const watch = watchSending(telemetry);
  const db = watched(openDatabase({ url: env.DATABASE_APP_URL, role: 'flywheel_app', max: POOL, name: 'flywheel worker' }), databaseMetrics(registry, POOL));
  // The worker's login may act as both; connects when retention first runs.
  const retention = openDatabase({ url: env.DATABASE_APP_URL, role: 'flywheel_retention', max: 1, name: 'flywheel retention' });
  const clock = await openDatabaseClock(db.sql);
  clockMetrics(registry, clock);
  const keyring = openKeyring(Buffer.from(env.FLYWHEEL_SECRET, 'base64'));
  await requireSecret(db.sql, keyring.fingerprint);
  const listener = await listenToLanes(db);
  const smsVendor = openSms(smsSettings(env));
  const transports = {
    email: watchedTransport(smtpTransport({ url: env.SMTP_URL, connections: env.SMTP_CONNECTIONS }), watch.metrics),
    sms: watchedTransport(smsVendor, watch.metrics),
  };
  const health = watchWorker(() => db.sql`select 1`);
  const hasFreeSlots = (): boolean => health.busy() <= env.WORKER_SLOTS / 2;
  const perSecond = { email: env.SMTP_MESSAGES_PER_SECOND, sms: env.SMS_MESSAGES_PER_SECOND };
  const webhooks = openWebhooks({ db, clock, keyring, log, hasFreeSlots, slots: env.WORKER_SLOTS, toInternal: env.WEBHOOKS_TO_INTERNAL === true, metrics: webhookMetrics(registry) });
  const activities = createActivities({
    db, clock, listener, log, retention, keyring, transports, hasFreeSlots, watch, draining,
    findSentSms: smsVendor.findSent,
    ...webhooks,
    openRail: openRailWith({ allowInternal: env.WEBHOOKS_TO_INTERNAL === true }),
    payoutPatience: { ...PAYOUT_PATIENCE, ...(env.PAYOUT_SETTLE_SECONDS === undefined ? {} : { settleMs: env.PAYOUT_SETTLE_SECONDS * 1000 }) },
    ...shareFairly({ db, clock, keyring, log, transports, hasFreeSlots, perSecond, slots: env.WORKER_SLOTS }),
  });
  return {
    activities, health,
    async close() {
      await webhooks.finish();
      await listener.close().catch(() => {});
      await transports.email.close();
      await transports.sms.close();
      clock.close();
      await retention.close();
      await db.close();
      health.close();
    },
  };
}
