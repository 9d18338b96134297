import { fillSlots, slotsIn } from '../message/placeholders.ts';
import type { LoopPrompt, MomentData, PromptCopy, PromptWords } from './loop-prompt.ts';

const LONGEST_VALUE = 80;

/** The words of a variant with the moment's fields in them; the default ones where a field they say was not sent. One pass: a value that looks like a placeholder stays as it is. */
export function sayPrompt(copy: PromptCopy, variant: string, prompt: LoopPrompt, data: MomentData): PromptWords {
  const words = Object.hasOwn(copy, variant) ? copy[variant] ?? copy.default : copy.default;
  return fill(words, prompt, data) ?? copy.default;
}

function fill({ title, body, accept, dismiss }: PromptWords, { says = [] }: LoopPrompt, data: MomentData): PromptWords | null {
  // Cut between characters: half of one cannot be stored.
  const values = Object.fromEntries(says.flatMap((name) => (data[name] === undefined || data[name] === null ? [] : [[name, Array.from(String(data[name])).slice(0, LONGEST_VALUE).join('')]])));
  if ([title, body, accept, dismiss].flatMap(slotsIn).some((name) => !Object.hasOwn(values, name))) return null;
  const said = (text: string): string => fillSlots(text, values);
  return { title: said(title), body: said(body), accept: said(accept), dismiss: said(dismiss) };
}
