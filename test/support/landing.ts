import { randomBytes } from 'node:crypto';
import { createShareLink } from '../../db/write/create-link.ts';
import { storeDeck } from '../../db/write/play/store-deck.ts';
import { newId } from '../../src/config/new-id.ts';
import type { MemberId, ProgramId, RunId } from '../../src/domain/ids.ts';
import { asId } from '../../src/domain/ids.ts';
import { shareCode } from '../../src/domain/link/code.ts';
import { textIn } from './api.ts';
import type { TestApi, TestTenant } from './api.ts';
import { openPage } from './open-page.ts';
import type { Opened, Opening } from './open-page.ts';
import { idOfMember } from './referral-page-rows.ts';

/** A run with its link. */
export type Invitation = { readonly runId: RunId; readonly memberId: MemberId; readonly programId: ProgramId; readonly code: string };
type Wanted = {
  readonly loop?: string;
  readonly input?: Readonly<Record<string, unknown>>;
  /** Left out: it has no deck. */
  readonly deckPlaces?: number;
  readonly destination?: string;
  /** Left out: `Ana Ortiz`. */
  readonly inviter?: string | null;
};

let made = 0;

/** A run of the buddy challenge as its rows, with its link, by hand: started by a member with that name. */
export async function makeInvitation(api: TestApi, tenant: TestTenant, programId: ProgramId, { loop = 'buddy-challenge', input = { score: 8 }, deckPlaces, destination = 'https://app.kite.example/join', inviter = 'Ana Ortiz' }: Wanted = {}): Promise<Invitation> {
  const { tenantId } = tenant;
  const now = api.clock.now();
  const externalId = `inviter-${String((made += 1))}`;
  const stored = await api.send(tenant, 'PUT', `/v1/members/${externalId}`, { contact: { email: `${externalId}@example.com` }, ...(inviter === null ? {} : { name: inviter }) });
  if (stored.status >= 300) throw new Error(stored.text);
  const memberId = await idOfMember(api, tenant, externalId);
  const runId = newId('run', now);
  const hears = { invitee_opened: 'friend_opened', invitee_accepted: 'friend_came', invitee_declined: 'friend_declined' };
  await api.database.superuser`
    insert into runs (tenant_id, id, loop, input, stage, opened_at, moved_at, seen_at, program_id, program_version, member_id)
    values (${tenantId}, ${runId}, ${loop}, ${JSON.stringify({ ...input, memberId })}::text::jsonb, 'offered', ${now}, ${now}, ${now}, ${programId}, 1, ${memberId})`;
  await api.database.superuser`
    insert into run_people (tenant_id, run_id, person_id, role, hears, joined_at) values (${tenantId}, ${runId}, ${memberId}, 'member', ${JSON.stringify(hears)}::text::jsonb, ${now})`;
  const code = shareCode(api.services.keyring, randomBytes(16));
  await api.services.db.asTenant(tenantId, async (tx) => {
    await createShareLink(tx, { code, tenantId, memberId, resource: null, programId, runId, destination, utm: { source: 'flywheel', medium: loop }, now });
    if (deckPlaces === undefined) return;
    const questions = [1, 2, 3].map((n) => ({ text: `What is ${String(n)} + 1?`, choices: ['1', '2', '3', '4'], answer: n }));
    await storeDeck(tx, api.services.keyring, { tenantId, runId, deck: { questions }, terms: { places: deckPlaces, rounds: 1, scoreToBeat: null, endsAt: now + 7 * 86_400_000 }, now });
  });
  return { runId, memberId, programId, code };
}

/** A program of a live loop. */
export async function makeLiveProgram(api: TestApi, tenant: TestTenant, loop = 'buddy-challenge'): Promise<ProgramId> {
  await api.send(tenant, 'PUT', '/v1/units', { units: [{ unit: 'xp', title: 'XP' }] });
  const { status, body, text } = await api.send(tenant, 'POST', '/v1/programs', { loop, title: 'Challenge' });
  if (status !== 201) throw new Error(text);
  return asId('prg', textIn(body, 'id'));
}

let visitors = 0;

/** Opens a page as somebody who was not there before; `path` with its query. */
export function openFresh(api: TestApi, path: string, opening: Opening = {}): Promise<Opened> {
  visitors += 1;
  return openPage(api.url, path, { ...opening, headers: { 'x-forwarded-for': `198.51.${String(100 + Math.floor(visitors / 250))}.${String(visitors % 250)}`, ...opening.headers } });
}

/** The token in a page's forms. */
export function tokenIn({ text }: Opened): string {
  const token = /name="token" value="([^"]+)"/.exec(text)?.[1];
  if (token === undefined) throw new Error(`no token in: ${text.slice(0, 300)}`);
  return token;
}

/** Posts an answer as a page's form does. */
export function post(api: TestApi, path: string, fields: Readonly<Record<string, string>>, opening: Opening = {}): Promise<Opened> {
  return openFresh(api, path, { method: 'POST', body: new URLSearchParams(fields).toString(), ...opening, headers: { 'content-type': 'application/x-www-form-urlencoded', ...opening.headers } });
}

/** Opens an invitation and answers it. */
export async function answerInvitation(api: TestApi, code: string, answer: string, more: { fields?: Record<string, string>; opening?: Opening } = {}): Promise<{ page: Opened; answered: Opened; token: string }> {
  const page = await openFresh(api, `/i/${code}`, more.opening);
  const token = tokenIn(page);
  return { page, token, answered: await post(api, `/i/${code}`, { token, do: answer, ...more.fields }, more.opening) };
}
