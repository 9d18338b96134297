import { isToldByUs } from '../run/told-by-us.ts';
import type { LiveLife } from './live-life.ts';
import type { LiveLoopDefinition } from './live-loop.ts';

/** How every run of a live loop may end besides its own ways. */
export const COMMON_OUTCOMES = {
  canceled: 'By an operator\'s word.',
  opted_out: 'All who were asked want no such messages, and nobody has come.',
} as const;

type Described = { readonly name: string; readonly says: string };
export type StartFieldDescription = { readonly name: string; readonly kind: string; readonly isOptional: boolean; /** Sealed, and said by the run's mails alone. */ readonly isPrivate: boolean; /** It must lie so many hours around the start. */ readonly withinHours: number | null };
export type HeardEvent = { readonly type: string; readonly fact: string; /** Of its properties, those that count. */ readonly data: Readonly<Record<string, string>>; readonly from: 'app' | 'flywheel' };
export type RoleDescription = { readonly name: string; readonly title: string; readonly hears: readonly HeardEvent[] };

/** A loop as an app needs to know it to start it, to tell it what happens and to understand its ends. */
export type LoopDescription = {
  readonly key: string;
  readonly title: string;
  readonly summary: string;
  readonly topic: string;
  readonly trigger: string;
  readonly channels: readonly string[];
  readonly start: {
    readonly fields: readonly StartFieldDescription[];
    /** Whose values together name the occasion, of which there is one run; empty: each start is one, unless `subject` names it. */
    readonly occasion: readonly string[];
    readonly invitees: { readonly min: number; readonly max: number };
    readonly deck: { readonly minQuestions: number; readonly maxQuestions: number; readonly isOptional: boolean } | null;
    readonly hasBoard: boolean;
  };
  readonly roles: readonly RoleDescription[];
  readonly messages: readonly { readonly name: string; readonly values: Readonly<Record<string, string>> }[];
  readonly stages: readonly Described[];
  readonly outcomes: readonly Described[];
  readonly terms: readonly { readonly name: string; readonly default: number; readonly min: number; readonly max: number }[];
  readonly units: Readonly<Record<string, string>>;
  readonly prompt: { readonly moments: LoopMoments; readonly whenDataIsMissing: string; readonly minors: string; readonly value: number; readonly goodForMinutes: number } | null;
};
type LoopMoments = readonly { readonly moment: string; readonly needs: Readonly<Record<string, { readonly atLeast?: number; readonly atMost?: number; readonly is?: string | number | boolean }>> }[];

/** What `GET /v1/loops` and the guide's table say of a live loop: all of it from its definition. */
export function describeLoop({ key, title, summary, topic, trigger, channels, stages, life }: LiveLoopDefinition): LoopDescription {
  const { start, roles, facts, messages = {}, outcomes, terms = {}, units = {}, deck, board, prompt } = life;
  return {
    key, title, summary, topic, trigger, channels, units,
    start: {
      fields: fieldsOf(life),
      occasion: start.subject ?? [],
      invitees: start.invitees ?? { min: 0, max: 0 },
      deck: deck === undefined ? null : { minQuestions: deck.minQuestions, maxQuestions: deck.maxQuestions, isOptional: deck.isOptional === true },
      hasBoard: board !== undefined,
    },
    roles: Object.entries(roles).map(([name, role]) => ({
      name, title: role.title,
      hears: Object.entries(role.hears).map(([type, fact]) => ({ type, fact, data: facts[fact] ?? {}, from: isToldByUs(type) ? 'flywheel' : 'app' })),
    })),
    messages: Object.entries(messages).map(([name, values]) => ({ name, values })),
    stages: described(stages),
    outcomes: described({ ...outcomes, ...COMMON_OUTCOMES }),
    terms: Object.entries(terms).map(([name, term]) => ({ name, ...term })),
    prompt: prompt === undefined ? null : {
      moments: Object.entries(prompt.moments).map(([moment, { needs = {} }]) => ({ moment, needs })),
      whenDataIsMissing: prompt.whenDataIsMissing, minors: prompt.minors, value: prompt.value, goodForMinutes: prompt.goodForMinutes,
    },
  };
}

function fieldsOf({ start: { fields, near = {} } }: LiveLife): StartFieldDescription[] {
  return Object.entries(fields).map(([name, field]) => {
    const kind = field.replace(/^optional /, '');
    return { name, kind, isOptional: kind !== field, isPrivate: kind === 'private text', withinHours: near[name] ?? null };
  });
}

function described(says: Readonly<Record<string, string>>): Described[] {
  return Object.entries(says).map(([name, text]) => ({ name, says: text }));
}
