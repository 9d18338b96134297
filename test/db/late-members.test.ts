import { acceptInvites } from '../../db/write/accept-invites.ts';
import { upsertMembers } from '../../db/write/upsert-members.ts';
import type { MemberChange } from '../../db/write/member-state.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

let sending: TestSending;
beforeAll(async () => { sending = await openTestSending(); });
afterAll(async () => { await sending.close(); });

const upsert = (change: MemberChange): Promise<unknown> => sending.database.app.asTenant(sending.tenant.tenantId, (tx) =>
  upsertMembers(tx, sending.deps.keyring, { tenantId: sending.tenant.tenantId, changes: [change], now: sending.clock.now() }));

/** Accepts, and while the recipients have been looked up and nothing is written yet, somebody changes a member. */
async function acceptWhile(address: string, change: MemberChange, terms: Partial<ProgramTerms> = {}): Promise<Record<string, unknown> | undefined> {
  const { tenantId } = sending.tenant;
  const programId = await sending.makeProgram({ sendRules: {}, ...terms });
  let changed = false;
  const batch = await sending.database.app.asTenant(tenantId, async (tx) => {
    const sql = new Proxy(tx.sql, {
      apply(target, self, words: [TemplateStringsArray | string, ...unknown[]]) {
        const query: Promise<unknown> = Reflect.apply(target, self, words);
        if (changed || !String(words[0]).includes('as "contactId"')) return query;
        changed = true;
        return query.then(async (recipients) => {
          await upsert(change);
          return recipients;
        });
      },
    });
    return acceptInvites({ ...tx, sql }, sending.deps.keyring, { tenantId, programId, inviter: null, invitees: [invitee(address)], now: sending.clock.now(), actor: 'test' });
  });
  if (batch.outcome !== 'accepted' || !changed) throw new Error('the change did not come in between');
  const [row] = await sending.database.superuser<Record<string, unknown>[]>`select state, stale from invites where batch_id = ${batch.batchId}`;
  return row === undefined ? undefined : { ...row };
}

test('who becomes a member while an invite to them is being accepted has joined: no mail follows', async () => {
  expect(await acceptWhile('new@member.example', { externalId: 'new', email: { address: 'new@member.example', mailbox: 'new@member.example' } })).toEqual({ state: 'joined', stale: false });
  await sending.sendDue();
  expect(sending.mailTo('new@member.example')).toBe(0);
});

test('a member who moves while an invite to them is being accepted is planned again', async () => {
  await upsert({ externalId: 'moves', email: { address: 'moves@member.example', mailbox: 'moves@member.example' }, zone: 'Europe/Paris', zoneSource: 'explicit' });
  expect(await acceptWhile('moves@member.example', { externalId: 'moves', zone: 'Asia/Tokyo', zoneSource: 'explicit' }, { existingMembers: 'invite' })).toEqual({ state: 'waiting', stale: true });
});

test('a member of whom nothing changed is left as planned', async () => {
  await upsert({ externalId: 'stays', email: { address: 'stays@member.example', mailbox: 'stays@member.example' }, zone: 'Europe/Paris', zoneSource: 'explicit' });
  expect(await acceptWhile('stays@member.example', { externalId: 'stays', name: 'Stays' }, { existingMembers: 'invite' })).toEqual({ state: 'waiting', stale: false });
});
