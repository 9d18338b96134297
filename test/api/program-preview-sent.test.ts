import PostalMime from 'postal-mime';
import { NOON } from '../support/api.ts';
import { openTestExplaining } from '../support/explaining.ts';
import type { TestExplaining } from '../support/explaining.ts';

const HOUR_MS = 3_600_000;

let ops: TestExplaining;
beforeAll(async () => {
  ops = await openTestExplaining();
  await ops.call('PUT', '/v1/members/ana', { contact: { email: 'ana@kite.example' }, name: 'Ana' });
});
beforeEach(() => { ops.sending.clock.set(NOON); });
afterAll(() => ops.close());

/** The one thing in which a preview may differ: where its links lead. */
const anyLinks = (text: string): string => text.replaceAll(/\/(l|u|p)\/[\w-]+/g, '/$1/…').trimEnd();

async function lastMailTo(address: string) {
  const mail = ops.sending.sink.deliveries().findLast(({ to }) => to.includes(address));
  if (mail === undefined) throw new Error(`nothing was sent to ${address}`);
  return PostalMime.parse(await ops.sending.sink.store.raw(mail));
}

const INVITEES = [
  { email: 'sam@x.example', name: 'Sam', zone: 'Europe/Paris', locale: 'de-AT', relationship: 'friend', consent: { basis: 'inviter_attested' } },
  { email: 'lea@x.example', zone: 'America/New_York', locale: 'pt-BR', relationship: 'colleague', consent: { basis: 'opt_in' } },
  { email: 'kim@x.example', name: 'Kim', zone: 'Europe/London', consent: { basis: 'existing_relationship' } },
];

test.each<[string, string | undefined]>([['a member', 'ana'], ['the tenant itself', undefined]])('what a preview shows is what is sent, invitation and reminder, to the letter: by %s', async (_who, externalId) => {
  const copy = { heading: 'Kites on {{expiryDate}}', locales: { 'pt-BR': { subject: 'Pipas, {{inviteeName}}', reminder: { paragraphs: ['Até {{expiryDate}}.'] } } } };
  const programId = await ops.makeProgram({ copy, reminders: [{ afterHours: 48 }], coolingHours: 0, sendRules: {} });
  const inviter = externalId === undefined ? {} : { inviter: { externalId } };
  const invitees = INVITEES.map((invitee) => ({ ...invitee, email: `${externalId ?? 'tenant'}-${invitee.email}` }));
  const shown = await Promise.all(invitees.flatMap((invitee) => [0, 1].map(async (step) => ({ invitee, step, body: (await ops.call('POST', `/v1/programs/${programId}/preview`, { invitee, ...inviter, step })).body }))));
  await ops.invite({ programId, ...(externalId === undefined ? {} : { externalId }), invitees });
  for (const step of [0, 1]) {
    ops.sending.clock.set(NOON + step * 48 * HOUR_MS);
    await ops.sending.sendDue();
    for (const { invitee, body } of shown.filter((one) => one.step === step)) {
      const mail = await lastMailTo(invitee.email);
      expect(body['plan']).toMatchObject({ sendAt: new Date(ops.sending.clock.now()).toISOString() });
      expect(body).toMatchObject({ subject: mail.subject, from: { name: mail.from?.name, address: mail.from?.address } });
      expect(anyLinks(String(body['text']))).toBe(anyLinks((mail.text ?? '').replaceAll('\r\n', '\n')));
      expect(anyLinks(String(body['html']))).toBe(anyLinks((mail.html ?? '').replaceAll('\r\n', '\n')));
      const sent = new Map(mail.headers.map(({ key, value }) => [key, value]));
      for (const [name, value] of Object.entries(body['headers'] ?? {})) expect(anyLinks(sent.get(name.toLowerCase()) ?? '')).toBe(anyLinks(String(value)));
    }
  }
});
