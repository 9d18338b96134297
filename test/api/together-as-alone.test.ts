import { asId } from '../../src/domain/ids.ts';
import { NOON, textIn, type Reply, type TestTenant } from '../support/api.ts';
import { offerTo } from '../support/arrange-prompts.ts';
import { useTestApi } from '../support/use-test-api.ts';

/** What is sent at once, and shares transactions, comes to the same as what is sent one after the other by another tenant. */
const api = useTestApi();
type Body = Record<string, unknown>;
beforeEach(() => { api.clock.set(NOON); });

const ODD_TEXTS = [
  'null', 'NULL', '{"a":1}', '{a,b}', '"', '\\', '\\"', '"\\', "it's", '$1', '\\u0000', '\\x00', ' a  b ', 'ÀÉ漢字', '😀👩‍👩‍👧', '\u202Eabc', '\uFEFF', 'é vs e\u0301', '\u0001\t\n', "'; drop table runs; --", 'a'.repeat(200), '😀'.repeat(100),
];

async function makeWorld() {
  const tenant = await api.makeTenant();
  const { tenantId } = tenant;
  const program = async (loop: string): Promise<string> => textIn((await api.send(tenant, 'POST', '/v1/programs', { loop, title: loop })).body, 'id');
  const programs = { buy: await program('seller-to-buyer'), buddy: await program('study-buddy-nudge'), badge: await program('achievement-spotlight'), parent: await program('proud-parent'), rally: await program('results-rally'), game: await program('buddy-challenge'), paused: await program('seller-to-buyer'), closed: await program('seller-to-buyer'), invite: await program('invite') };
  await api.send(tenant, 'POST', `/v1/programs/${programs.paused}/pause`);
  await api.send(tenant, 'POST', `/v1/programs/${programs.closed}/close`);
  const member = async (who: string, more: Body = {}): Promise<string> => textIn((await api.send(tenant, 'PUT', `/v1/members/${who}`, more)).body, 'id');
  const [ana] = [await member('ana'), await member('ben'), await member('cleo'), await member('kid', { isMinor: true }), await member('allowed', { isMinor: true, parentAllows: true })];
  const offer = (): Promise<string> => offerTo(api.database, { tenantId: asId('tnt', tenantId), memberId: ana, programId: programs.buy, now: NOON });
  const offers = { good: await offer(), dismissed: await offer(), twice: await offer() };
  await api.send(tenant, 'POST', `/v1/prompts/${offers.dismissed}/answers`, { answer: 'dismissed' });
  return { tenant, programs, offers, ana };
}
type World = Awaited<ReturnType<typeof makeWorld>>;

const question = (text: string, n: number) => ({ text, choices: [`no ${text}`.slice(0, 120), `yes${String(n)}`], answer: n % 2 });
const exam = { examAt: '2026-06-14T08:00:00Z', buddy: 'ben' };

