import { z } from 'zod';
import { readStoryFacts } from '../../../db/read/explain.ts';
import { tenantOfBatch } from '../../../db/read/tenants.ts';
import { UNKNOWN_FOR_MS } from '../../../db/write/raise-epoch.ts';
import { explainBody } from '../../api/explain-body.ts';
import { tellStory } from '../../domain/explain/story.ts';
import { inviteRef } from '../../domain/ids.ts';
import type { InviteId } from '../../domain/ids.ts';
import { command, done, failed } from '../command.ts';
import { inviteIdText, noFields, value } from '../fields.ts';
import { storyText } from '../text/story.ts';

export const explain = command({
  name: 'explain',
  summary: 'tell the whole story of an invite',
  description: 'Tells every decision about an invite with its rule, what became of each message, and what it waits for now. It shows no address, no name and nothing of visitors. --json is the body of GET /v1/invites/{id}/explain.',
  examples: [{ line: 'npx flywheel explain inv_01kx7m3p9q2r4s5t6v7w8x9y0z00', does: 'why is this one stuck?' }],
  args: z.strictObject({ inviteId: value('invite id', 'the invite', inviteIdText) }),
  options: noFields,
  async run({ context, args: { inviteId } }) {
    const ref = inviteRef(inviteId);
    const tenantId = ref === null ? null : await tenantOfBatch(context.relay().sql, ref.batchId);
    if (ref === null || tenantId === null) return noInvite(inviteId);
    const now = await context.now(context.app().sql);
    const facts = await context.app().asTenant(tenantId, (tx) => readStoryFacts(tx, ref, now));
    if (facts === null) return noInvite(inviteId);
    const story = tellStory(facts, { now, unknownForMs: UNKNOWN_FOR_MS });
    return done({ ...explainBody(facts, story, now), tenantId });
  },
  text: storyText,
});

function noInvite(inviteId: InviteId) {
  return failed(`There is no invite ${inviteId}.`, 'Look for it with GET /v1/invites, or among the ids of npx flywheel held.');
}
