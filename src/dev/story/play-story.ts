import { z } from 'zod';
import { apiClient } from './api-client.ts';
import { linkIn, waitForMail } from './inbox-client.ts';
import { playReferral, STORY_REWARDS } from './play-referral.ts';
import { localTime, storyZones } from './story-zones.ts';

export type Story = { readonly inviteId: string; readonly referralId: string };
export type StoryPlaces = { apiUrl: string; secret: string; inboxUrl: string; now: number; say(line: string): void };

const idBody = z.object({ id: z.string() });
const acceptedBody = z.object({
  invites: z.array(z.union([
    z.object({ outcome: z.literal('accepted'), id: z.string(), sendAt: z.string() }),
    z.object({ outcome: z.literal('refused'), id: z.string(), reason: z.string() }),
  ])),
});
const inviteBody = z.object({ state: z.string(), nextAt: z.string().nullable() });
/** A person's browser, so that the visit counts. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const SETTLES_WITHIN_MS = 30_000;

/**
 * Plays one story with real HTTP calls: Ana invites three friends; one mail leaves now, one waits for its morning, one is
 * refused; the first friend clicks the link in the real mail, signs up, and pays; what it earned is held, released and paid
 * out. Returns the ids of the invite that joined and of its referral.
 */
export async function playStory({ apiUrl, secret, inboxUrl, now, say }: StoryPlaces): Promise<Story> {
  const api = apiClient(apiUrl, secret);
  const { awake, asleep } = storyZones(now);
  await api.call('PUT', '/v1/members/ana', { name: 'Ana', contact: { email: 'ana@friends.example' }, zone: 'Europe/Berlin' }, idBody);
  say('Ana is a member of Lumen                          PUT /v1/members/ana');
  await api.call('PUT', '/v1/units', { units: [{ unit: 'points', title: 'Points' }] }, z.unknown());
  const program = await api.call('POST', '/v1/programs', { loop: 'invite', title: 'Study together', terms: { rewards: STORY_REWARDS } }, idBody);
  say('Lumen opens a program, "Study together"           POST /v1/programs');
  say('  500 points for both at first value, 15 % of the first payment for who invited');
  await api.call('POST', '/v1/suppressions', { email: 'cora@friends.example' }, idBody);
  say('Cora has asked Lumen never to write to her        POST /v1/suppressions');

  const consent = { basis: 'inviter_attested' };
  const { invites } = await api.call('POST', '/v1/invites', {
    programId: program.id,
    externalId: 'ana',
    invitees: [
      { email: 'ben@friends.example', name: 'Ben', zone: awake, relationship: 'friend', consent },
      { email: 'mia@friends.example', name: 'Mia', zone: asleep, relationship: 'classmate', consent },
      { email: 'cora@friends.example', name: 'Cora', zone: awake, relationship: 'friend', consent },
    ],
  }, acceptedBody);
  say('Ana invites Ben, Mia and Cora                     POST /v1/invites');
  const [ben, mia, cora] = invites;
  if (ben?.outcome !== 'accepted' || mia?.outcome !== 'accepted' || cora?.outcome !== 'refused') throw new Error('the invites were not decided as the story goes');
  say(`  Ben's leaves now: it is ${localTime(now, awake, now)}`);
  say(`  Mia's waits for her morning: it leaves at ${localTime(Date.parse(mia.sendAt), asleep, now)}`);
  say(`  Cora's is refused: ${cora.reason}`);

  const mail = await waitForMail(inboxUrl, 'ben@friends.example', SETTLES_WITHIN_MS);
  say(`Ben gets "${mail.subject}"`);
  const clickId = await click(linkIn(mail, `${apiUrl}/l/`));
  say('Ben opens the link in his mail                    GET /l/…');
  const benAtOnce = await onceRecorded(() => api.call('GET', `/v1/invites/${ben.id}`, undefined, inviteBody));
  if (benAtOnce.nextAt !== null) say(`  his reminder is planned: ${localTimeOf(benAtOnce.nextAt, awake)}`);
  await api.call('POST', '/v1/events', {
    events: [{ eventId: `signup-ben-${ben.id}`, type: 'signed_up', externalId: 'ben', clickId }],
  }, z.unknown());
  say('Ben signs up; Lumen reports it with his clickId   POST /v1/events');
  const after = await api.call('GET', `/v1/invites/${ben.id}`, undefined, inviteBody);
  if (after.state !== 'joined') throw new Error(`Ben's invite should have joined and is ${after.state}`);
  say('  his invite and its open reminder close: joined');
  return { inviteId: ben.id, referralId: await playReferral({ api, say }) };
}

/** A mail may be in the inbox a moment before the hand-off is recorded. */
async function onceRecorded<Invite extends { state: string }>(read: () => Promise<Invite>): Promise<Invite> {
  for (let triesLeft = 50; ; triesLeft -= 1) {
    const invite = await read();
    if ((invite.state !== 'waiting' && invite.state !== 'sending') || triesLeft === 0) return invite;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

/** Opens a short link as a browser would; returns the clickId that the landing page gets. */
async function click(link: string): Promise<string> {
  const response = await fetch(link, { redirect: 'manual', headers: { 'user-agent': BROWSER, accept: 'text/html' } });
  const location = response.headers.get('location');
  const clickId = location === null ? null : new URL(location).searchParams.get('clickId');
  if (clickId === null) throw new Error(`the link answered ${String(response.status)} without a clickId`);
  return clickId;
}

function localTimeOf(instant: string, zone: string): string {
  const at = Date.parse(instant);
  return `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(at)} in ${zone}`;
}

/** A fresh one-time page that explains an invite or a referral. */
export async function explainLink(apiUrl: string, secret: string, about: { inviteId: string } | { referralId: string }): Promise<string> {
  const answer = await apiClient(apiUrl, secret).call('POST', '/v1/explain-links', about, z.object({ url: z.string() }));
  return answer.url;
}