/** Each for an occasion of its own: what it comes to depends on nobody else. */
function starts({ programs, offers, ana }: World): Body[] {
  const buy = (more: Body): Body => ({ programId: programs.buy, externalId: 'ana', ...more });
  return [
    ...ODD_TEXTS.map((quoteId, n) => buy({ externalId: ['ana', 'ben', 'cleo'][n % 3], input: { quoteId } })),
    ...ODD_TEXTS.map((subject) => buy({ externalId: 'cleo', subject: `s${subject}`.slice(0, 200), input: { quoteId: 'same' } })),
    ...ODD_TEXTS.map((text) => ({ programId: programs.game, externalId: 'ana', subject: `g${text}`.slice(0, 200), deck: { title: text.slice(0, 100), questions: [0, 1, 2].map((n) => question(text, n)) } })),
    ...ODD_TEXTS.map((cohort) => ({ programId: programs.rally, externalId: 'ben', input: { cohort, endsAt: '2026-06-20T08:00:00Z' }, deck: { questions: [0, 1, 2].map((n) => question('Which?', n)) } })),
    ...[1e308, -1e308, 5e-324, -0, 0.1, Number.MAX_SAFE_INTEGER, 1e21].map((level, n) => ({ programId: programs.badge, externalId: 'ana', input: { badge: `b${String(n)}`, level } })),
    ...[1e308, -1, 2.5, 3, 99].map((score, n) => ({ programId: programs.game, externalId: 'ben', subject: `score ${String(n)}`, input: { score }, deck: { questions: [0, 1, 2].map((at) => question('Which?', at)) } })),
    { programId: programs.badge, externalId: 'ben', input: { badge: 'a'.repeat(199), level: 7 } }, { programId: programs.badge, externalId: 'ben', input: { badge: '😀'.repeat(100), level: null } },
    { programId: programs.badge, externalId: 'cleo', input: { badge: 'b', level: '7' } }, { programId: programs.badge, externalId: 'cleo', input: { badge: null } }, { programId: programs.badge, externalId: 'cleo', input: { badge: '' } },
    { programId: programs.parent, externalId: 'ana', input: { week: '2026-W24', childName: "O'Neil \"Mia\"", skillsImproved: 3, minutes: 40, streakDays: 5 } },
    { programId: programs.parent, externalId: 'ben', input: { week: '2026-W24', childName: 'Zoë {x}', skillsImproved: 1e308, minutes: -1, streakDays: 0.5 } },
    { programId: programs.buddy, externalId: 'ana', input: exam }, { programId: programs.buddy, externalId: 'ben', input: { ...exam, buddy: 'ana' } }, { programId: programs.buddy, externalId: 'cleo', input: exam },
    { programId: programs.buddy, externalId: 'ana', input: { ...exam, buddy: 'ana' } }, { programId: programs.buddy, externalId: 'ana', input: { ...exam, buddy: 'nobody' } },
    { programId: programs.buddy, externalId: 'kid', input: exam }, { programId: programs.buddy, externalId: 'cleo', input: { ...exam, buddy: 'kid' } }, { programId: programs.buddy, externalId: 'allowed', input: exam },
    buy({ externalId: 'kid', input: { quoteId: 'k' } }), buy({ externalId: 'allowed', input: { quoteId: 'k' } }), buy({ programId: programs.paused, input: { quoteId: 'k' } }), buy({ programId: programs.closed, input: { quoteId: 'k' } }), buy({ programId: programs.invite, input: {} }),
    buy({ programId: 'prg_01ksr49200081040g2081040g2', input: { quoteId: 'k' } }), buy({ programId: "prg_'", input: {} }), buy({ externalId: 'nobody', input: { quoteId: 'k' } }), { programId: programs.buy, memberId: 'mbr_01ksr49200081040g2081040g2', input: { quoteId: 'k' } },
    { programId: programs.buy, memberId: ana, input: { quoteId: 'by our id' } }, buy({ input: { quoteId: 'k', colour: 'red' } }), buy({ input: {} }), buy({ deck: { questions: [0, 1, 2].map((n) => question('Which?', n)) }, input: { quoteId: 'deck' } }),
    buy({ promptId: offers.good, input: { quoteId: 'offered' } }), buy({ promptId: offers.dismissed, input: { quoteId: 'over' } }), buy({ promptId: offers.good, externalId: 'ben', input: { quoteId: 'not his' } }), buy({ promptId: 'prm_01ksr49200081040g2081040g2', input: { quoteId: 'no' } }), buy({ promptId: 'x', input: { quoteId: 'no' } }),
    { programId: programs.buddy, externalId: 'ana', promptId: offers.good, input: { ...exam, buddy: 'cleo' } },
    { programId: programs.game, externalId: 'cleo', subject: 'one', deck: { questions: [0, 1, 2].map((n) => question('\u200B', n)) } }, { programId: programs.game, externalId: 'cleo', subject: 'two', deck: { questions: [0, 1].map((n) => question('Which?', n)) } }, { programId: programs.game, externalId: 'cleo', subject: 'three' },
  ];
}

/** Without what differs whoever asks: ids, codes, addresses with tokens. */
function said({ status, body }: Reply): unknown {
  const { id, link, waitingUrl, boardUrl, requestId: _none, ...rest } = body;
  return { status, rest, has: [typeof id, link === null ? null : typeof link, waitingUrl === null ? null : typeof waitingUrl, boardUrl === null ? null : typeof boardUrl] };
}

