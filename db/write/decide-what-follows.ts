import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { recordDecisions, type Decision } from './decide.ts';
import type { MessageRecord, NextStep } from './message-record.ts';

/** How an invite stood before its record: why it had been put off, and how often. */
export type Before = { reason: string | null; tries: number };
type Told = { record: MessageRecord; before: Before };

/** Writes why a reminder is planned when it is, or let go, and why a message was put off: one decision for all of a batch that are alike. */
export async function decideWhatFollows(tx: Tx, tenantId: TenantId, told: readonly Told[], now: number): Promise<void> {
  const groups = new Map<string, { decision: Omit<Decision, 'tenantId' | 'ns' | 'actor' | 'now'>; ns: number[] }>();
  const keyOf = keysOfPlans();
  for (const { record, before } of told) {
    const made = decisionOf(record, before);
    if (made === null) continue;
    const key = `${record.batchId} ${record.outcome === 'handed_off' ? keyOf(record.next, made) : JSON.stringify(made)}`;
    const group = groups.get(key) ?? { decision: { ...made, subjectId: record.batchId }, ns: [] };
    group.ns.push(record.n);
    groups.set(key, group);
  }
  await recordDecisions(tx, [...groups.values()].map(({ decision, ns }) => ({ ...decision, ns, tenantId, actor: 'sender', now })));
}

/** Messages of a group share their plans: what a plan says is written out once. */
function keysOfPlans(): (next: NextStep, made: Made) => string {
  const keys = new Map<NextStep, string>();
  return (next, made) => {
    const key = keys.get(next) ?? JSON.stringify(made);
    keys.set(next, key);
    return key;
  };
}

type Made = Pick<Decision, 'kind' | 'rule' | 'inputs'>;

function decisionOf(record: MessageRecord, before: Before): Made | null {
  switch (record.outcome) {
    case 'handed_off': return record.next === null ? null : reminder(record.next);
    case 'put_back': return putOff(record, before);
    case 'refused':
    case 'unknown': return null;
  }
}

function reminder(next: NonNullable<NextStep>): Made {
  return {
    kind: next.outcome === 'planned' ? 'reminder_planned' : 'reminder_let_go',
    rule: next.why,
    inputs: {
      step: next.step,
      zones: next.zones,
      ...(next.peak === undefined ? {} : { peak: next.peak }),
      ...(next.outcome === 'planned' ? { sendAt: iso(next.dueAt), permittedUntil: iso(next.permittedUntil), planVersion: next.planVersion } : {}),
    },
  };
}

/** Each time the recipient's side said "later"; our own trouble only when it begins, since it is tried again and again. */
function putOff({ step, dueAt, reason, detail, tried }: Extract<MessageRecord, { outcome: 'put_back' }>, before: Before): Made | null {
  if (reason === null || (!tried && reason === before.reason)) return null;
  return {
    kind: 'put_off',
    rule: tried
      ? 'Who says "later" is asked again after five minutes at the earliest, each time later, and twelve times in all.'
      : 'Trouble on the way to the mail server is nobody\'s refusal: it counts as no try, and it is tried again soon.',
    // To the second, so that those which were put off together are told together.
    inputs: { step, reason, ...(detail === undefined ? {} : { detail }), tries: before.tries + (tried ? 1 : 0), againAt: iso(Math.floor(dueAt / 1000) * 1000) },
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
