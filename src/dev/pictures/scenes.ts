import type { Browser } from 'playwright-core';
import { z } from 'zod';
import { apiClient } from '../story/api-client.ts';
import { waitForMail } from '../story/inbox-client.ts';
import { explainLink } from '../story/play-story.ts';
import { openPage, takePicture } from './browser.ts';
import type { Size } from './browser.ts';
import type { Places } from './places.ts';
import { previewLink } from './preview-link.ts';

/** One picture: its file, the window it is taken in, and the way to what it shows. */
export type Scene = { readonly file: string; take(browser: Browser, places: Places): Promise<Buffer> };

export const PHONE: Size = { width: 390, height: 760 };
const DESKTOP: Size = { width: 1000, height: 700 };
const MAIL_WITHIN_MS = 10_000;

const programsOf = z.object({ data: z.array(z.object({ id: z.string() })) });
const storyOf = z.object({ senderWorkflowId: z.string() });
const eventsOf = z.object({ data: z.array(z.object({ eventId: z.string() })) });

/** The story's invite, by the event with which it ends. */
async function storyInvite({ apiUrl, secret }: Places): Promise<string> {
  const { data } = await apiClient(apiUrl, secret).call('GET', '/v1/events?type=signed_up', undefined, eventsOf);
  const found = data.map(({ eventId }) => /^signup-ben-(inv_\w+)$/.exec(eventId)?.[1]).find((id) => id !== undefined);
  if (found === undefined) throw new Error('the story was not played');
  return found;
}

/** The story's referral: the first there is. */
async function storyReferral({ apiUrl, secret }: Places): Promise<string> {
  const { data: [found] } = await apiClient(apiUrl, secret).call('GET', '/v1/referrals', undefined, programsOf);
  if (found === undefined) throw new Error('the story made no referral');
  return found.id;
}

async function referralPage(browser: Browser, { apiUrl, secret }: Places, size: Size, mostHeight: number): Promise<Buffer> {
  const { url } = await apiClient(apiUrl, secret).call('POST', '/v1/members/ana/embed-tokens', undefined, z.object({ url: z.string() }));
  const page = await openPage(browser, size);
  await page.goto(url);
  await page.locator('svg').first().waitFor();
  return takePicture(page, mostHeight);
}

async function preview(browser: Browser, places: Places, size: Size): Promise<Buffer> {
  const { data: [program] } = await apiClient(places.apiUrl, places.secret).call('GET', '/v1/programs', undefined, programsOf);
  if (program === undefined) throw new Error('the story made no program');
  const page = await openPage(browser, size);
  await page.goto(await previewLink(places, program.id, { name: 'Zoé', zone: 'Europe/Paris', locale: 'fr' }));
  return takePicture(page);
}

/** What the story of `npm start` leaves to be seen. */
export const STORY_SCENES: readonly Scene[] = [
  {
    file: 'mail.webp',
    async take(browser, { inboxUrl }) {
      const { subject } = await waitForMail(inboxUrl, 'ben@friends.example', MAIL_WITHIN_MS);
      const page = await openPage(browser, { width: 760, height: 860 });
      await page.goto(`${inboxUrl}/?to=ben%40friends.example`);
      await page.getByRole('link', { name: subject }).first().click();
      await page.frameLocator('iframe').getByRole('link').first().waitFor();
      return takePicture(page);
    },
  },
  {
    file: 'explain.webp',
    async take(browser, places) {
      const page = await openPage(browser, DESKTOP);
      await page.goto(await explainLink(places.apiUrl, places.secret, { inviteId: await storyInvite(places) }));
      await page.locator('form button').click();
      await page.locator('form').waitFor({ state: 'detached' });
      return takePicture(page, 1360);
    },
  },
  {
    file: 'explain-referral.webp',
    async take(browser, places) {
      const page = await openPage(browser, DESKTOP);
      await page.goto(await explainLink(places.apiUrl, places.secret, { referralId: await storyReferral(places) }));
      await page.locator('form button').click();
      await page.locator('form').waitFor({ state: 'detached' });
      return takePicture(page, 1700);
    },
  },
  { file: 'referral-page-desktop.webp', take: (browser, places) => referralPage(browser, places, { width: 1000, height: 800 }, 1500) },
  { file: 'referral-page-phone.webp', take: (browser, places) => referralPage(browser, places, PHONE, 1900) },
  { file: 'preview-desktop.webp', take: (browser, places) => preview(browser, places, { width: 1200, height: 900 }) },
  { file: 'preview-phone.webp', take: (browser, places) => preview(browser, places, PHONE) },
  {
    file: 'api-docs.webp',
    async take(browser, { apiUrl }) {
      const page = await openPage(browser, DESKTOP);
      await page.goto(`${apiUrl}/docs`);
      // Only what is in sight is drawn.
      await page.locator('.opblock').nth(5).waitFor();
      return takePicture(page);
    },
  },
  {
    file: 'temporal-sender.webp',
    async take(browser, places) {
      const { senderWorkflowId } = await apiClient(places.apiUrl, places.secret).call('GET', `/v1/invites/${await storyInvite(places)}/explain`, undefined, storyOf);
      const page = await openPage(browser, { width: 1200, height: 770 });
      await page.goto(`${places.temporalUiUrl}/namespaces/default/workflows/${encodeURIComponent(senderWorkflowId)}`);
      await page.getByText('User Metadata', { exact: true }).click();
      return takePicture(page);
    },
  },
];
