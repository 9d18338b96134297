import { z } from 'zod';
import { apiClient } from '../story/api-client.ts';
import { waitForMail } from '../story/inbox-client.ts';
import { storyZones } from '../story/story-zones.ts';
import type { Places } from './places.ts';

const PHONES = { finn: '+12025550142', dora: '+12025550187' } as const;
const SETTLES_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 200;

const idOf = z.object({ id: z.string() });
const invitesOf = z.object({ invites: z.array(z.object({ outcome: z.literal('accepted'), id: z.string() })) });
const recorded = z.object({ results: z.array(z.object({ outcome: z.literal('recorded') })) });
const messagesOf = z.object({ messages: z.array(z.object({ status: z.string() })) });

export type TextStory = { readonly programId: string; /** To whom the text went. */ readonly phone: string; /** Who got a mail, and would get texts. */ readonly doraEmail: string };

/**
 * What the story of `npm start` leaves out: Ana invites Finn and Dora by a program that may write texts, too. Finn's mail
 * bounces, so a text follows, and is delivered. Throws where it is not within 30 s.
 */
export async function tellOfTexts({ apiUrl, secret, inboxUrl, smsUrl }: Places): Promise<TextStory> {
  const api = apiClient(apiUrl, secret);
  const program = await api.call('POST', '/v1/programs', { loop: 'invite', title: 'Sunday choir', terms: { channels: ['email', 'sms'] } }, idOf);
  // Awake now, and where texts may be sent on every day of the week.
  const person = { zone: storyZones(Date.now()).awake, region: 'US-NY', locale: 'en', relationship: 'friend', consent: { basis: 'opt_in' } };
  const doraEmail = 'dora@friends.example';
  await api.call('POST', '/v1/consents', {
    consents: [{ phone: PHONES.dora, topic: 'invitations', channel: 'sms', action: 'granted', basis: 'opt_in', wordingVersion: 'sign-up-3', locale: 'en', givenAt: new Date().toISOString() }],
  }, recorded);
  const { invites: [finn] } = await api.call('POST', '/v1/invites', {
    programId: program.id,
    externalId: 'ana',
    invitees: [
      { ...person, email: 'finn@friends.example', name: 'Finn', phone: PHONES.finn },
      { ...person, email: doraEmail, name: 'Dora', phone: PHONES.dora },
    ],
  }, invitesOf);
  await waitForMail(inboxUrl, 'finn@friends.example', SETTLES_WITHIN_MS);
  await api.call('POST', '/v1/delivery-events', { events: [{ eventId: `bounce-${finn?.id ?? ''}`, kind: 'bounced', permanent: true, at: new Date().toISOString(), inviteId: finn?.id, step: 0 }] }, recorded);
  await untilDelivered(smsUrl, PHONES.finn);
  return { programId: program.id, phone: PHONES.finn, doraEmail };
}

async function untilDelivered(smsUrl: string, phone: string): Promise<void> {
  for (const giveUpAt = performance.now() + SETTLES_WITHIN_MS; ;) {
    const { messages } = messagesOf.parse(await (await fetch(`${smsUrl}/api/messages?phone=${encodeURIComponent(phone)}`)).json());
    if (messages.some(({ status }) => status === 'delivered')) return;
    if (performance.now() > giveUpAt) throw new Error(`no text to ${phone} was delivered within ${String(SETTLES_WITHIN_MS / 1000)} s`);
    await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
  }
}
