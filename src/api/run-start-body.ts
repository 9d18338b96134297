import { z } from 'zod';
import type { StartedRun } from '../../db/write/runs/start-run.ts';
import { findLiveLoop, liveLoopKeys } from '../../workflows/registry.ts';
import { deckIn } from './deck-body.ts';
import { acceptedBody, acceptedOut, inviteeIn } from './invite-body.ts';
import { idOut, textIn } from './fields.ts';
import { memberIdIn } from './link-body.ts';

const LONGEST_VALUE = 200;

/** The fields of each live loop, from its definition. */
function sayFields(): string {
  return liveLoopKeys().map((key) => {
    const fields = Object.entries(findLiveLoop(key)?.definition.life.start.fields ?? {}).map(([name, field]) => `\`${name}\` (${field})`);
    return `\`${key}\`: ${fields.join(', ') || 'none'}.`;
  }).join(' ');
}

/** Shape alone: what a loop's fields are, its definition says, and the handler judges. */
export const newRunIn = z.strictObject({
  programId: z.string().max(40),
  memberId: memberIdIn.optional(),
  externalId: textIn(200).optional().meta({ description: 'The member by your own id, instead of `memberId`' }),
  input: z.record(z.string().max(40), z.union([z.string().max(LONGEST_VALUE), z.number(), z.boolean(), z.null()])).default({})
    .meta({ description: `The fields of the loop's start. ${sayFields()} Write nothing of a person but a first name into a \`private text\`, which is sealed and stands in the run's mails alone: members are named by your own ids for them` }),
  subject: textIn(LONGEST_VALUE).optional().meta({ description: 'Your name for the occasion: there is one run for each, program and member, and a repeat answers it. Left out: as the loop has it' }),
  promptId: z.string().max(40).optional().meta({ description: 'The offer that the member accepted: the run comes of it, and the offer counts as accepted if nobody has said so. One run an offer: a repeat answers it' }),
  invitees: z.array(inviteeIn).max(100, 'At most 100 invitees fit into one start').optional().meta({ description: 'Whom to ask, where the loop asks somebody by message. Decided like any invites' }),
  deck: deckIn.optional().meta({ description: 'The questions, where the loop is played' }),
}).refine((body) => (body.memberId === undefined) !== (body.externalId === undefined), { message: 'Name the member by memberId or by externalId', path: ['externalId'] })
  .meta({ examples: [{ programId: 'prg_01k8example0000000000000000', externalId: 'user-17', input: { examAt: '2030-06-12T08:00:00Z', buddy: 'user-23' } }] });

export const startedRunOut = z.object({
  id: idOut('run'),
  loop: z.string(),
  stage: z.string(),
  link: z.object({ code: z.string(), url: z.string() }).nullable().meta({ description: 'Leads to the run\'s landing page; who signs up by it is credited to the member' }),
  waitingUrl: z.string().nullable().meta({ description: 'Of a loop that is played: a page for the member alone that shows, live, who plays and how it ends. Its address is what opens it; null: the loop is not played' }),
  boardUrl: z.string().nullable().meta({ description: 'Of a loop with a board: its page, live, with the member\'s own rank marked. Its address is what opens it; null: the loop has none' }),
  invites: acceptedOut.nullable().meta({ description: 'What was decided of the invitees; null where none were named, and in a repeat' }),
}).meta({ id: 'StartedRun' });

type Started = Extract<StartedRun, { runId: unknown }>;

export function startedBody(started: Started, { loop, stage, publicUrl, waitingPath, boardPath }: { loop: string; stage: string; publicUrl: string; waitingPath: string | null; boardPath: string | null }): z.input<typeof startedRunOut> {
  const { runId, code } = started;
  const invites = started.outcome === 'started' ? started.invites : null;
  return {
    id: runId, loop, stage,
    link: code === null ? null : { code, url: new URL(`/i/${code}`, publicUrl).href },
    waitingUrl: waitingPath === null ? null : new URL(waitingPath, publicUrl).href,
    boardUrl: boardPath === null ? null : new URL(boardPath, publicUrl).href,
    invites: invites === null ? null : acceptedBody({ outcome: 'accepted', ...invites }),
  };
}
