import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { settleUnknownSms, type SettleSmsTurn } from '../../activities/messages/settle-unknown-sms.ts';
import { createApi } from '../../src/api/app.ts';
import { listen } from '../../src/api/listen.ts';
import { readEnv } from '../../src/config/env.ts';
import { SMS_INBOUND_PATH, SMS_VARIABLES, smsSettings } from '../../src/config/sms-settings.ts';
import { findFreePort, LOOPBACK } from '../../src/dev/free-port.ts';
import { standInEnv } from '../../src/dev/sms/stand-in-env.ts';
import { startSmsStandIn, type RunningSmsStandIn } from '../../src/dev/sms/stand-in.ts';
import { openSms } from '../../src/providers/sms/open-sms.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { openTestSending, type TestSending } from './sending.ts';

/** The sender with the real adapter, the vendor's stand-in behind it, and an API that hears the stand-in's webhooks: over real HTTP. */
export type SmsSending = TestSending & {
  readonly vendor: RunningSmsStandIn;
  /** What the API said, one line each. */
  readonly logged: string[];
  /** Counts of what the API answered. */
  webhooks(): number;
  settle(): Promise<SettleSmsTurn>;
};

/** Nobody here waits for a vendor for half a minute. */
const IMPATIENT = { connectMs: 1_000, answerMs: 700, closeMs: 1_000 };

export async function openSmsSending(): Promise<SmsSending> {
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-sms-'));
  const apiUrl = `http://${LOOPBACK}:${String(await findFreePort())}`;
  const vendor = await startSmsStandIn({ dir, inboundWebhookUrl: `${apiUrl}${SMS_INBOUND_PATH}` });
  vendor.setCallbacks({ delayMs: 0 });
  const settings = smsSettings(readEnv(SMS_VARIABLES, standInEnv(vendor, apiUrl)));
  const sms = openSms(settings, IMPATIENT);
  const sending = await openTestSending({ sms });
  const logged: string[] = [];
  let answered = 0;
  const { db, clock, keyring } = sending.deps;
  const app = createApi({ db, clock, keyring, sms: settings, log: createLogger({ level: 'info', destination: { write: (line: string) => { logged.push(line); } } }) });
  const api = await listen((request, response) => {
    response.once('close', () => { answered += 1; });
    app(request, response);
  }, { port: Number(new URL(apiUrl).port), host: LOOPBACK });
  return {
    ...sending,
    vendor, logged,
    webhooks: () => answered,
    settle: () => new MockActivityEnvironment().run(() => settleUnknownSms({ db, clock, keyring, log: sending.deps.log, findSentSms: sms.findSent, draining: sending.deps.draining }, { after: null })),
    async close() {
      await vendor.stop();
      await api.close(200);
      await sending.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Waits for what another process-like part does; fails after ten seconds. */
export async function untilTrue(is: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; !(await is()); tries += 1) {
    if (tries > 1_000) throw new Error(`never happened: ${what}`);
    await new Promise((wake) => { setTimeout(wake, 10); });
  }
}
