import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { makeProgram } from '../support/invites-api.ts';

/*
 * What reaches a stranger's inbox: the Big List of Naughty Strings as an invitee's and a member's name, a title and every
 * word of a program, rendered (a third of them as each; all reach the API's fields in naughty-strings.test.ts). The HTML has the tags it has for plain words, and no other; no line of the headers breaks.
 */
const STRINGS = z.array(z.string()).parse(JSON.parse(readFileSync(join(__dirname, 'fixtures/blns.json'), 'utf8')));
const HOSTILE_NAMES = [
  'Ana\r\nBcc: victim@x.example', 'Ana\nSubject: won', 'Ana\u2028Bcc: x', 'https://evil.example/win', 'evil.example', 'www.evil.example', 'e\u200bvil.com', 'ana@evil.example', '+49 151 1234 5678', '0800-WIN-1234567',
  'Call 1 2 3 4 5 6 7', '\u202eelpmaxe.live', '\u2066Ana\u2069', 'A\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301', '<b>Ana</b>', '"><img src=x onerror=alert(1)>', '{{unsubscribeUrl}}', '${7*7}', '=?utf-8?q?=0D=0ABcc:x?=', '\ufeffAna', '\u00ad\u00ad', '.', '—', '٣٤٥٦٧٨٩٠١٢', '１２３４５６７８',
];

let api: TestApi;
let tenant: TestTenant;
let programId: string;
let plainTags: ReadonlySet<string>;

beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
  programId = await makeProgram(api, tenant);
  await api.send(tenant, 'PUT', '/v1/members/ana', { name: 'Ana', contact: { email: 'ana@personal.example' } });
  const plain = await Promise.all([
    { invitee: { name: 'Sam' }, inviter: { externalId: 'ana' } }, { invitee: { name: 'Sam' } }, { inviter: { externalId: 'ana' } }, {}, { terms: { copy: { subject: 'a', preheader: 'b', heading: 'c', paragraphs: ['d', 'e'], callToAction: 'f' } } },
  ].map((body) => preview(body)));
  plainTags = new Set(plain.flatMap(({ html }) => tagsOf(html)));
});
afterAll(() => api.close());

type Mail = { status: number; subject: string; html: string; text: string; from: string; headers: string };

async function preview(body: unknown): Promise<Mail> {
  const reply = await api.send(tenant, 'POST', `/v1/programs/${programId}/preview`, body);
  if (reply.status !== 200) return { status: reply.status, subject: '', html: '', text: '', from: '', headers: '' };
  const from = z.object({ name: z.string().optional() }).parse(reply.body['from']);
  return { status: 200, subject: textIn(reply.body, 'subject'), html: textIn(reply.body, 'html'), text: textIn(reply.body, 'text'), from: from.name ?? '', headers: Object.values(z.record(z.string(), z.string()).parse(reply.body['headers'])).join('') };
}

/** Each tag as it stands, apart from where a link leads and which language it is in. */
function tagsOf(html: string): string[] {
  return (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replaceAll(/ (?:href|lang|dir)="[^"]*"/g, ''));
}

/** Characters that end a line of a header, turn its direction or show nothing. */
const BREAKS_HEADERS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\ufeff]/u;

function expectHarmless(mail: Mail, of: string): void {
  expect({ of, breaks: [mail.subject, mail.from, mail.headers].filter((line) => BREAKS_HEADERS.test(line)) }).toEqual({ of, breaks: [] });
  expect({ of, tags: tagsOf(mail.html).filter((tag) => !plainTags.has(tag)) }).toEqual({ of, tags: [] });
  expect({ of, controls: /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test((mail.text + mail.html).replaceAll(/[\n\t\r]/g, '')) }).toEqual({ of, controls: false });
}

/** Through all of them, a few at a time. */
async function each(strings: readonly string[], check: (text: string, place: number) => Promise<void>): Promise<void> {
  for (let first = 0; first < strings.length; first += 16) await Promise.all(strings.slice(first, first + 16).map((text, within) => check(text, first + within)));
}

test('an invitee\'s name changes the words, never the tags, the headers or the direction of a mail', async () => {
  await each(STRINGS.filter((_text, place) => place % 3 === 2).concat(HOSTILE_NAMES), async (name) => {
    const mail = await preview({ invitee: { name } });
    if (name.length <= 200) expect({ name, status: mail.status }).toEqual({ name, status: 200 });
    expectHarmless(mail, name);
    expect(mail.subject.length).toBeLessThan(300);
  });
});

test('no name that is an address, a link or a number stands in the mail to a stranger', async () => {
  for (const name of ['https://evil.example/win', 'evil.example', 'www.evil.example', 'ana@evil.example', '+49 151 1234 5678', '０１２３４５６７', '٣٤٥٦٧٨٩٠١٢', 'Win at evil.com now']) {
    await api.send(tenant, 'PUT', '/v1/members/hostile', { name });
    const mail = await preview({ invitee: { name }, inviter: { externalId: 'hostile' } });
    expect([name, mail.status, [mail.subject, mail.from, mail.text, mail.html].some((part) => part.includes(name))]).toEqual([name, 200, false]);
  }
});

test('a member\'s name and a title do no harm either', async () => {
  await each(STRINGS.filter((_text, place) => place % 6 === 0).concat(HOSTILE_NAMES), async (text, place) => {
    const externalId = `naughty-${String(place)}`;
    const kept = await api.send(tenant, 'PUT', `/v1/members/${externalId}`, { name: text });
    if (kept.status >= 300) return;
    const mail = await preview({ inviter: { externalId }, ...(text.length > 120 ? {} : { title: text }) });
    expect(mail.status).toBeLessThan(500);
    if (mail.status === 200) expectHarmless(mail, text);
  });
});

test('what a program\'s words may hold is escaped where it is HTML and one line where it is a header', async () => {
  let shown = 0;
  await each(STRINGS.filter((_text, place) => place % 6 === 1).concat(HOSTILE_NAMES), async (text) => {
    for (const copy of [{ subject: text }, { preheader: text, heading: text, paragraphs: [text], callToAction: text }]) {
      const mail = await preview({ terms: { copy } });
      if (mail.status !== 200) continue;
      shown += 1;
      expectHarmless(mail, text);
    }
  });
  expect(shown).toBeGreaterThan(50);
});
