import { randomBytes } from 'node:crypto';
import { newId } from '../../src/config/new-id.ts';
import type { InviteRef, TouchId } from '../../src/domain/ids.ts';
import { inviteCode, shareCode } from '../../src/domain/link/code.ts';
import { insertInviteLinks } from '../../db/write/create-link.ts';
import { NOON, textIn } from '../support/api.ts';
import { decisionsAbout, invite, inviteRow, makeProgram } from '../support/invites-api.ts';
import { arrangeMessage } from '../support/arrange-messages.ts';
import { at, fact, useEvents } from '../support/use-events.ts';

const MINUTE_MS = 60_000;

const { api, tenant, tell, stored } = useEvents();

async function invited(email: string): Promise<{ ref: InviteRef; code: string }> {
  const [made] = await invite(api, tenant, await makeProgram(api, tenant), [email]);
  if (made === undefined) throw new Error('nobody was invited');
  const code = inviteCode(api.services.keyring, made.ref);
  await api.database.app.asTenant(tenant.tenantId, (tx) =>
    insertInviteLinks(tx, [{ code, ...made.ref, memberId: null, leadsTo: { destination: 'https://app.kite.example/', utm: {} } }], tenant.tenantId, NOON));
  return { ref: made.ref, code };
}

async function clicked(code: string): Promise<TouchId> {
  const id = newId('tch', NOON);
  await api.database.superuser`insert into touches (id, tenant_id, code, kind, counted, agent_class, at, recorded_at) values (${id}, ${tenant.tenantId}, ${code}, 'click', true, 'phone-safari', ${NOON}, ${NOON})`;
  return id;
}

const shareLink = async (externalId: string): Promise<string> => {
  await api.send(tenant, 'PUT', `/v1/members/${externalId}`, {});
  return textIn((await api.send(tenant, 'POST', '/v1/links', { destination: 'https://app.kite.example/p', externalId })).body, 'code');
};

describe('a sign-up', () => {
  test('closes the open invites to the member\'s mailbox as joined', async () => {
    const { ref } = await invited('sam@x.example');
    await api.send(tenant, 'PUT', '/v1/members/someone', {});
    await tell(fact({ type: 'signed_up', externalId: 'someone' }));
    expect(await inviteRow(api, ref)).toMatchObject({ state: 'waiting' });
    await api.database.superuser`update members set contact_id = (select contact_id from invites where batch_id = ${ref.batchId} limit 1) where tenant_id = ${tenant.tenantId} and external_id = 'someone'`;
    await tell(fact({ type: 'signed_up', externalId: 'someone' }));
    expect(await inviteRow(api, ref)).toMatchObject({ state: 'joined', step: null, dueAt: null });
    expect(await decisionsAbout(api, ref.batchId)).toContain('joined');
  });

  test.each([['clickId'], ['code']])('closes the invite whose link it came by, told by its %s, and its reminders', async (by) => {
    const { ref, code } = await invited('sam@x.example');
    await arrangeMessage(api.database, tenant.tenantId, ref, 'handed_off', NOON);
    const trail = by === 'clickId' ? { clickId: await clicked(code) } : { code: code.toUpperCase() };
    expect(await tell(fact({ type: 'signed_up', externalId: 'sam', ...trail }))).toMatchObject([{ outcome: 'stored', unmatched: [] }]);
    expect(await inviteRow(api, ref)).toMatchObject({ state: 'joined', step: null, dueAt: null });
    expect(await stored()).toMatchObject([{ type: 'signed_up', code, clickId: by === 'clickId' ? trail.clickId : null }]);
  });

  test('whose click or code leads nowhere is stored all the same, and says so', async () => {
    expect(await tell(fact({ type: 'signed_up', externalId: 'u', clickId: 'tch_01kx7m3p9q2r4s5t6v7w8x9y0z', code: 'zzzzzzzzzzz2zzzz' }), fact({ type: 'signed_up', externalId: 'v', clickId: 'garbage' })))
      .toMatchObject([{ outcome: 'stored', unmatched: ['clickId', 'code'] }, { outcome: 'stored', unmatched: ['clickId'] }]);
    expect(await stored()).toHaveLength(2);
  });

  test('that is told again closes nothing that was opened since', async () => {
    const first = { eventId: 'once', type: 'signed_up', externalId: 'u' };
    await tell(first);
    const { ref, code } = await invited('sam@x.example');
    await tell({ ...first, code });
    expect(await inviteRow(api, ref)).toMatchObject({ state: 'waiting' });
  });

  test('of a member that is upserted with the mailbox is not needed: the upsert closes, too', async () => {
    const { ref } = await invited('Sam.Smith@gmail.com');
    await arrangeMessage(api.database, tenant.tenantId, ref, 'handed_off', NOON);
    await api.send(tenant, 'PUT', '/v1/members/sam', { contact: { email: 'samsmith@googlemail.com' } });
    expect(await inviteRow(api, ref)).toMatchObject({ state: 'joined', step: null, dueAt: null });
    expect((await api.database.superuser`select 1 from contacts where tenant_id = ${tenant.tenantId}`).length).toBe(1);
  });
});

describe('what touches a link', () => {
  test('a click-out carries the code and the member whose link it was', async () => {
    const code = await shareLink('referrer');
    const { body } = await api.send(tenant, 'GET', '/v1/members/referrer');
    const clickId = await clicked(code);
    expect(await tell(fact({ type: 'clickout', code, clickId }))).toMatchObject([{ outcome: 'stored', unmatched: [] }]);
    expect(await stored()).toMatchObject([{ type: 'clickout', code, clickId, referrerId: body['id'] }]);
  });

  test('views count once an hour of a member, whatever their order, and apart from clicks', async () => {
    const code = await shareLink('referrer');
    const view = (minutesAgo: number, externalId?: string) => fact({ type: 'link_viewed', code, occurredAt: at(NOON - minutesAgo * MINUTE_MS), ...(externalId === undefined ? {} : { externalId }) });
    await tell(view(10, 'ana'), view(30, 'ana'), view(200, 'ana'), view(10, 'ben'));
    await tell(view(50, 'ana'), view(1), view(1));
    const link = (await api.send(tenant, 'GET', `/v1/links/${code}`)).body;
    expect(link).toMatchObject({ views: 5, clicks: 0 });
    const kept = await api.database.superuser`select 1 from touches where tenant_id = ${tenant.tenantId}`;
    expect(kept).toHaveLength(7);
  });

  test('a view told twice is one touch', async () => {
    const code = await shareLink('referrer');
    await Promise.all(Array.from({ length: 10 }, () => tell({ eventId: 'view-1', type: 'link_viewed', code })));
    expect(await api.database.superuser`select 1 from touches where tenant_id = ${tenant.tenantId}`).toHaveLength(1);
  });

  test('a code that was not signed here is unknown, though it looks like one', async () => {
    const code = shareCode(api.services.keyring, randomBytes(16));
    expect(await tell(fact({ type: 'link_viewed', code }))).toMatchObject([{ outcome: 'refused', reason: 'unknown_code' }]);
  });
});
