import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Tx } from '../../db/client.ts';
import { readStoryFacts } from '../../db/read/explain.ts';
import type { StorySubject } from '../../db/read/explain-link.ts';
import { createExplainLink } from '../../db/write/explain-link.ts';
import { UNKNOWN_FOR_MS } from '../../db/write/raise-epoch.ts';
import type { StoryFacts } from '../domain/explain/facts.ts';
import { tellStory } from '../domain/explain/story.ts';
import type { Story } from '../domain/explain/story.ts';
import { inviteRef, isId, isInviteId } from '../domain/ids.ts';
import type { InviteRef } from '../domain/ids.ts';
import { explainBody, explainOut } from './explain-body.ts';
import { EXPLAIN_LINK_LIVES_MS, explainPath } from './explain-token.ts';
import { instantOut, inviteIdIn, iso } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Explain';

export type ToldStory = { facts: StoryFacts; story: Story };

/** Reads one invite of this transaction's tenant and tells its story as of `now` (epoch ms); null where there is none. */
export async function tellInvite(tx: Tx, ref: InviteRef, now: number): Promise<ToldStory | null> {
  const facts = await readStoryFacts(tx, ref, now);
  return facts === null ? null : { facts, story: tellStory(facts, { now, unknownForMs: UNKNOWN_FOR_MS }) };
}

const explain = route({
  method: 'get',
  path: '/v1/invites/{id}/explain',
  tag,
  summary: 'Tell an invite\'s whole story',
  description: 'Every decision in the order of time, with its rule, what the rule was given, versions and times; what became of each message; and what the invite waits for now. It holds no address, no name and nothing of visitors.',
  params: z.strictObject({ id: inviteIdIn }),
  query: none,
  body: none,
  keyed: false,
  answers: { 200: explainOut },
  problems: ['not_found'],
  async handle({ tx, now, params }) {
    const ref = inviteRef(params.id);
    const told = ref === null ? null : await tellInvite(tx, ref, now);
    return told === null ? problem('not_found') : { status: 200 as const, body: explainBody(told.facts, told.story, now) };
  },
});

const createLink = route({
  method: 'post',
  path: '/v1/explain-links',
  tag,
  summary: 'Make a one-time link to a story',
  description: 'A page for people, without a key, that tells the story of an invite or of a referral: it opens once, within 15 minutes. Looking at the link, as messengers and mail programs do, does not use it up; the button on its page does.',
  params: none,
  query: none,
  body: z.union([z.strictObject({ inviteId: idOf('inv', isInviteId) }), z.strictObject({ referralId: idOf('ref', (text) => isId('ref', text)) })])
    .meta({ examples: [{ inviteId: 'inv_01kx7m3p9q2r4s5t6v7w8x9y0z00' }, { referralId: 'ref_01kx7m3p9q2r4s5t6v7w8x9y0z' }] }),
  keyed: true,
  costs: { flow: 'page-links' },
  answers: { 201: z.object({ url: z.string().meta({ description: 'To be opened in a browser. Whoever has it can read the story once' }), expiresAt: instantOut }).meta({ id: 'ExplainLink' }) },
  problems: ['invalid_request'],
  async handle({ tx, tenantId, keyId, now, body }) {
    const { path, hash } = explainPath(tenantId, randomBytes(24));
    const expiresAt = now + EXPLAIN_LINK_LIVES_MS;
    const subject = 'inviteId' in body ? body.inviteId : body.referralId;
    const made = await createExplainLink(tx, { tenantId, subject, tokenHash: hash, expiresAt, madeBy: keyId });
    if (made.outcome === 'unknown_subject') {
      return problem('invalid_request', { errors: ['inviteId' in body ? { path: '/inviteId', message: 'There is no such invite.' } : { path: '/referralId', message: 'There is no such referral.' }] });
    }
    return { status: 201 as const, body: { url: `${made.publicUrl.replace(/\/+$/, '')}${path}`, expiresAt: iso(expiresAt) } };
  },
});

/** An id in a body: text that is none is a mistake to name, not a 404. */
function idOf<S extends StorySubject>(prefix: 'inv' | 'ref', isOne: (text: string) => text is S) {
  return z.string().transform((text, context): S => {
    if (isOne(text)) return text;
    context.addIssue({ code: 'custom', message: `This is no ${prefix}_ id` });
    return z.NEVER;
  }).meta({ description: `An id that begins with \`${prefix}_\`` });
}

export const explainRoutes: readonly Route[] = [explain, createLink];
