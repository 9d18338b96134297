import { join } from 'node:path';
import { openDatabaseClock } from '../../db/clock.ts';
import { openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { readGivenEnv, systemEnv } from '../config/env.ts';
import { SMS_INBOUND_PATH, smsSettings } from '../config/sms-settings.ts';
import { checkGivenParts } from './check-given-parts.ts';
import { placeDemoApp, TUTORING_HOST } from './demo-app.ts';
import { demoTenant, keepDemo, type Demo } from './demo-tenant.ts';
import { findFreePort } from './free-port.ts';
import { keptSecret } from './kept-secret.ts';
import { prepareDatabase } from './prepare-database.ts';
import { printProgress } from './progress.ts';
import { startRoles } from './roles.ts';
import { standInEnv } from './sms/stand-in-env.ts';
import { startStack } from './stack.ts';
import type { StartOptions } from './start-options.ts';
import { explainLink, playStory } from './story/play-story.ts';

export type Product = {
  readonly apiUrl: string;
  readonly secret: string;
  readonly temporalAddress: string;
  /** Undefined where a variable replaces the part. */
  readonly inboxUrl: string | undefined;
  readonly smsUrl: string | undefined;
  readonly temporalUiUrl: string | undefined;
  /** What API, relay and worker were started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Rejects when API, relay or worker ends of its own accord. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
};

const PORTS = { api: 3000, demoApp: 3001, postgres: 54_320, temporal: 7233, temporalUi: 8233, smtp: 1025, inbox: 8025, sms: 8026 };

/** Starts every part that no variable replaces, then API, relay and worker; plays the story; prints where to look. */
export async function startProduct(options: StartOptions & { dir: string; cacheDir?: string; stopAsked: Promise<void> }): Promise<Product> {
  const given = readGivenEnv();
  // Half a set of the vendor's variables is a mistake, not a wish for the stand-in.
  const hasSmsVendor = smsSettings(given).kind !== 'off';
  const write = (line: string): void => { process.stdout.write(`${line}\n`); };
  const progress = printProgress((line) => { process.stdout.write(line); });
  const { dir } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => { for (const each of stops.splice(0).toReversed()) await each().catch(() => {}); };
  // Ctrl-C while starting: stop what is up already.
  void options.stopAsked.then(() => { if (!isUp) void stop().then(() => process.exit(130)); });
  let isUp = false;
  try {
    const stack = await startStack({
      dir,
      fresh: options.fresh,
      ...(options.cacheDir === undefined ? {} : { cacheDir: options.cacheDir }),
      needs: { postgres: given.DATABASE_URL === undefined, temporal: given.TEMPORAL_ADDRESS === undefined, inbox: given.SMTP_URL === undefined, sms: !hasSmsVendor },
      preferredPorts: { postgres: PORTS.postgres, temporal: PORTS.temporal, temporalUi: PORTS.temporalUi, smtp: PORTS.smtp, inbox: PORTS.inbox, sms: PORTS.sms },
      onProgress: progress,
    });
    stops.push(() => stack.stop());
    const secret = given.FLYWHEEL_SECRET ?? keptSecret(join(dir, 'secret'));
    const ownerUrl = given.DATABASE_URL ?? (stack.postgres === undefined ? '' : (await prepareDatabase(stack.postgres.url, { name: 'flywheel', password: secret.replaceAll(/\W/g, '') })).ownerUrl);
    await checkGivenParts(given);
    const { applied } = await migrate(ownerUrl);
    progress('database', applied.length === 0 ? 'is up to date' : `${String(applied.length)} migrations applied`);

    const apiPort = await findFreePort(given.API_PORT ?? PORTS.api, (text) => progress('api', text));
    const app = await placeDemoApp(PORTS.demoApp, (text) => progress('demo app', text));
    stops.push(() => app.stop());
    const apiUrl = `http://127.0.0.1:${String(apiPort)}`;
    stack.sms?.setInboundWebhook(`${apiUrl}${SMS_INBOUND_PATH}`);
    const demoFile = join(dir, 'demo.json');
    const demo = await demoTenant({ ownerUrl, file: demoFile, apiUrl, appHosts: [app.host, TUTORING_HOST] });
    await app.listen({ flywheelUrl: apiUrl, secretKey: demo.secret });

    const temporalAddress = given.TEMPORAL_ADDRESS ?? stack.temporal?.address ?? '';
    // These ports are one process's: here the roles would share them.
    const raw = Object.fromEntries(Object.entries(given.raw).filter(([name]) => name !== 'HEALTH_PORT' && name !== 'METRICS_PORT'));
    // Whoever tries webhooks here receives them on this machine.
    const env = { ...systemEnv(), WEBHOOKS_TO_INTERNAL: 'true', ...raw, DATABASE_URL: ownerUrl, TEMPORAL_ADDRESS: temporalAddress, SMTP_URL: given.SMTP_URL ?? stack.inbox?.smtpUrl ?? '',
      FLYWHEEL_SECRET: secret, API_PORT: String(apiPort), ...(stack.sms === undefined ? {} : standInEnv(stack.sms, apiUrl)) };
    const roles = await startRoles(env, join(dir, 'logs'));
    for (const role of [roles.api, roles.relay, roles.worker]) stops.push(() => role.stop());
    progress('flywheel', 'API, relay and worker are up');
    const failed = Promise.race(Object.entries(roles).map(async ([name, role]): Promise<never> => {
      const { code, signal } = await role.exited;
      throw new Error(`The ${name} ended (${signal ?? `exit code ${String(code)}`}); its log is ${join(dir, 'logs', `${name}.log`)}.`);
    }));
    failed.catch(() => {}); // heard by whoever races it

    const told = await tellStory({ options, demo, demoFile, ownerUrl, apiUrl, inboxUrl: stack.inbox?.url, write });
    isUp = true;
    printPlaces(write, { apiUrl, appUrl: app.url, secret: demo.secret, inboxUrl: stack.inbox?.url, smsUrl: stack.sms?.url, temporalUi: stack.temporal?.uiUrl, told });
    return { apiUrl, secret: demo.secret, temporalAddress, inboxUrl: stack.inbox?.url, smsUrl: stack.sms?.url, temporalUiUrl: stack.temporal?.uiUrl, env, failed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One-time pages of the story's invite and referral. */
type Told = { invite: string | null; referral: string | null };
type Telling = { options: StartOptions; demo: Demo; demoFile: string; ownerUrl: string; apiUrl: string; inboxUrl: string | undefined; write(line: string): void };

/** Plays the story on the first start; returns pages that explain it, where it was ever played. */
async function tellStory({ options, demo, demoFile, ownerUrl, apiUrl, inboxUrl, write }: Telling): Promise<Told> {
  let { story } = demo;
  if (story === null && options.story) {
    if (inboxUrl === undefined) write('The story is not played: it reads the embedded inbox, and SMTP_URL replaces it.');
    else {
      write('\nA story, played with real calls:');
      story = await playStory({ apiUrl, secret: demo.secret, inboxUrl, now: await databaseNow(ownerUrl), say: (line) => write(`  ${line}`) });
      keepDemo(demoFile, { ...demo, story });
    }
  }
  if (story === null) return { invite: null, referral: null };
  const { inviteId, referralId } = story;
  return { invite: await explainLink(apiUrl, demo.secret, { inviteId }), referral: await explainLink(apiUrl, demo.secret, { referralId }) };
}

async function databaseNow(ownerUrl: string): Promise<number> {
  const db = openDatabase({ url: ownerUrl, max: 1, name: 'flywheel start' });
  const clock = await openDatabaseClock(db.sql);
  const now = clock.now();
  clock.close();
  await db.close();
  return now;
}

type Places = { apiUrl: string; appUrl: string; secret: string; inboxUrl: string | undefined; smsUrl: string | undefined; temporalUi: string | undefined; told: Told };

function printPlaces(write: (line: string) => void, places: Places): void {
  const row = (what: string, where: string | null | undefined): void => { if (where != null) write(`  ${what.padEnd(14)}${where}`); };
  write('\nFlywheel is up.\n');
  row('API', places.apiUrl);
  row('secret key', places.secret);
  row('docs', `${places.apiUrl}/docs`);
  row('example app', places.appUrl);
  row('mail inbox', places.inboxUrl);
  row('SMS inbox', places.smsUrl);
  row('Temporal UI', places.temporalUi);
  row('the invite', places.told.invite === null ? null : `${places.told.invite}   (its story; opens once)`);
  row('the referral', places.told.referral === null ? null : `${places.told.referral}   (its story; opens once)`);
  row('to try next', `npm run example   (a tutoring app whose members challenge friends, on http://${TUTORING_HOST})`);
  write('\n  Ctrl-C stops everything; the next start goes on with what waits.\n');
}
