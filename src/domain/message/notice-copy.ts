import type { NoticeKind } from '../notice/notice-kinds.ts';
import type { RewardReason } from '../reward/reward-reasons.ts';

/** What a notice's words may leave open: who writes, about what, and the notice's own values. */
export const NOTICE_PLACEHOLDERS = ['tenantName', 'programTitle', 'recipientName', 'amount', 'untilDate', 'reason'] as const;
export type NoticePlaceholder = (typeof NOTICE_PLACEHOLDERS)[number];

/** One notice's words; each string may hold placeholders. They name nobody. */
export type NoticeWords = {
  readonly subject: string;
  /** What inboxes show beside the subject. */
  readonly preheader: string;
  readonly heading: string;
  readonly paragraphs: readonly [string, ...string[]];
  readonly callToAction: string;
  /** A run's message alone: stands above the ways to pass the run's link on. Left out: it has none. */
  readonly share?: string;
};

/** The sentences around every notice. */
export type NoticeFurniture = {
  readonly greeting: string;
  readonly greetingWithoutName: string;
  readonly linkHint: string;
  /** Why somebody gets this, and that it may not be the only news. */
  readonly reason: string;
  readonly optOut: string;
  readonly preferences: string;
};

export type NoticeLocaleCopy = {
  readonly direction: 'ltr' | 'rtl';
  readonly furniture: NoticeFurniture;
  /** Why a reward was taken back, as the end of a sentence after a colon. Total: a new reason does not compile before it is said. */
  readonly reasons: Readonly<Record<RewardReason, string>>;
  readonly kinds: Readonly<Record<NoticeKind, NoticeWords>>;
};

/** By language tag, lower case; English is always there. */
export type NoticeBook = { readonly en: NoticeLocaleCopy } & { readonly [language: string]: NoticeLocaleCopy };
