import { at, listAt, textAt } from './answers.ts';
import type { Call } from './call.ts';
import { QUESTIONS } from './questions.ts';

/** An offer as it is shown: plain text. */
export type Offer = { readonly id: string; readonly title: string; readonly body: string; readonly accept: string; readonly dismiss: string };
export type Challenge = { readonly runId: string; readonly link: string; readonly waitingUrl: string; /** What became of the mail; null: nobody was named. */ readonly mail: string | null };
export type News = { readonly title: string; readonly body: string };
export type Fact = { readonly eventId: string; readonly type: string; readonly externalId: string } & Readonly<Record<string, unknown>>;

/** All of Flywheel that this app uses. Its users are known there by their ids here. */
export type Flywheel = ReturnType<typeof flywheel>;

export function flywheel(call: Call) {
  return {
    /** Tells of a user, and of every change of theirs; answers Flywheel's id of them, which webhooks name. */
    async upsertMember(userId: string, { name, email }: { name: string; email: string }): Promise<string> {
      return textAt(await call('PUT', `/v1/members/${userId}`, { name, contact: { email } }), 'id');
    },

    /** Facts count once by their `eventId`, however often they are told. */
    async tell(...events: readonly Fact[]): Promise<void> {
      await call('POST', '/v1/events', { events }, events.map(({ eventId }) => eventId).join());
    },

    /** Something has just happened: what shall we offer? An offer, or the reason why there is none. */
    async decide(userId: string, moment: string, momentId: string, data: Readonly<Record<string, number>>): Promise<Offer | string> {
      const decided = await call('POST', '/v1/prompts/decide', { externalId: userId, moment, momentId, data });
      if (at(decided, 'decision') !== 'prompt') return textAt(decided, 'detail');
      const say = (name: string): string => textAt(decided, 'prompt', 'words', name);
      return { id: textAt(decided, 'prompt', 'id'), title: say('title'), body: say('body'), accept: say('accept'), dismiss: say('dismiss') };
    },

    async answerOffer(id: string, answer: 'shown' | 'dismissed'): Promise<void> {
      await call('POST', `/v1/prompts/${id}/answers`, { answer });
    },

    /** Starts a challenge with our questions; `friend`: an address to write to, or empty for the link alone. `occasion`: our id of the practice, for there is one challenge each. `promptId`: the offer that it came of, accepted by this. */
    async startChallenge(userId: string, { programId, promptId, occasion, score, friend }: { programId: string; promptId: string; occasion: string; score: number; friend: string }): Promise<Challenge> {
      const run = await call('POST', '/v1/runs', {
        programId, promptId, externalId: userId, subject: occasion, input: { score }, deck: { title: 'Four quick questions', questions: QUESTIONS },
        ...(friend === '' ? {} : { invitees: [{ email: friend, relationship: 'friend', consent: { basis: 'inviter_attested' } }] }),
      }, `challenge-${occasion}`);
      const [invited] = listAt(run, 'invites', 'invites');
      return { runId: textAt(run, 'id'), link: textAt(run, 'link', 'url'), waitingUrl: textAt(run, 'waitingUrl'), mail: invited === undefined ? null : textAt(invited, at(invited, 'outcome') === 'accepted' ? 'why' : 'reason') };
    },

    /** Ways to pass the link on from the member's own phone. */
    async waysToShare(runId: string): Promise<{ sms: string; whatsapp: string; mailto: string }> {
      const share = await call('GET', `/v1/runs/${runId}/share`);
      return { sms: textAt(share, 'sms'), whatsapp: textAt(share, 'whatsapp'), mailto: textAt(share, 'mailto') };
    },

    async feed(userId: string): Promise<News[]> {
      return listAt(await call('GET', `/v1/feed?externalId=${userId}`), 'data').map((item) => ({ title: textAt(item, 'title'), body: textAt(item, 'body') }));
    },

    /** Days in a row, and the shields that are left to keep them. */
    async streak(userId: string): Promise<{ days: number; shields: number }> {
      const [streak] = listAt(await call('GET', `/v1/members/${userId}/streaks`), 'streaks');
      return { days: Number(at(streak, 'current') ?? 0), shields: Number(at(streak, 'freezesLeft') ?? 0) };
    },

    /** Flywheel's hosted page of what a member has earned; the address opens once, within an hour. */
    async referralPage(userId: string): Promise<string> {
      return textAt(await call('POST', `/v1/members/${userId}/embed-tokens`), 'url');
    },
  };
}
