import { given, type Inputs } from '../entry.ts';
import { redactInputs, redactText } from '../redact.ts';
import { capitalized } from '../say-code.ts';
import { creditedEntries } from './credited.ts';
import { earnedEntries } from './earned.ts';
import { inOrder, type ReferralEntry } from './entry.ts';
import type { ReferralStoryFacts } from './facts.ts';
import { happenedEntries } from './happened.ts';
import { waitsFor, type ReferralNow } from './waits-for.ts';

export type ReferralStory = { readonly entries: readonly ReferralEntry[]; readonly now: ReferralNow };

/** Turns what is stored of one referral into its whole story, in the order of time, and what it waits for at `now` (epoch ms). Pure; tells no address, no name, no visitor. */
export function tellReferral(facts: ReferralStoryFacts, now: number): ReferralStory {
  return {
    entries: inOrder([...creditedEntries(facts), ...happenedEntries(facts), ...earnedEntries(facts, now), ...decidedEntries(facts), ...runEntries(facts)]),
    now: waitsFor(facts, now),
  };
}

/** What people decided: an approval, a hold that was changed, a correction, a pause. */
function decidedEntries({ decisions }: ReferralStoryFacts): ReferralEntry[] {
  return decisions.map(({ id, kind, rule, inputs, actor, at }) => ({
    at, kind: 'decided', title: decidedTitle(kind, inputs), rule: capitalized(redactText(rule)), inputs: given(redactInputs(inputs)), actor, source: { kind: 'decision', id },
  }));
}

function decidedTitle(kind: string, inputs: Inputs): string {
  const notice = typeof inputs['notice'] === 'string' ? redactText(inputs['notice']).replaceAll('_', ' ') : 'it';
  switch (kind) {
    case 'notice_queued': return `The member is told by mail: ${notice}.`;
    case 'notice_not_sent': return `No mail of its own tells the member of it: ${notice}.`;
    default: return `${capitalized(redactText(kind).replaceAll('_', ' '))}.`;
  }
}

function runEntries({ run, referral }: ReferralStoryFacts): ReferralEntry[] {
  if (run === null) return [];
  const { generation, openedAt, closedAt, outcome, reason, stage } = run;
  const source = { kind: 'run' as const, id: `referral/${referral.id}/${String(generation)}` };
  return [
    {
      at: openedAt, kind: 'run_began', title: generation === 1 ? 'Its run began.' : `Its run began again, for the ${String(generation)}. time.`,
      rule: 'A referral has a run in Temporal while something of it is to come; the rows are the truth.', inputs: { generation }, actor: 'relay', source,
    },
    ...(closedAt === null ? [] : [{
      at: closedAt, kind: 'run_ended' as const, title: `Its run ended: ${outcome ?? 'unknown'}${reason === null ? '' : ` (${redactText(reason)})`}.`,
      rule: 'Nothing of it was to come; a later fact lets it begin again.', inputs: given({ generation, stage, outcome }), actor: 'run', source,
    }]),
  ];
}
