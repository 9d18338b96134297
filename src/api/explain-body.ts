import { z } from 'zod';
import type { StoryEntry } from '../domain/explain/entry.ts';
import { ENTRY_KINDS, SOURCE_KINDS } from '../domain/explain/entry.ts';
import type { StoryFacts } from '../domain/explain/facts.ts';
import type { Story } from '../domain/explain/story.ts';
import { inviteId } from '../domain/ids.ts';
import { NOTICE_KINDS, RUN_MESSAGE } from '../domain/notice/notice-kinds.ts';
import { senderWorkflowId } from '../../workflows/system/sender/contract.ts';
import { idOut, instantOut, iso, isoOrNull } from './fields.ts';

const states = ['waiting', 'sending', 'handed_off', 'unknown', 'unknown_expired', 'joined', 'expired', 'refused', 'canceled'] as const;

const entryOut = z.object({
  at: instantOut,
  kind: z.enum(ENTRY_KINDS),
  title: z.string().meta({ description: 'What happened, as a sentence; times on the recipient\'s clock and in UTC' }),
  rule: z.string().meta({ description: 'By which rule, in plain words' }),
  inputs: z.record(z.string(), z.unknown()).meta({ description: 'What the rule was given: ids, codes, figures, versions, instants. No personal data' }),
  actor: z.string().meta({ description: 'Who decided or did it: a key\'s id, `sender`, `recipient`, `visitor`, `provider`, `app` …' }),
  source: z.object({ kind: z.enum(SOURCE_KINDS), id: z.string() }).meta({ description: 'The row it was read from' }),
}).meta({ id: 'StoryEntry' });

export const explainOut = z.object({
  inviteId: idOut('inv'),
  batchId: idOut('bat'),
  programId: idOut('prg'),
  programVersion: z.number().int(),
  memberId: z.string().nullable().meta({ description: 'The inviter; null: the tenant itself' }),
  notice: z.enum([...NOTICE_KINDS, RUN_MESSAGE]).nullable().meta({ description: 'Set: it invites nobody, but tells a member of this; `run_message`: what a run has to say' }),
  duplicateOf: z.string().nullable(),
  channel: z.string(),
  linkCode: z.string().nullable().meta({ description: 'Read it with `GET /v1/links/{code}`' }),
  senderWorkflowId: z.string().meta({ description: 'The Temporal workflow through which this lane\'s messages leave' }),
  recipient: z.object({
    contactId: z.string().nullable(),
    addressKept: z.boolean().meta({ description: 'Whether an address, or its keyed hash, is on record. It is never shown here' }),
    memberId: z.string().nullable(),
    zones: z.array(z.string()).meta({ description: 'Candidate time zones; all must permit a send' }),
    zoneSource: z.string().nullable(),
  }),
  now: z.object({
    at: instantOut,
    state: z.enum(states),
    reason: z.string().nullable(),
    waitsFor: z.string().meta({ description: 'What it waits for now, as a sentence' }),
    nextAt: instantOut.nullable().meta({ description: 'When the next thing happens by itself; for what is held, its expiry' }),
    heldBy: z.array(z.object({ kind: z.enum(['tenant_paused', 'program_paused', 'hard_stop']), id: z.string(), since: instantOut, reason: z.string().nullable() })),
    permittedUntil: instantOut.nullable().meta({ description: 'Until when the planned send is permitted; then it is planned again' }),
    expiresAt: instantOut,
  }),
  entries: z.array(entryOut).meta({ description: 'The whole story, oldest first' }),
}).meta({ id: 'Story' });

/** The story of one invite as it goes out. `now`: the instant (epoch ms) it was told at. */
export function explainBody({ invite, recipient }: StoryFacts, story: Story, now: number): z.input<typeof explainOut> {
  return {
    inviteId: inviteId(invite),
    batchId: invite.batchId,
    programId: invite.programId,
    programVersion: invite.programVersion,
    memberId: invite.memberId,
    notice: invite.notice?.kind ?? null,
    duplicateOf: invite.duplicateOf,
    channel: invite.channel,
    linkCode: invite.linkCode,
    senderWorkflowId: senderWorkflowId(invite),
    recipient: {
      contactId: recipient.contactId, addressKept: recipient.hasAddressHash, memberId: recipient.memberId, zones: [...recipient.zones], zoneSource: recipient.zoneSource,
    },
    now: {
      ...story.now,
      at: iso(now),
      nextAt: isoOrNull(story.now.nextAt),
      heldBy: story.now.heldBy.map((hold) => ({ ...hold, since: iso(hold.since) })),
      permittedUntil: isoOrNull(story.now.permittedUntil),
      expiresAt: iso(story.now.expiresAt),
    },
    entries: story.entries.map(entryBody),
  };
}

function entryBody({ at, kind, title, rule, inputs, actor, source }: StoryEntry): z.input<typeof entryOut> {
  return { at: iso(at), kind, title, rule, inputs: { ...inputs }, actor, source };
}
