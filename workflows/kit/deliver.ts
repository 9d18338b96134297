import { CancellationScope, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../../activities/create-activities.ts';
import type { MessageValueKind } from '../../src/domain/program/live-life.ts';
import type { LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';
import { MESSAGE_FACT, type MessageOutcome, type ToldFact } from '../../src/domain/run/fact.ts';
import type { RunLife } from './contract.ts';
import { workflowNow } from './now.ts';
import type { LifeParts } from './open-run.ts';

const { queueRunMessage, withdrawRunMessage } = proxyActivities<Pick<Activities, 'queueRunMessage' | 'withdrawRunMessage'>>({
  // A few rows. Whatever fails, a later try may mend.
  startToCloseTimeout: '30 seconds',
  summary: 'queues a message of the run, or withdraws what has not left',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** What is on the wire at its deadline is looked at so often, should its record not be told. */
const LOOK_AGAIN_MS = 60_000;

type MessagesOf<D extends LiveLoopDefinition> = D['life']['messages'] & object;
type ValueOf<Kind> = Kind extends 'text' ? string : number;
type ValuesOf<Values> = { readonly [Name in keyof Values]: Values[Name] extends MessageValueKind ? ValueOf<Values[Name]> : never };
export type RoleOf<D extends LiveLoopDefinition> = keyof D['life']['roles'] & string;

/** One of the definition's messages with its values. `step`: what it is called in this run, once. */
export type MessageOf<D extends LiveLoopDefinition> = {
  [Key in keyof MessagesOf<D> & string]: { readonly step: string; readonly to: RoleOf<D> | readonly RoleOf<D>[]; readonly message: Key; readonly values: ValuesOf<MessagesOf<D>[Key]> };
}[keyof MessagesOf<D> & string];

/** A message to those in some roles; or the invites that were accepted with the start. */
export type Delivery<D extends LiveLoopDefinition> = MessageOf<D> | { readonly to: 'invitees' };
export type Delivered = { readonly outcome: MessageOutcome; readonly reason: string | null };

const INVITE_STEP = 'invite';
/** As the activities say it: there is no such message. */
const NOBODY = 'nobody';

/** `LiveRun.deliver`: queue, wait for the first that leaves, withdraw at the deadline. Postgres has the last word: a fact only wakes it earlier. */
export function deliverer<D extends LiveLoopDefinition>({ tenantId, runId, generation }: RunLife, parts: LifeParts) {
  /** Withdraws what of a step has not left; what is on the wire is waited for. */
  const settle = async (step: string): Promise<Delivered> => {
    for (;;) {
      const left = await CancellationScope.nonCancellable(() => withdrawRunMessage({ tenantId, runId, step }));
      if (left.outcome !== 'on_the_wire') return { outcome: left.outcome, reason: left.reason };
      const lookAt = workflowNow() + LOOK_AGAIN_MS;
      const told = await parts.hear(isOf(step), lookAt);
      // A run that was shortened waits for no fact any more.
      const leftMs = lookAt - workflowNow();
      if (told === null && leftMs > 0) await CancellationScope.nonCancellable(() => sleep(leftMs));
    }
  };
  /** It cannot be asked for any more. An earlier life may have asked in time: the story goes on with what became of that. */
  const notAsked = async (step: string, reason: string): Promise<Delivered> => {
    if (generation === 1) return notSent(reason);
    const earlier = await settle(step);
    return earlier.reason === NOBODY ? notSent(reason) : earlier;
  };
  return async (message: Delivery<D>, { before }: { readonly before: number }): Promise<Delivered> => {
    const until = parts.capped(before);
    const step = 'step' in message ? message.step : INVITE_STEP;
    if (until <= workflowNow()) return notAsked(step, 'window_closed_first');
    if (!(await parts.mayActBy(until))) return notAsked(step, 'paused');
    const asked = await CancellationScope.nonCancellable(() => queueRunMessage({
      tenantId, runId, step, before: until,
      ...('step' in message ? { kind: 'message', to: typeof message.to === 'string' ? [message.to] : message.to, message: message.message, values: message.values } : { kind: 'invites' }),
    }));
    if (asked.count === 0) return notSent(asked.reason ?? NOBODY);
    return (await firstToLeave(parts, step, asked.count, until)) ?? settle(step);
  };
}

/** What the first that left came to, or all when none did; null: the deadline came before. */
async function firstToLeave(parts: LifeParts, step: string, count: number, until: number): Promise<Delivered | null> {
  const ended = new Map<string, Delivered>();
  while (ended.size < count) {
    const told = await parts.hear(isOf(step), until);
    if (told === null) return null;
    const { outcome, reason, batchId, n } = told.data;
    const of = { outcome: outcomeOf(outcome), reason: typeof reason === 'string' ? reason : null };
    if (of.outcome === 'handed_off') return of;
    ended.set(`${String(batchId)} ${String(n)}`, of);
  }
  const all = [...ended.values()];
  return all.find(({ outcome }) => outcome === 'unknown') ?? all[0] ?? null;
}

function isOf(step: string) {
  return ({ kind, data }: ToldFact): boolean => kind === MESSAGE_FACT && data['step'] === step;
}

function outcomeOf(value: unknown): MessageOutcome {
  return value === 'handed_off' || value === 'unknown' ? value : 'not_sent';
}

function notSent(reason: string): Delivered {
  return { outcome: 'not_sent', reason };
}
