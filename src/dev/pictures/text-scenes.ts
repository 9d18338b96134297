import { linkIn, waitForMail } from '../story/inbox-client.ts';
import { openPage, takePart, takePicture } from './browser.ts';
import { previewLink } from './preview-link.ts';
import { PHONE } from './scenes.ts';
import type { Scene } from './scenes.ts';
import type { TextStory } from './tell-of-texts.ts';

const MAIL_WITHIN_MS = 10_000;

/** What is to be seen once the story of texts was told. */
export function textScenes({ programId, phone, doraEmail }: TextStory): readonly Scene[] {
  return [
    {
      file: 'sms.webp',
      async take(browser, { smsUrl }) {
        const page = await openPage(browser, { width: 760, height: 540 });
        await page.goto(smsUrl);
        await page.getByRole('link', { name: phone }).click();
        await page.getByRole('textbox').fill('Please stop texting me');
        await page.getByRole('button', { name: 'Send' }).click();
        await page.getByText('The app has taken the answer.').waitFor();
        return takePicture(page);
      },
    },
    {
      file: 'preferences.webp',
      async take(browser, { apiUrl, inboxUrl }) {
        const page = await openPage(browser, PHONE);
        await page.goto(linkIn(await waitForMail(inboxUrl, doraEmail, MAIL_WITHIN_MS), `${apiUrl}/p/`));
        return takePicture(page, 1800);
      },
    },
    {
      file: 'preview-text.webp',
      async take(browser, places) {
        const page = await openPage(browser, { width: 760, height: 700 });
        await page.goto(await previewLink(places, programId, { name: 'Zoé', zone: 'Europe/Paris', locale: 'fr', phone: '+33612345678' }));
        return takePart(page.locator('section', { hasText: 'The text message' }));
      },
    },
  ];
}
