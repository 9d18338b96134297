import { z } from 'zod';
import { HELD_REASONS, heldMessages } from '../../../db/read/held-messages.ts';
import type { HeldMessages, HeldReason } from '../../../db/read/held-messages.ts';
import { inviteId } from '../../domain/ids.ts';
import type { TenantId } from '../../domain/ids.ts';
import { command, done } from '../command.ts';
import { id, noFields, value, whole } from '../fields.ts';
import { askTenants, tenantsToAsk } from '../tenant-access.ts';
import { count } from '../text/table.ts';
import { isoOrNull, readable } from '../text/time.ts';

/** What each reason means, and what lifts it. */
const SAY: Readonly<Record<HeldReason, { what: string; todo(held: { tenantId: string; programId: string }): string }>> = {
  tenant_paused: { what: 'the tenant is paused', todo: ({ tenantId }) => `npx flywheel tenant resume ${tenantId}` },
  hard_stop: { what: 'a hard stop of the channel', todo: () => 'DELETE /v1/hard-stops/{channel}, with a key of the tenant' },
  program_paused: { what: 'the program is paused', todo: ({ programId }) => `POST /v1/programs/${programId}/resume, with a key of the tenant` },
  stale: { what: 'to be planned again, because a rule or a zone changed', todo: () => 'the lane\'s sender does it by itself within seconds; if these stay: npx flywheel doctor' },
  unknown: { what: 'nobody knows whether it arrived', todo: () => 'a delivery event (POST /v1/delivery-events) settles it; after 72 h it is given up, never sent again' },
};

export const held = command({
  name: 'held',
  summary: 'show the messages that are held, and why',
  description: 'Counts the messages that do not leave, by tenant, lane, program and reason, with the ids of the first few: under a pause or a hard stop, to be planned again, or of unknown outcome. What waits for its hour is not held.',
  examples: [
    { line: 'npx flywheel held', does: 'everything that is held' },
    { line: 'npx flywheel held --reason unknown --first 20 --json', does: 'hand-offs of unknown outcome, for a program' },
  ],
  args: noFields,
  options: z.strictObject({
    tenant: value('tenant id', 'only of this tenant', id('tnt').optional()),
    reason: value('reason', `only for this reason: ${HELD_REASONS.join(', ')}`, z.enum(HELD_REASONS, `must be one of ${HELD_REASONS.join(', ')}`).optional()),
    first: value('number', 'how many ids of each to show: 3 when left out', whole(0, 100).default(3)),
  }),
  async run({ context, options: { tenant, reason, first } }) {
    const tenants = await tenantsToAsk(context, tenant);
    if (tenants.kind === 'failed') return tenants;
    const now = await context.now(context.app().sql);
    const found = await askTenants(context, tenants.value, async (tx, tenantId) => (await heldMessages(tx, { now, first })).map((each) => heldOut(tenantId, each)));
    const groups = found.flat().filter((group) => reason === undefined || group.reason === reason);
    return done({ messages: groups.reduce((sum, { messages }) => sum + messages, 0), groups });
  },
  text: ({ messages, groups }) => (groups.length === 0 ? 'Nothing is held.' : `${count(messages, 'message')} held.\n\n${groups.map(groupText).join('\n\n')}`),
});

type Group = ReturnType<typeof heldOut>;

function heldOut(tenantId: TenantId, { first, since, ...group }: HeldMessages) {
  return { tenantId, ...group, since: isoOrNull(since), first: first.map(inviteId), todo: SAY[group.reason].todo({ tenantId, programId: group.programId }) };
}

function groupText({ tenantId, lane, programId, reason, note, messages, overdue, since, first, todo }: Group): string {
  return [
    `${count(messages, 'message')} in ${lane} of ${tenantId}, program ${programId}: ${SAY[reason].what}${note === null ? '' : ` (${note})`}${since === null ? '' : `, since ${readable(since)}`}`,
    ...(overdue > 0 ? [`  ${String(overdue)} past ${overdue === 1 ? 'its' : 'their'} time`] : []),
    ...(first.length > 0 ? [`  ${first.join(', ')}${messages > first.length ? ', …' : ''}`] : []),
    `  → ${todo}`,
  ].join('\n');
}
