import { z } from 'zod';
import { readStoryFacts } from '../../../db/read/explain.ts';
import { readReferralStory } from '../../../db/read/referral-story.ts';
import { tenantOfBatch, tenantOfRun } from '../../../db/read/tenants.ts';
import { UNKNOWN_FOR_MS } from '../../../db/write/raise-epoch.ts';
import { explainBody } from '../../api/explain-body.ts';
import { referralStoryBody } from '../../api/explain-referral-body.ts';
import { tellReferral } from '../../domain/explain/referral/story.ts';
import { tellStory } from '../../domain/explain/story.ts';
import { inviteRef, isId } from '../../domain/ids.ts';
import type { InviteId, ReferralId } from '../../domain/ids.ts';
import type { Context } from '../context.ts';
import { command, done, failed } from '../command.ts';
import { noFields, storyId, value } from '../fields.ts';
import { referralStoryText, storyText } from '../text/story.ts';

export const explain = command({
  name: 'explain',
  summary: 'tell the whole story of an invite or a referral',
  description: 'Tells every decision about an invite or a referral with its rule, what became of each message, reward and transfer, and what it waits for now. It shows no address, no name and nothing of visitors. --json is the body of GET /v1/invites/{id}/explain or GET /v1/referrals/{id}/explain.',
  examples: [
    { line: 'npx flywheel explain inv_01kx7m3p9q2r4s5t6v7w8x9y0z00', does: 'why is this one stuck?' },
    { line: 'npx flywheel explain ref_01kx7m3p9q2r4s5t6v7w8x9y0z', does: 'why is this reward not released?' },
  ],
  args: z.strictObject({ id: value('id', 'the invite or referral', storyId) }),
  options: noFields,
  async run({ context, args: { id } }) {
    const told = isId('ref', id) ? await tellOfReferral(context, id) : await tellOfInvite(context, id);
    return told === null
      ? failed(`There is no ${isId('ref', id) ? 'referral' : 'invite'} ${id}.`, 'Look for it with GET /v1/invites or GET /v1/referrals, or among the ids of npx flywheel held.')
      : done(told);
  },
  text: (told) => ('inviteId' in told ? storyText(told) : referralStoryText(told)),
});

async function tellOfInvite(context: Context, id: InviteId) {
  const ref = inviteRef(id);
  const tenantId = ref === null ? null : await tenantOfBatch(context.relay().sql, ref.batchId);
  if (ref === null || tenantId === null) return null;
  const now = await context.now(context.app().sql);
  const facts = await context.app().asTenant(tenantId, (tx) => readStoryFacts(tx, ref, now));
  return facts === null ? null : { ...explainBody(facts, tellStory(facts, { now, unknownForMs: UNKNOWN_FOR_MS }), now), tenantId };
}

async function tellOfReferral(context: Context, id: ReferralId) {
  const tenantId = await tenantOfRun(context.relay().sql, id);
  if (tenantId === null) return null;
  const now = await context.now(context.app().sql);
  const facts = await context.app().asTenant(tenantId, (tx) => readReferralStory(tx, id));
  return facts === null ? null : { ...referralStoryBody(facts, tellReferral(facts, now), now), tenantId };
}
