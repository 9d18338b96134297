import type { Page } from 'playwright-core';
import { z } from 'zod';
import { placeDemoApp } from '../../src/dev/demo-app.ts';
import { openPage } from '../../src/dev/pictures/browser.ts';
import { apiCaller, read, type ApiCaller } from '../chaos/support/api-caller.ts';
import { mailTo } from '../chaos/support/mails.ts';
import { SIZES, useScene } from './support/use-scene.ts';

/** What people see, in a real browser: from the mail to the reward, by way of a customer's app. */
jest.setTimeout(180_000);
const anything = z.unknown();
const withId = z.object({ id: z.string() });

let api: ApiCaller;
let programId: string;
const scene = useScene(() => placeDemoApp(3001, () => {}), async ({ stack, secret }) => {
  api = apiCaller(stack.apiUrl, secret);
  read(await api.send('PUT', '/v1/units', { units: [{ unit: 'points', title: 'Points' }] }), 200, anything);
  const rewards = {
    rules: [
      { key: 'welcome', to: 'both', on: { kind: 'first_value' }, give: { kind: 'fixed', unit: 'points', amountMinor: 500 } },
      { key: 'first_payment', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1500 } },
    ],
    holdDays: 30,
  };
  programId = read(await api.send('POST', '/v1/programs', { loop: 'invite', title: 'Study together', terms: { sendRules: { layers: [] }, reminders: [], rewards } }), 201, withId).id;
});

/** Everything that a referral page says, once it is there. */
async function wordsOf(page: Page): Promise<string> {
  await page.locator('svg').first().waitFor();
  return page.locator('main').innerText();
}

async function referralPageOf(member: string): Promise<string> {
  return read(await api.send('POST', `/v1/members/${member}/embed-tokens`), 201, z.object({ url: z.string() })).url;
}

test.each(SIZES)('on a %s a friend follows the mail, signs up, and pays; both see what they earned', async (device, size) => {
  const [referrer, friend] = [`ana-${device}`, `ben-${device}@friends.example`];
  read(await api.send('PUT', `/v1/members/${referrer}`, { name: 'Ana', contact: { email: `${referrer}@friends.example` } }), 201, anything);
  read(await api.send('POST', '/v1/invites', { programId, externalId: referrer, invitees: [{ email: friend, name: 'Ben', consent: { basis: 'inviter_attested' } }] }), 202, anything);

  const page = await openPage(scene.browser, size);
  await page.setContent((await mailTo(scene.stack, friend)).html ?? '');
  await page.locator(`a[href^="${scene.stack.apiUrl}/l/"]`).first().click();
  await page.getByLabel('Your name').fill('Ben');
  await page.getByLabel('Your e-mail').fill(friend);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('button', { name: 'Solve the first exercise' }).click();
  await page.getByRole('button', { name: 'Buy a year for 49.00 EUR' }).click();
  await page.getByText('You have Lumen for a year.').waitFor();

  await page.getByRole('button', { name: 'Invite friends, see your rewards' }).click();
  expect(await wordsOf(page)).toContain('500');

  const herPage = await openPage(scene.browser, size);
  await herPage.goto(await referralPageOf(referrer));
  const ana = await wordsOf(herPage);
  expect(ana).toMatch(/7[.,]35/);
  expect(ana).toContain('500');
  expect(ana).not.toMatch(/ben/i);
});
