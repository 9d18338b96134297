import type { LoopPrompt, MomentData, PromptCopy, PromptWords } from './loop-prompt.ts';

const SLOT = /\{\{(\w+)\}\}/g;

/** The words of a variant with the moment's fields in them; the default ones where a field they say was not sent. One pass: a value that looks like a placeholder stays as it is. */
export function sayPrompt(copy: PromptCopy, variant: string, prompt: LoopPrompt, data: MomentData): PromptWords {
  const words = Object.hasOwn(copy, variant) ? copy[variant] ?? copy.default : copy.default;
  return fill(words, prompt, data) ?? copy.default;
}

function fill(words: PromptWords, { says = [] }: LoopPrompt, data: MomentData): PromptWords | null {
  let lacks = false;
  const said = (text: string): string => text.replaceAll(SLOT, (_slot, name: string) => {
    const value = says.includes(name) ? data[name] ?? null : null;
    if (value === null) lacks = true;
    return String(value).slice(0, LONGEST_VALUE);
  });
  const filled = { title: said(words.title), body: said(words.body), accept: said(words.accept), dismiss: said(words.dismiss) };
  return lacks ? null : filled;
}

const LONGEST_VALUE = 80;

/** The fields that words say, each once. */
export function saysFields({ title, body, accept, dismiss }: PromptWords): string[] {
  return [...new Set([title, body, accept, dismiss].flatMap((text) => [...text.matchAll(SLOT)].flatMap(([, name]) => name ?? [])))];
}
