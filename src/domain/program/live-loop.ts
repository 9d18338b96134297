import type { FactScalar } from '../run/fact.ts';
import type { LiveLife, StartField, StartValue } from './live-life.ts';
import type { LoopDefinition, ProgramTerms } from './terms.ts';

export type { LiveLife } from './live-life.ts';

/** A loop with a life of its own, as data. */
export type LiveLoopDefinition<Key extends string = string> = Omit<LoopDefinition<Key>, 'stages' | 'life'> & {
  /** Each with what ops read of it. */
  readonly stages: Readonly<Record<string, string>>;
  readonly life: LiveLife;
};

type InputKind = keyof StartValue;
type FieldsOf<F extends Readonly<Record<string, StartField>>> = { readonly [K in keyof F as F[K] extends InputKind ? K : never]: F[K] extends InputKind ? StartValue[F[K]] : never } & {
  readonly [K in keyof F as F[K] extends `optional ${InputKind}` ? K : never]?: F[K] extends `optional ${infer Kind extends InputKind}` ? StartValue[Kind] : never;
};

/** What a run's workflow starts with: its fields (private ones aside; instants in epoch ms, members by our ids), the member's id, when the run was started (epoch ms, the same in each of its lives), how many were invited with it, and the numbers of its program, pinned. */
export type LiveInput<D extends { readonly life: LiveLife }> = FieldsOf<D['life']['start']['fields']> & {
  readonly memberId: string;
  readonly startedAt: number;
  readonly invited: number;
  readonly terms: { readonly [K in keyof (D['life']['terms'] & object)]: number };
};

/** The start fields as `startRun` takes them: read and resolved. */
export type StartInput = Readonly<Record<string, FactScalar>>;

/** A loop's own numbers in a program: its defaults, changed where the terms say so. */
export function liveTerms(life: LiveLife, terms: Pick<ProgramTerms, 'life'>): Record<string, number> {
  return Object.fromEntries(Object.entries(life.terms ?? {}).map(([name, { default: standard }]) => [name, terms.life?.[name] ?? standard]));
}

/** What is wrong with a program's changes of them, each with its path. */
export function liveTermsProblems(life: LiveLife | undefined, changed: NonNullable<ProgramTerms['life']>): string[] {
  return Object.entries(changed).flatMap(([name, value]) => {
    const term = life?.terms !== undefined && Object.hasOwn(life.terms, name) ? life.terms[name] : undefined;
    if (term === undefined) return [`life.${name}: this loop has no such number; it has ${Object.keys(life?.terms ?? {}).join(', ') || 'none'}`];
    return value >= term.min && value <= term.max ? [] : [`life.${name}: is ${String(value)}; ${String(term.min)} to ${String(term.max)} is possible`];
  });
}

/** Terms of a program that a live loop may begin from: waking hours, held for no message whose time would be over. */
export const LIVE_DEFAULT_TERMS = {
  channels: ['email'],
  sendRules: {
    // The hours that US federal law sets for calls and texts (47 CFR 64.1200(c)(1)).
    layers: [{ label: 'waking hours', windows: [{ start: '08:00', end: '21:00' }] }],
    policy: 'hold',
  },
  cap: { profile: 'consumer' },
  coolingHours: 24,
  expiresAfterHours: 7 * 24,
  reminders: [],
  existingMembers: 'invite',
} as const satisfies ProgramTerms;
