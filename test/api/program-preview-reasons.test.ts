import { invite } from '../support/invites-api.ts';
import { usePreviews, type Preview } from '../support/use-previews.ts';

const { api, tenant, program, preview, patch, member } = usePreviews();
const codes = ({ reasons }: Preview): string[] => reasons.map(({ code }) => code);

test('everything that stands against it is named at once: suppressed, a member, cooling, the cap, no consent, oneself', async () => {
  await patch({ cap: { perMemberPerDay: 1 }, consentBases: ['opt_in', 'inviter_attested'] });
  await member('ana', { contact: { email: 'ana@x.example' }, name: 'Ana' });
  const [cooled] = await invite(api, tenant, program.id, ['sam@x.example'], { externalId: 'ana' });
  await api.send(tenant, 'POST', '/v1/suppressions', { email: 'other@x.example' });
  const about = async (invitee: object, more: object = {}) => codes(await preview({ invitee, ...more }));
  const ana = { inviter: { externalId: 'ana' } };
  expect(await about({ email: 'fresh@x.example' })).toEqual([]);
  expect(await about({ email: 'fresh@x.example' }, ana)).toEqual(['cap_reached']);
  expect(await about({ email: 'sam@x.example' })).toEqual(['duplicate_in_cooling_period']);
  expect((await preview({ invitee: { email: 'sam@x.example' } })).reasons[0]?.say).toContain(cooled?.id);
  expect(await about({ email: 'other@x.example', consent: { basis: 'existing_relationship' } })).toEqual(['no_consent', 'suppressed']);
  expect(await about({ email: 'Ana+1@x.example', zone: 'Mars' }, ana)).toEqual(['invalid_invitee', 'self_invite', 'cap_reached']);
  expect(await about({ email: 'ana@x.example' }, ana)).toEqual(['self_invite', 'member_already', 'cap_reached']);
  expect(await about({ email: 'no address' })).toEqual(['invalid_address']);
});

test('a time that cannot be found: never, and why', async () => {
  await patch({ sendRules: { layers: [{ windows: [{ days: [6], start: '09:00', end: '10:00' }] }], minRemainingMinutes: 60 }, expiresAfterHours: 12, reminders: [] });
  const shown = await preview();
  expect(codes(shown)).toEqual(['no_permitted_time']);
  expect(shown.plan).toMatchObject({ sendAt: null, permittedUntil: null });
  expect(shown.plan.why.length).toBeGreaterThan(10);
  expect(shown.subject).not.toBe('');
});

test('what holds it is named, too: a paused program, a hard stop', async () => {
  await api.send(tenant, 'POST', `/v1/programs/${program.id}/pause`);
  await api.send(tenant, 'PUT', '/v1/hard-stops/email', { reason: 'A broken template.' });
  expect((await preview()).reasons).toMatchObject([{ code: 'program_paused', effect: 'holds' }, { code: 'hard_stop', effect: 'holds', say: expect.stringContaining('A broken template.') }]);
});

test('of a reminder, only what would stop it: whoever was invited is cooling by that very invite', async () => {
  await invite(api, tenant, program.id, ['sam@x.example']);
  expect(codes(await preview({ invitee: { email: 'sam@x.example' }, step: 1 }))).toEqual([]);
  await api.send(tenant, 'POST', '/v1/suppressions', { email: 'sam@x.example' });
  expect(codes(await preview({ invitee: { email: 'sam@x.example' }, step: 1 }))).toEqual(['suppressed']);
});

test('a member without an address is told so, and planned by its own zone all the same', async () => {
  await member('noa', { name: 'Noa', zone: 'Asia/Tokyo' });
  const shown = await preview({ member: { externalId: 'noa' } });
  expect([codes(shown), shown.plan.zones]).toEqual([['invalid_address'], ['Asia/Tokyo']]);
});
