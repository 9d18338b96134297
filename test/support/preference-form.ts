import { randomBytes } from 'node:crypto';
import { preferenceToken } from '../../src/domain/link/preference-token.ts';
import type { TestApi, TestTenant } from './api.ts';
import { arrangeInvites } from './arrange-invites.ts';
import { openPage } from './open-page.ts';
import type { Opened, Opening } from './open-page.ts';

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Somebody with a waiting invite, and everything that a test asks about the page that its link opens. */
export async function arrangePerson(api: TestApi, tenant: TestTenant, more: { withPhone?: boolean } = {}) {
  const { tenantId } = tenant;
  const sql = api.database.superuser;
  const { batchId, recipientHash } = await arrangeInvites(api.database, tenantId, api.clock.now());
  const phoneHash = randomBytes(16);
  // The app told the number, with the person's opt-in to the program.
  if (more.withPhone === true) await sql`update invites set phone_hash = ${phoneHash}, consent_basis = 'opt_in' where batch_id = ${batchId}`;
  if (more.withPhone === true) await sql`update contacts set phone_hash = ${phoneHash}, phone_sealed = ${randomBytes(8)} where email_hash = ${recipientHash}`;
  const token = preferenceToken(api.services.keyring, { tenantId, batchId, n: 0 });
  const post = (fields: readonly (readonly [string, string])[], headers: Record<string, string> = {}): Promise<Opened> =>
    openPage(api.url, `/p/${token}`, { method: 'POST', body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString(), headers: { ...FORM, ...headers } });
  return {
    batchId, recipientHash, phoneHash, token, post,
    open: (opening: Opening = {}): Promise<Opened> => openPage(api.url, `/p/${token}`, opening),
    /** The form as the page gave it, with some of it changed: as a browser sends it. */
    async save(change: (form: Form) => void, headers: Record<string, string> = {}): Promise<Opened> {
      const form = readForm((await openPage(api.url, `/p/${token}`)).text);
      change(form);
      api.clock.advance(1000);
      return post([...form.hidden, ...form.on.map((value) => ['on', value] as const), ...form.quiet.flatMap(([from, to]) => [['from', from], ['to', to]] as const), ['zone', form.zone], ['locale', form.locale], ['do', 'save']], headers);
    },
    acts: () => sql<{ what: string }[]>`
      select concat_ws(' ', case when recipient_hash = ${phoneHash} then 'phone' else 'mail' end, topic, channel, action, basis, source, wording_version, locale) as what
      from consents where recipient_hash in (${recipientHash}, ${phoneHash}) order by given_at, 1`.then((rows) => rows.map(({ what }) => what)),
    row: () => sql`select state, reason, stale from invites where batch_id = ${batchId}`.then(([row]) => row),
    contact: () => sql`select quiet_hours as quiet, zones, zone_source as source, own_zone as own, locale from contacts where email_hash = ${recipientHash}`.then(([row]) => row),
    suppressions: () => sql`select reason, lifted_at is null as live from suppressions where recipient_hash in (${recipientHash}, ${phoneHash}) order by created_at, id`,
    decisions: () => sql<{ kind: string }[]>`select kind from decisions where subject_id = ${batchId} order by id`.then((rows) => rows.map(({ kind }) => kind)),
  };
}

export type Form = { hidden: [string, string][]; on: string[]; quiet: [string, string][]; zone: string; locale: string };

/** What a browser would send back, untouched. */
export function readForm(page: string): Form {
  const selected = (name: string): string => /<option value="([^"]*)"[^>]* selected>/.exec(new RegExp(`<select name="${name}">([\\s\\S]*?)</select>`).exec(page)?.[1] ?? '')?.[1] ?? '';
  const values = (pattern: RegExp): string[] => [...page.matchAll(pattern)].map(([, value = '']) => value);
  const [from, to] = [values(/name="from" value="([^"]*)"/g), values(/name="to" value="([^"]*)"/g)];
  return {
    hidden: [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [name, value]),
    on: values(/name="on" value="([^"]*)" checked>/g),
    quiet: from.map((start, place) => [start, to[place] ?? '']),
    zone: selected('zone'),
    locale: selected('locale'),
  };
}

/** A program that may write by SMS, too. */
export async function makeTextingProgram(api: TestApi, as: TestTenant, topic: string): Promise<void> {
  const { body } = await api.send(as, 'POST', '/v1/programs', { loop: 'invite', title: 'The news', topic });
  await api.database.superuser`update program_versions set terms = terms || '{"channels": ["email", "sms"]}' where program_id = ${String(body['id'])}`;
}
