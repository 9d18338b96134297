import type { OfferedProgram } from '../../db/read/streak-offering.ts';
import { pickLocale } from '../../src/domain/message/copy.ts';
import { liveTerms } from '../../src/domain/program/live-loop.ts';
import type { PromptDecision } from '../../src/domain/prompt/decide-prompt.ts';
import type { LoopPrompt, MomentData, PromptWords } from '../../src/domain/prompt/loop-prompt.ts';
import { sayPrompt } from '../../src/domain/prompt/prompt-said.ts';
import { findLiveLoop, liveLoopKeys } from '../../workflows/registry.ts';

const HOUR_MS = 3_600_000;
const STANDARD_HOURS = 4;

/** The loops that may be offered at a moment, by their definitions. */
export function loopsFor(moment: string): ReadonlyMap<string, LoopPrompt> {
  return new Map(liveLoopKeys().flatMap((key): [string, LoopPrompt][] => {
    const prompt = findLiveLoop(key)?.definition.life.prompt;
    return prompt !== undefined && Object.hasOwn(prompt.moments, moment) ? [[key, prompt]] : [];
  }));
}

/** How long before its end (ms) a streak is at risk to a program: its number `atRiskHours`. */
export function atRiskMs({ loop, terms }: Pick<OfferedProgram, 'loop' | 'terms'>): number {
  const life = findLiveLoop(loop)?.definition.life;
  return ((life === undefined ? undefined : liveTerms(life, terms)['atRiskHours']) ?? STANDARD_HOURS) * HOUR_MS;
}

/** What an offer says in the member's language, else in English. */
export function sayOfferOf({ candidate: { loop, prompt }, variant }: Extract<PromptDecision, { kind: 'prompt' }>, locale: string | null, data: MomentData): PromptWords {
  const found = findLiveLoop(loop);
  const copy = found === null ? null : pickLocale(found.words, locale).copy.prompt ?? found.words.en.prompt ?? null;
  if (copy === null) throw new Error(`the loop ${loop} is offered, but has no words for it`);
  return sayPrompt(copy, variant, prompt, data);
}