async function stored({ tenantId }: TestTenant): Promise<string[]> {
  const rows = await api.database.superuser<{ told: unknown }[]>`
    select jsonb_build_array(p.loop, m.external_id, r.subject, r.stage, r.input - 'memberId' - 'buddy', r.prompt_id is null,
      (select jsonb_agg(jsonb_build_array(q.role, x.external_id, q.hears) order by q.role) from run_people q join members x on x.id = q.person_id where q.run_id = r.id),
      (select jsonb_agg(jsonb_build_array(d.title, d.subject, d.questions, d.places, d.rounds, d.score_to_beat, d.ends_at)) from decks d where d.run_id = r.id),
      (select jsonb_agg(b.title) from boards b where b.run_id = r.id and b.title <> r.id), (select count(*) from board_entries b where b.run_id = r.id), (select count(*) from links l where l.run_id = r.id),
      (select jsonb_agg(jsonb_build_array(o.kind, o.payload #- '{input,memberId}' #- '{input,buddy}')) from outbox o where o.lane = r.id), (select count(*) from run_private v where v.run_id = r.id),
      (select count(*) from decisions d where d.subject_id = r.id)) as told
    from runs r join programs p on p.id = r.program_id join members m on m.id = r.member_id where r.tenant_id = ${tenantId}`;
  return rows.map(({ told }) => JSON.stringify(told).replaceAll(/mbr_[0-9a-z]{26}/g, 'mbr')).toSorted();
}

test('starts that share transactions come to what each comes to alone, and each of their rows is the same', async () => {
  const [alone, together] = [await makeWorld(), await makeWorld()];
  const one: unknown[] = [];
  for (const body of starts(alone)) one.push(said(await api.send(alone.tenant, 'POST', '/v1/runs', body)));
  const all = await Promise.all(starts(together).map((body) => api.send(together.tenant, 'POST', '/v1/runs', body)));
  expect(all.map(said)).toEqual(one);
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([201, 400, 409]));
  expect(await stored(together.tenant)).toEqual(await stored(alone.tenant));
});

test('of starts for one occasion or one offer in a group one has the run, and the others are told of it', async () => {
  const { tenant, programs, offers } = await makeWorld();
  const start = (more: Body): Promise<Reply> => api.send(tenant, 'POST', '/v1/runs', { programId: programs.buy, externalId: 'ana', ...more });
  const [same, offered] = await Promise.all([
    Promise.all(Array.from({ length: 12 }, () => start({ input: { quoteId: 'q' } }))),
    Promise.all(Array.from({ length: 12 }, (_none, n) => start({ promptId: offers.twice, input: { quoteId: `other ${String(n % 4)}` } }))),
  ]);
  for (const replies of [same, offered]) {
    expect(replies.map(({ status }) => status).toSorted()).toEqual([...Array.from({ length: 11 }, () => 200), 201]);
    expect(new Set(replies.map(({ body }) => JSON.stringify([body['id'], body['link'], body['stage']]))).size).toBe(1);
  }
});

test('an offer that is dismissed while starts of it come is either theirs or dismissed, never both', async () => {
  const { tenant, programs, offers: { twice: promptId } } = await makeWorld();
  const [dismissed, ...started] = await Promise.all([
    api.send(tenant, 'POST', `/v1/prompts/${promptId}/answers`, { answer: 'dismissed' }),
    ...Array.from({ length: 8 }, (_none, n) => api.send(tenant, 'POST', '/v1/runs', { programId: programs.buy, externalId: 'ana', promptId, input: { quoteId: `q${String(n)}` } })),
  ]);
  const [row] = await api.database.superuser<{ accepted: boolean; dismissed: boolean; runs: number }[]>`
    select accepted_at is not null as accepted, dismissed_at is not null as dismissed, (select count(*)::int from runs r where r.prompt_id = p.id) as runs from prompts p where id = ${promptId}`;
  const isDismissed = dismissed?.status === 200;
  expect(row).toEqual({ accepted: !isDismissed, dismissed: isDismissed, runs: isDismissed ? 0 : 1 });
  expect(new Set(started.map(({ status }) => status))).toEqual(new Set(isDismissed ? [409] : [200, 201]));
});

