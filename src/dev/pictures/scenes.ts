import { z } from 'zod';
import { apiClient } from '../story/api-client.ts';
import { waitForMail } from '../story/inbox-client.ts';
import { explainLink } from '../story/play-story.ts';
import type { Browser, Size } from './browser.ts';

/** Where the running product is, with the story played. */
export type Places = { readonly apiUrl: string; readonly secret: string; readonly inboxUrl: string; readonly temporalUiUrl: string };

/** One picture: its file, the window it is taken in, and the way to what it shows. */
export type Scene = { readonly file: string; take(browser: Browser, places: Places): Promise<Buffer> };

const DESKTOP: Size = { width: 1000, height: 700 };
const PHONE: Size = { width: 390, height: 760 };
const MAIL_WITHIN_MS = 10_000;

const idOf = z.object({ id: z.string() });
const urlOf = z.object({ url: z.string() });
const programsOf = z.object({ data: z.array(idOf) });
const storyOf = z.object({ senderWorkflowId: z.string() });
const eventsOf = z.object({ data: z.array(z.object({ eventId: z.string() })) });

/** The story's invite, by the event with which it ends. */
async function storyInvite({ apiUrl, secret }: Places): Promise<string> {
  const { data } = await apiClient(apiUrl, secret).call('GET', '/v1/events?type=signed_up', undefined, eventsOf);
  const found = data.map(({ eventId }) => /^signup-ben-(inv_\w+)$/.exec(eventId)?.[1]).find((id) => id !== undefined);
  if (found === undefined) throw new Error('the story was not played');
  return found;
}

async function previewLink({ apiUrl, secret }: Places): Promise<string> {
  const api = apiClient(apiUrl, secret);
  const { data: [program] } = await api.call('GET', '/v1/programs', undefined, programsOf);
  if (program === undefined) throw new Error('the story made no program');
  const { url } = await api.call('POST', `/v1/programs/${program.id}/preview-links`, {
    invitee: { name: 'Zoé', zone: 'Europe/Paris', locale: 'fr', relationship: 'friend', consent: { basis: 'inviter_attested' } },
    inviter: { externalId: 'ana' },
  }, urlOf);
  return url;
}

async function preview(browser: Browser, places: Places, size: Size): Promise<Buffer> {
  const tab = await browser.open(size);
  await tab.goTo(await previewLink(places), "document.querySelectorAll('iframe').length === 2 && document.readyState === 'complete'");
  return tab.picture();
}

export const SCENES: readonly Scene[] = [
  {
    file: 'mail.png',
    async take(browser, places) {
      const mail = await waitForMail(places.inboxUrl, 'ben@friends.example', MAIL_WITHIN_MS);
      const tab = await browser.open({ width: 760, height: 860 });
      await tab.goTo(`${places.inboxUrl.replace(/\/$/, '')}/?to=ben%40friends.example`, "document.querySelector('ul.mails a')");
      await tab.act("document.querySelector('ul.mails a').click()", `document.querySelector('h1')?.textContent === ${JSON.stringify(mail.subject)} && document.querySelector('iframe') && document.readyState === 'complete'`);
      return tab.picture();
    },
  },
  {
    file: 'explain.png',
    async take(browser, places) {
      const tab = await browser.open(DESKTOP);
      await tab.goTo(await explainLink(places.apiUrl, places.secret, await storyInvite(places)), "document.querySelector('form button')");
      await tab.act("document.querySelector('form button').click()", "!document.querySelector('form') && document.querySelector('h1') && document.readyState === 'complete'");
      return tab.picture(1360);
    },
  },
  { file: 'preview-desktop.png', take: (browser, places) => preview(browser, places, { width: 1200, height: 900 }) },
  { file: 'preview-phone.png', take: (browser, places) => preview(browser, places, PHONE) },
  {
    file: 'api-docs.png',
    async take(browser, { apiUrl }) {
      const tab = await browser.open(DESKTOP);
      await tab.goTo(`${apiUrl}/docs`, "document.querySelectorAll('.opblock').length > 20");
      return tab.picture();
    },
  },
  {
    file: 'temporal-sender.png',
    async take(browser, places) {
      const { senderWorkflowId } = await apiClient(places.apiUrl, places.secret).call('GET', `/v1/invites/${await storyInvite(places)}/explain`, undefined, storyOf);
      const tab = await browser.open({ width: 1200, height: 770 });
      const metadata = "[...document.querySelectorAll('a, button')].find((each) => each.textContent.trim() === 'User Metadata')";
      await tab.goTo(`${places.temporalUiUrl}/namespaces/default/workflows/${encodeURIComponent(senderWorkflowId)}`, metadata);
      await tab.act(`${metadata}.click()`, "[...document.querySelectorAll('iframe')].some((frame) => decodeURIComponent(frame.src + frame.srcdoc).includes('Batches'))");
      // The details are drawn in a frame that cannot be looked into from here.
      await tab.act('new Promise((drawn) => setTimeout(drawn, 1500))', 'true');
      return tab.picture();
    },
  },
];
