import type { PageWords } from '../landing/page-words.ts';
import type { PromptCopy } from '../prompt/loop-prompt.ts';
import type { LocaleCopy } from './copy.ts';
import type { NoticeWords } from './notice-copy.ts';

/** The words of a live loop in one language. */
export type LiveWords = {
  /** To invitees; left out: it invites nobody by message. */
  readonly invite?: LocaleCopy;
  /** To those in a run, by the keys of the definition's `messages`. Beside their values they may say {{tenantName}}, {{programTitle}} and {{recipientName}}. */
  readonly messages: Readonly<Record<string, NoticeWords>>;
  /** Its landing page; left out: it has none of its own. */
  readonly page?: PageWords;
  /** How a member is asked, by variant; left out: nobody is. */
  readonly prompt?: PromptCopy;
};

/** By language tag, lower case; English is always there. */
export type LiveCopy<Words extends LiveWords = LiveWords> = { readonly en: Words } & { readonly [language: string]: Words };