test('facts that share transactions are stored as each is alone, their odd texts and numbers included', async () => {
  const [alone, together] = [await api.makeTenant(), await api.makeTenant()];
  const facts = ODD_TEXTS.flatMap((text, n): Body[] => [
    { eventId: `e${text}`.slice(0, 200), type: 'practised', externalId: `m${text}`.slice(0, 200), properties: { [text.slice(0, 40) || 'x']: text, big: 1e308, tiny: -5e-324, zero: -0, none: null, yes: true } },
    { eventId: `p${String(n)}`, type: 'converted', externalId: 'payer', orderId: text, amountMinor: n + 1, currency: 'EUR', product: text, paymentFingerprint: text },
    { eventId: `r${String(n)}`, type: 'refunded', orderId: text, refundedMinor: 1, currency: 'EUR' },
    { eventId: `s${String(n)}`, type: 'signed_up', externalId: `n${String(n)}`, code: text, clickId: text, guestToken: text },
  ]);
  const tell = async (tenant: TestTenant, event: Body): Promise<unknown> => {
    const { status, body } = await api.send(tenant, 'POST', '/v1/events', { events: [event] });
    return { status, results: body['results'], errors: body['errors'] };
  };
  const one: unknown[] = [];
  for (const fact of facts) one.push(await tell(alone, fact));
  expect(await Promise.all(facts.map((fact) => tell(together, fact)))).toEqual(one);
  const kept = async ({ tenantId }: TestTenant): Promise<string[]> => (await api.database.superuser<{ told: unknown }[]>`
    select jsonb_build_array(e.event_id, e.type, m.external_id, e.properties, e.detail - 'guestToken', e.occurred_at) as told from events e left join members m on m.id = e.member_id where e.tenant_id = ${tenantId}`)
    .map(({ told }) => JSON.stringify(told)).toSorted();
  expect(await kept(together)).toEqual(await kept(alone));
});

test('a key of a group is kept where its request was decided, and free where it was wrong; a replay is word for word', async () => {
  const { tenant, programs } = await makeWorld();
  const start = (key: string, more: Body): Promise<Reply> => api.send(tenant, 'POST', '/v1/runs', { programId: programs.buy, externalId: 'ana', ...more }, { idempotencyKey: key });
  const keys = Array.from({ length: 18 }, (_none, n) => `key ${String(n)} {"\\',}`);
  const bodyOf = (n: number): Body => [{ input: { quoteId: `q${String(n)}` } }, { input: {} }, { programId: programs.paused, input: { quoteId: 'q' } }][n % 3] ?? {};
  const first = await Promise.all(keys.map((key, n) => start(key, bodyOf(n))));
  expect(first.map(({ status }) => status)).toEqual(keys.map((_key, n) => [201, 400, 409][n % 3]));
  const again = await Promise.all(keys.map((key, n) => start(key, n % 3 === 1 ? { input: { quoteId: `q${String(n)}` } } : bodyOf(n))));
  for (const [n, reply] of again.entries()) {
    if (n % 3 === 1) expect([reply.status, reply.headers.get('idempotent-replayed')]).toEqual([201, null]);
    else expect([reply.status, reply.text, reply.headers.get('idempotent-replayed')]).toEqual([first[n]?.status, first[n]?.text, 'true']);
  }
  const others = await Promise.all(keys.map((key) => start(key, { input: { quoteId: 'another' } })));
  expect(new Set(others.map(({ status }) => status))).toEqual(new Set([422]));
  // A week on they are free again, all in one group.
  api.clock.set(NOON + 7 * 86_400_000);
  const anew = await Promise.all(keys.map((key, n) => start(key, { input: { quoteId: `week ${String(n)}` } })));
  expect(new Set(anew.map(({ status }) => status))).toEqual(new Set([201]));
  const replayed = await Promise.all(keys.map((key, n) => start(key, { input: { quoteId: `week ${String(n)}` } })));
  expect(replayed.map(({ text }) => text)).toEqual(anew.map(({ text }) => text));
});
