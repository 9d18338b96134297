import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { listenToLanes } from '../../activities/lanes/lane-listener.ts';
import { shareFairly } from '../../activities/messages/share-fairly.ts';
import { sendDue, type SendDueDeps, type SendDueReport } from '../../activities/messages/send-due.ts';
import type { InviterRef } from '../../db/read/offer.ts';
import { acceptInvites, type AcceptedBatch, type Invitee } from '../../db/write/accept-invites.ts';
import { startSink, type RunningSink } from '../../src/dev/sink.ts';
import { newId } from '../../src/config/new-id.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import type { ProgramId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import { smtpTransport } from '../../src/providers/email/smtp.ts';
import { openSms } from '../../src/providers/sms/open-sms.ts';
import type { Transport, Transports } from '../../src/providers/transport.ts';
import { inviteDefinition } from '../../workflows/invite/definition.ts';
import { makeTestTenant, NOON, type TestTenant } from './api.ts';
import { standingClock, type TestClock } from './standing-clock.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';

/** Everything below the workflow, real: database, SMTP, activity; the clock stands where the test puts it. */
export type TestSending = {
  database: TestDatabase;
  clock: TestClock;
  sink: RunningSink;
  deps: SendDueDeps;
  tenant: TestTenant;
  makeProgram(terms?: Partial<ProgramTerms>, of?: TestTenant): Promise<ProgramId>;
  accept(programId: ProgramId, invitees: readonly Invitee[], inviter?: InviterRef | null): Promise<AcceptedBatch>;
  /** One turn of the sender's activity. */
  sendDue(changed?: Partial<SendDueDeps>, channel?: Channel): Promise<SendDueReport>;
  mailTo(address: string): number;
  close(): Promise<void>;
};

export async function openTestSending(changed: { transport?: Transport; sms?: Transports['sms'] } = {}): Promise<TestSending> {
  const database = await openTestDatabase();
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-sink-'));
  const sink = await startSink({ dir, sync: false });
  const clock = standingClock(NOON);
  const transport = changed.transport ?? smtpTransport({ url: sink.url, connections: 4 });
  const sms = changed.sms ?? openSms({ kind: 'off' });
  const keyring = openKeyring(randomBytes(32));
  const listener = await listenToLanes(database.app);
  const tenant = await makeTestTenant(database, NOON);
  const log = pino({ level: 'silent' });
  const transports = { email: transport, sms };
  const hasFreeSlots = (): boolean => false;
  const deps: SendDueDeps = {
    db: database.app, clock, keyring, listener, log, transports, hasFreeSlots,
    ...shareFairly({ db: database.app, clock, keyring, log, transports, hasFreeSlots, slots: 50, chance: () => 0.5 }),
    draining: new AbortController().signal,
  };
  return {
    database, clock, sink, deps, tenant,
    makeProgram: (terms, of) => insertProgram(database, of ?? tenant, { ...inviteDefinition.defaultTerms, ...terms }),
    async accept(programId, invitees, inviter = null) {
      const batch = await database.app.asTenant(tenant.tenantId, (tx) =>
        acceptInvites(tx, keyring, { tenantId: tenant.tenantId, programId, inviter, invitees, now: clock.now(), actor: 'test' }));
      if (batch.outcome !== 'accepted') throw new Error(batch.outcome);
      return batch;
    },
    sendDue: (more = {}, channel = 'email') => runTurn({ ...deps, ...more }, tenant, channel),
    mailTo: (address) => sink.deliveries().filter((mail) => mail.to.includes(address)).length,
    async close() {
      await listener.close();
      await transport.close();
      await sms.close();
      await sink.stop();
      await database.drop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A turn of the activity in an environment like the worker's. */
export async function runTurn(deps: SendDueDeps, tenant: TestTenant, channel: Channel = 'email'): Promise<SendDueReport> {
  return new MockActivityEnvironment().run(() => sendDue(deps, { tenantId: tenant.tenantId, lane: `${channel}-0`, channel }));
}

async function insertProgram(database: TestDatabase, { tenantId }: TestTenant, terms: ProgramTerms): Promise<ProgramId> {
  const programId = newId('prg', NOON);
  await database.app.asTenant(tenantId, async ({ sql }) => {
    await sql`insert into programs (id, tenant_id, loop, title, created_at, updated_at) values (${programId}, ${tenantId}, 'invite', 'Kite days', ${NOON}, ${NOON})`;
    await sql`insert into program_versions (program_id, version, tenant_id, title, terms, created_at) values (${programId}, 1, ${tenantId}, 'Kite days', ${JSON.stringify(terms)}, ${NOON})`;
  });
  return programId;
}

/** An invitee who may be written to. */
export function invitee(email: string, more: Partial<Invitee> = {}): Invitee {
  return { email, zone: 'Europe/Paris', consent: { basis: 'inviter_attested' }, ...more };
}
