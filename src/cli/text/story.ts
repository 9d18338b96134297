import type { z } from 'zod';
import type { explainOut } from '../../api/explain-body.ts';
import type { referralStoryOut } from '../../api/explain-referral-body.ts';
import { pairs } from './table.ts';
import { readable } from './time.ts';

type Told = z.input<typeof explainOut>;

/** An invite's story for the terminal: how it stands, then what happened, oldest first. */
export function storyText(told: Told): string {
  const { now, recipient } = told;
  const head: (readonly [string, string])[] = [
    ['invite', told.inviteId],
    ['state', now.reason === null ? now.state : `${now.state} (${now.reason})`],
    ['waits for', now.waitsFor],
    ...now.heldBy.map(({ kind, id, since, reason }) => ['held by', `${kind.replaceAll('_', ' ')} of ${id} since ${readable(since)}${reason === null ? '' : `: ${reason}`}`] as const),
    ...(now.nextAt === null ? [] : [['next', readable(now.nextAt)] as const]),
    ['expires', readable(now.expiresAt)],
    ['program', `${told.programId}, version ${String(told.programVersion)}`],
    ['zones', recipient.zones.length === 0 ? 'not known' : recipient.zones.join(', ')],
    ['sender', told.senderWorkflowId],
  ];
  return `${pairs(head)}\n\n${told.entries.map(entryText).join('\n\n')}`;
}

/** A referral's story for the terminal, likewise. */
export function referralStoryText(told: z.input<typeof referralStoryOut>): string {
  const { now } = told;
  const head: (readonly [string, string])[] = [
    ['referral', told.referralId],
    ['state', now.paused ? `${now.state} (paused)` : now.state],
    ['waits for', now.waitsFor],
    ...(now.nextAt === null ? [] : [['next', readable(now.nextAt)] as const]),
    ['program', `${told.programId}, version ${String(told.programVersion)}`],
    ['referrer', told.referrerId],
    ['referee', told.refereeId],
    ['run', told.workflowId === null ? 'it never had one' : `${told.workflowId}, ${now.stage ?? ''}`],
  ];
  return `${pairs(head)}\n\n${told.entries.map(entryText).join('\n\n')}`;
}

type Entry = Pick<Told['entries'][number], 'at' | 'title' | 'rule' | 'actor'> & { source: { kind: string; id: string } };

function entryText({ at, title, rule, actor, source }: Entry): string {
  return `${readable(at)}  ${title}\n  ${rule}\n  by ${actor}, from ${source.kind.replaceAll('_', ' ')} ${source.id}`;
}
