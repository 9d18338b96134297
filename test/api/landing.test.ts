import { makeInvitation, makeLiveProgram, openFresh } from '../support/landing.ts';
import { useLanding } from '../support/use-landing.ts';

const { api, tenant, invite, touchesOf, changedBy } = useLanding();

describe('the invitation', () => {
  test('says who invites by the first name, to what, and what is asked; each answer is a form', async () => {
    const { code } = await invite();
    const { status, text } = await openFresh(api, `/i/${code}`);
    expect(status).toBe(200);
    expect(text).toContain('<h1>A challenge from Ana</h1>');
    expect(text).toContain('Ana asks you to beat a score on Kite Club.');
    expect(text).toContain('<dt>Score</dt><dd>8</dd>');
    expect(text).not.toContain('Ortiz');
    for (const answer of ['accept', 'decline', 'stop', 'report']) expect(text).toContain(`name="do" value="${answer}"`);
    expect(text).toContain('Kite Club, 1 Beach Road, 1000 Town');
  });

  test.each([
    ['de-AT,en;q=0.5', '<html lang="de">', 'Diese Einladung melden'],
    ['es', '<html lang="es">', 'Denunciar esta invitación'],
    ['fr,de;q=0.4', '<html lang="de">', 'Diese Einladung melden'],
    ['fr', '<html lang="en">', 'Report this invitation'],
    ['', '<html lang="en">', 'Report this invitation'],
  ])('is in the language that the browser asks for: %s', async (asked, lang, words) => {
    const { code } = await invite();
    const { text, headers } = await openFresh(api, `/i/${code}`, { headers: { 'accept-language': asked } });
    expect(text).toContain(lang);
    expect(text).toContain(words);
    expect(headers.vary).toMatch(/accept-language/i);
  });

  test('weighs less than 30 KB whole, loads nothing, runs nothing, sets no cookie', async () => {
    const { code } = await invite();
    const { text, headers } = await openFresh(api, `/i/${code}`);
    expect(Buffer.byteLength(text)).toBeLessThan(30_000);
    expect(text).not.toMatch(/<script|<link|<img|<iframe|\sstyle=|\son\w+=|src=/);
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'$/);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow', 'x-content-type-options': 'nosniff' });
  });

  test('is described for those who show links, without a name of anybody', async () => {
    const { code } = await invite();
    const { text } = await openFresh(api, `/i/${code}`, { headers: { 'accept-language': 'en' } });
    const [head = ''] = text.split('</head>');
    expect(head).toContain('<meta property="og:title" content="Can you beat this score?">');
    expect(head).toMatch(new RegExp(`<meta property="og:image" content="https://flywheel.example/i/${code}/card.png\\?lang=en&amp;v=[0-9a-f]{8}">`));
    expect(head).toContain('<meta property="og:image:width" content="1200">');
    expect(head).toContain('<meta name="twitter:card" content="summary_large_image">');
    expect(head).toMatch(/<meta name="twitter:image:alt" content="[^"]+">/);
    expect(head.slice(head.indexOf('</title>'))).not.toContain('Ana');
  });

  test.each([
    ['markup', '<script>alert(1)</script>', /<script>/],
    ['an address', 'Ana ana@evil.example', /evil\.example/],
    ['a link', 'https://evil.example Ana', /evil\.example/],
    ['a phone number', '+49 170 1234567 Ana', /1234567/],
    ['turned letters', '\u202eanA', /\u202e/],
    ['10,000 letters', 'A'.repeat(120), /A{60}/],
    ['nothing to be shown', '\u200b\u200b', /\u200b/],
  ])('a hostile name is not shown as it is: %s', async (_what, inviter, never) => {
    const { code } = await invite({ inviter });
    const { status, text } = await openFresh(api, `/i/${code}`);
    expect(status).toBe(200);
    expect(text).not.toMatch(never);
    expect(text).toMatch(/<h1>A challenge from [^<>]+<\/h1>/);
  });

  test('without a name that may be shown it says "a friend", and a figure that the run does not have is left out', async () => {
    const { code } = await invite({ inviter: null, input: { score: null } });
    const { text } = await openFresh(api, `/i/${code}`);
    expect(text).toContain('A friend asks you to beat a score');
    expect(text).not.toContain('were right');
    expect(text).not.toContain('{{');
  });
});

describe('a visit', () => {
  test('is a touch that counts, and GET changes nothing else', async () => {
    const { code } = await invite();
    expect(await changedBy(() => openFresh(api, `/i/${code}`))).toEqual([]);
    expect((await touchesOf(code)).map(({ why_not }) => why_not)).toEqual([null]);
  });

  test.each([
    ['a previewer', { headers: { 'user-agent': 'WhatsApp/2.24.1' } }, 'preview'],
    ['a bot', { headers: { 'user-agent': 'curl/8.0' } }, 'bot'],
    ['a program that fetches ahead', { headers: { 'sec-purpose': 'prefetch;prerender' } }, 'prefetch'],
    ['HEAD', { method: 'HEAD' }, 'head'],
  ])('%s gets the page and is no click', async (_who, opening, why) => {
    const { code } = await invite();
    const { status, text } = await openFresh(api, `/i/${code}`, opening);
    expect(status).toBe(200);
    expect(text === '').toBe(why === 'head');
    expect((await touchesOf(code)).map(({ why_not }) => why_not)).toEqual([why]);
  });

  test('by the short link leads to the page with its campaign, and counts there, once', async () => {
    const { code } = await invite();
    const { status, headers } = await openFresh(api, `/l/${code}?utm_source=chat`);
    expect([status, headers.location, headers['set-cookie']]).toEqual([302, `/i/${code}?utm_source=chat`, undefined]);
    expect(await touchesOf(code)).toEqual([]);
    await openFresh(api, headers.location ?? '');
    expect(await touchesOf(code)).toHaveLength(1);
  });

  test('a code as people type it opens the page, too', async () => {
    const { code } = await invite();
    expect((await openFresh(api, `/i/${code.match(/.{4}/g)?.join('-').toUpperCase() ?? ''}`)).status).toBe(200);
  });
});

test('the link of a loop without a landing page leads on at once', async () => {
  const nudge = await makeLiveProgram(api, tenant, 'study-buddy-nudge');
  const { code } = await makeInvitation(api, tenant, nudge, { loop: 'study-buddy-nudge', input: {} });
  const { status, headers } = await openFresh(api, `/i/${code}`);
  expect([status, headers.location]).toEqual([302, expect.stringMatching(/^https:\/\/app\.kite\.example\/join\?.*clickId=tch_/)]);
});

test('a database that fails answers 503 and changes nothing', async () => {
  const { code } = await invite();
  await api.database.superuser`alter table landing_answers rename to landing_answers_away`;
  try {
    const { status, headers } = await openFresh(api, `/i/${code}`);
    expect([status, headers['retry-after']]).toEqual([503, '5']);
  } finally {
    await api.database.superuser`alter table landing_answers_away rename to landing_answers`;
  }
  expect((await openFresh(api, `/i/${code}`)).status).toBe(200);
});
