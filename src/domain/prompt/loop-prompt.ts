/** What a field of a moment must be. All that are given must hold. */
export type PromptNeed = { readonly atLeast?: number; readonly atMost?: number; readonly is?: string | number | boolean };

/** When a loop may be offered to a member, as data of its definition. */
export type LoopPrompt = {
  /** The app's moments at which it fits, each with what it needs of the moment's data. */
  readonly moments: Readonly<Record<string, { readonly needs?: Readonly<Record<string, PromptNeed>> }>>;
  /** Where the app did not send a field that is needed: offer it all the same, in the default words, or not. */
  readonly whenDataIsMissing: 'offer' | 'skip';
  /** `parent_allows`: to a minor only where a parent has allowed it. */
  readonly minors: 'allowed' | 'parent_allows' | 'never';
  /** What an accepted offer is worth beside those of other loops; a program may say otherwise. */
  readonly value: number;
  /** The offer stands for so long; whoever was shown it and did nothing by then has ignored it. */
  readonly goodForMinutes: number;
  /** The fields of a moment that the words may say. */
  readonly says?: readonly string[];
};

/** A prompt's words in one language; each may say the fields of `LoopPrompt.says`. */
export type PromptWords = { readonly title: string; readonly body: string; readonly accept: string; readonly dismiss: string };

/** `default` says no field, so that it can always be shown; the others are variants to try. */
export type PromptCopy = { readonly default: PromptWords } & Readonly<Record<string, PromptWords>>;

/** Data that an app sends with a moment: figures, flags and short texts, nothing of a person. */
export type MomentData = Readonly<Record<string, string | number | boolean | null>>;

/** `missing`: a field that is needed was not sent. */
export function judgeMoment(prompt: LoopPrompt, moment: string, data: MomentData): 'fits' | 'not_eligible' | 'missing' {
  const at = Object.hasOwn(prompt.moments, moment) ? prompt.moments[moment] : undefined;
  if (at === undefined) return 'not_eligible';
  const verdicts = Object.entries(at.needs ?? {}).map(([field, need]) => judgeField(need, data[field] ?? null));
  if (verdicts.includes('not_eligible')) return 'not_eligible';
  return verdicts.includes('missing') ? 'missing' : 'fits';
}

function judgeField({ atLeast, atMost, is }: PromptNeed, value: MomentData[string]): 'fits' | 'not_eligible' | 'missing' {
  if (value === null || value === undefined) return 'missing';
  if (is !== undefined && value !== is) return 'not_eligible';
  if (atLeast === undefined && atMost === undefined) return 'fits';
  if (typeof value !== 'number') return 'missing';
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity) ? 'fits' : 'not_eligible';
}
