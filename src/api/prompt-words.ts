import { pickLocale } from '../domain/message/copy.ts';
import type { LoopPrompt, MomentData, PromptCopy, PromptWords } from '../domain/prompt/loop-prompt.ts';
import { sayPrompt } from '../domain/prompt/prompt-said.ts';
import { findLiveLoop, liveLoopKeys } from '../../workflows/registry.ts';

/** The loops that may be offered at a moment, by their definitions. */
export function loopsForMoment(moment: string): ReadonlyMap<string, LoopPrompt> {
  return new Map(liveLoopKeys().flatMap((key): [string, LoopPrompt][] => {
    const prompt = findLiveLoop(key)?.definition.life.prompt;
    return prompt !== undefined && Object.hasOwn(prompt.moments, moment) ? [[key, prompt]] : [];
  }));
}

/** A loop's words to members in a language (BCP 47; null: English); null: it is offered to nobody. */
export function promptCopy(loop: string, locale: string | null): PromptCopy | null {
  const found = findLiveLoop(loop);
  return found === null ? null : pickLocale(found.words, locale).copy.prompt ?? found.words.en.prompt ?? null;
}

/** What an offer of a loop says. */
export function sayOffer(loop: string, variant: string, locale: string | null, data: MomentData): PromptWords {
  const [copy, prompt] = [promptCopy(loop, locale), findLiveLoop(loop)?.definition.life.prompt];
  if (copy === null || prompt === undefined) throw new Error(`the loop ${loop} is offered, but has no words for it`);
  return sayPrompt(copy, variant, prompt, data);
}
