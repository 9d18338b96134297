import type { Browser, Page } from 'playwright-core';
import { insertInviteLinks } from '../../db/write/create-link.ts';
import { revokeLink } from '../../db/write/revoke-link.ts';
import type { ProgramId } from '../../src/domain/ids.ts';
import { inviteCode } from '../../src/domain/link/code.ts';
import { preferenceToken } from '../../src/domain/link/preference-token.ts';
import { ownMark } from '../../src/domain/play/own-mark.ts';
import { openPage, startBrowser, type Size } from '../../src/dev/pictures/browser.ts';
import { openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { invite, makeProgram } from '../support/invites-api.ts';
import { makeInvitation, makeLiveProgram } from '../support/landing.ts';
import type { Invitation } from '../support/landing.ts';
import { arrangeChallenges, startChallenge } from '../support/play.ts';
import { seriousProblems } from './support/axe.ts';

/** What axe (Deque's rules for WCAG) finds serious on the pages that people meet: nothing, in light and dark, on a desktop and a phone. */
jest.setTimeout(120_000);
const SIZES: readonly (readonly [string, Size])[] = [['desktop', { width: 1000, height: 800 }], ['phone', { width: 360, height: 740 }]];

let api: TestApi;
let browser: Browser;
let tenant: TestTenant;
let programId: ProgramId;
beforeAll(async () => {
  [api, browser] = await Promise.all([openTestApi(), startBrowser()]);
  const { port } = new URL(api.url);
  tenant = await api.makeTenant({ publicUrl: api.url, linkHosts: [`127.0.0.1:${port}`], allowedDestinations: [`localhost:${port}`] });
  programId = await makeLiveProgram(api, tenant);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await api.close();
});

const invitation = (wanted: Parameters<typeof makeInvitation>[3] = {}): Promise<Invitation> =>
  makeInvitation(api, tenant, programId, { destination: `http://localhost:${new URL(api.url).port}/healthz`, ...wanted });

/** The link of a mail: an invite's own. */
async function invitationByMail(): Promise<string> {
  const { runId } = await invitation();
  const [invited] = await invite(api, tenant, await makeProgram(api, tenant), [`kim-${runId.slice(-12)}@x.example`]);
  if (invited === undefined) throw new Error('nobody was invited');
  const code = inviteCode(api.services.keyring, invited.ref);
  const leadsTo = { destination: `http://localhost:${new URL(api.url).port}/healthz`, utm: {} };
  await api.services.db.asTenant(tenant.tenantId, (tx) => insertInviteLinks(tx, [{ code, ...invited.ref, memberId: null, runId, leadsTo }], tenant.tenantId, api.clock.now()));
  return code;
}

async function openInvitation(page: Page, wanted: Parameters<typeof makeInvitation>[3] = {}): Promise<Invitation> {
  const made = await invitation(wanted);
  await page.goto(`${api.url}/i/${made.code}`);
  return made;
}

/** Each page with its heading, and what brings a reader there. */
const PAGES: readonly (readonly [string, RegExp, (page: Page) => Promise<unknown>])[] = [
  ['the invitation', /A challenge from Ana/, async (page) => {
    await openInvitation(page);
    await page.locator('summary').click();
  }],
  ['declined', /You declined/, async (page) => {
    await openInvitation(page);
    await page.locator('button[value="decline"]').click();
  }],
  ['nothing more like this', /We keep nothing that names you/, async (page) => {
    await openInvitation(page);
    await page.locator('button[value="stop"]').click();
  }],
  ['reported', /Thank you, it is reported/, async (page) => {
    await openInvitation(page);
    await page.locator('summary').click();
    await page.locator('input[value="spam"]').check();
    await page.locator('button[value="report"]').click();
  }],
  ['the own link', /This is your own link/, async (page) => {
    const { code, memberId } = await invitation();
    await page.context().addCookies([{ name: 'flywheel_own', value: ownMark(api.services.keyring, { tenantId: tenant.tenantId, memberId }), url: api.url }]);
    await page.goto(`${api.url}/i/${code}`);
  }],
  ['withdrawn', /This invitation was withdrawn/, async (page) => {
    const { code } = await invitation();
    await api.services.db.asTenant(tenant.tenantId, (tx) => revokeLink(tx, { tenantId: tenant.tenantId, code, now: api.clock.now(), actor: 'test' }));
    await page.goto(`${api.url}/i/${code}`);
  }],
  ['expired', /This invitation has expired/, async (page) => {
    const { code, runId } = await invitation();
    await api.database.superuser`update runs set closed_at = ${api.clock.now()}, outcome = 'expired' where id = ${runId}`;
    await page.goto(`${api.url}/i/${code}`);
  }],
  ['over', /This is over/, async (page) => {
    const { code, runId } = await invitation();
    await api.database.superuser`update runs set closed_at = ${api.clock.now()}, outcome = 'won' where id = ${runId}`;
    await page.goto(`${api.url}/i/${code}`);
  }],
  ['used', /This invitation was accepted already/, async (page) => {
    const code = await invitationByMail();
    await page.goto(`${api.url}/i/${code}`);
    await page.locator('button[value="accept"]').click();
    await page.goto(`${api.url}/i/${code}`);
  }],
  ['nothing more, to whom we wrote', /No more messages from Kite Club/, async (page) => {
    await page.goto(`${api.url}/i/${await invitationByMail()}`);
    await page.locator('button[value="stop"]').click();
  }],
  ['full', /All places are taken/, (page) => openInvitation(page, { deckPlaces: 1 }).then(async ({ code }) => {
    await page.locator('button[value="accept"]').click();
    await page.context().clearCookies();
    await page.goto(`${api.url}/i/${code}`);
  })],
  ['open again', /Please open the invitation again/, async (page) => {
    await openInvitation(page);
    await page.evaluate('document.querySelector("input[name=token]").value = "altered"');
    await page.locator('button[value="decline"]').click();
  }],
  ['a link that leads nowhere', /This link leads nowhere/, (page) => page.goto(`${api.url}/i/zzzzzzzzzzz2zzzz`)],
  ['the game', /./, async (page) => {
    await openInvitation(page, { deckPlaces: 3 });
    await page.locator('button[value="accept"]').click();
    await page.waitForURL('**/play/**');
  }],
  ['the waiting page', /./, async (page) => {
    const challenges = await arrangeChallenges(api, tenant, { destination: `http://localhost:${new URL(api.url).port}/healthz` });
    await page.goto(`${api.url}${(await startChallenge(api, tenant, challenges)).waitingPath}`);
  }],
  ['the referral page', /Invite friends to Kite Club/, async (page) => {
    await api.send(tenant, 'PUT', '/v1/members/ana', { name: 'Ana', contact: { email: 'ana@example.com' } });
    await page.goto(textIn((await api.send(tenant, 'POST', '/v1/members/ana/embed-tokens')).body, 'url'));
  }],
  ['the preference page', /./, async (page) => {
    const [invited] = await invite(api, tenant, await makeProgram(api, tenant), [`sam-${String(Math.floor(performance.now()))}@x.example`]);
    if (invited === undefined) throw new Error('nobody was invited');
    await page.goto(`${api.url}/p/${preferenceToken(api.services.keyring, { tenantId: tenant.tenantId, ...invited.ref })}`);
  }],
];

describe.each(SIZES)('on a %s', (_device, size) => {
  test.each(PAGES)('%s has nothing serious', async (_name, heading, bring) => {
    const page = await openPage(browser, size);
    await bring(page);
    await page.locator('h1').filter({ hasText: heading }).first().waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await page.close();
  });
});

test('without scripts and cookies an invitation is accepted in the browser, which lets the form lead on to another host', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await openInvitation(page);
  await page.locator('button[value="accept"]').click();
  await page.waitForURL(/^http:\/\/localhost:\d+\/healthz\?.*clickId=tch_/);
  expect(await context.cookies()).toEqual([]);
  await context.close();
});

test('the check bites: what cannot be read or named is found', async () => {
  const page = await openPage(browser, { width: 400, height: 400 });
  await page.setContent('<html lang="en"><title>x</title><main><h1>Hello</h1><p style="color:#999;background:#fff">hardly to be read</p><input></main></html>');
  const problems = (await seriousProblems(page)).join(' ');
  expect(problems).toContain('color-contrast');
  expect(problems).toContain('label');
  await page.close();
});
