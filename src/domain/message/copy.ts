import { fallbackTags } from './locale-tags.ts';

/** How the shape of a loop's words looks; the words themselves are data beside the loop. */

export const RELATIONSHIPS = ['friend', 'family', 'colleague', 'classmate', 'vendor'] as const;
export type Relationship = (typeof RELATIONSHIPS)[number];

/** One message's words; each string may hold placeholders. */
export type MessageCopy = {
  readonly subject: string;
  /** What inboxes show beside the subject. */
  readonly preheader: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly callToAction: string;
};

/** A message and its reminders; a later reminder than the last one here uses the last one's words. */
export type StepsCopy = { readonly invite: MessageCopy; readonly reminders: readonly [MessageCopy, ...MessageCopy[]] };

/** The sentences around every message. */
export type FurnitureCopy = {
  readonly greeting: string;
  readonly greetingWithoutName: string;
  /** Stands for {{inviteeName}} where no name is known. */
  readonly nameless: string;
  /** Stands for {{inviterName}} where a member's name is missing or unfit to be shown; written as in mid-sentence. */
  readonly inviterWithoutName: string;
  /** Why the recipient gets this, by who invites and on what basis. */
  readonly reasons: { readonly byMember: string; readonly byTenant: string; readonly optIn: string; readonly existingRelationship: string };
  readonly expiry: string;
  readonly linkHint: string;
  readonly ignore: string;
  readonly optOut: string;
  /** What the link to the preference page is called. */
  readonly preferences: string;
  /** The sender's name for a member's invitation, as in "Ana via Lumen". */
  readonly via: string;
};

/** One line each, with placeholders; link and way out follow it. In letters of the GSM alphabet, so that twice as much fits. */
export type SmsCopy = { readonly byMember: SmsStepsCopy; readonly byTenant: SmsStepsCopy; /** How to stop it: the words that a text must not leave without. */ readonly optOut: string };
export type SmsStepsCopy = { readonly invite: string; readonly reminder: string };

export type LocaleCopy = {
  readonly direction: 'ltr' | 'rtl';
  readonly furniture: FurnitureCopy;
  readonly sms: SmsCopy;
  /** Where a member invites, by what they said the invitee is to them. */
  readonly byMember: { readonly default: StepsCopy } & { readonly [R in Relationship]?: StepsCopy };
  /** Where the tenant itself invites. */
  readonly byTenant: StepsCopy;
};

/** By language tag, lower case; English is always there. */
export type CopyBook = { readonly en: LocaleCopy } & { readonly [language: string]: LocaleCopy };

/** What a locale was answered with: the book's language, the tag to format dates in, the words. */
export type PickedLocale<Copy = LocaleCopy> = { readonly language: string; readonly dates: string; readonly copy: Copy };

/** The best match for a canonical tag: the tag itself, what it falls back to (its language at last), else English. */
export function pickLocale<Copy>(book: { readonly en: Copy } & { readonly [language: string]: Copy }, tag: string | null): PickedLocale<Copy> {
  for (const key of tag === null ? [] : fallbackTags(tag.toLowerCase())) {
    const copy = Object.hasOwn(book, key) ? book[key] : undefined;
    if (copy !== undefined && tag !== null) return { language: key, dates: tag, copy };
  }
  return { language: 'en', dates: 'en', copy: book.en };
}

/** `step` 0 is the invitation, 1 and up its reminders. An unknown relationship gets the words for anybody. */
export function pickMessage(copy: LocaleCopy, by: 'member' | 'tenant', relationship: string | null, step: number): MessageCopy {
  const steps = by === 'tenant' ? copy.byTenant : (copy.byMember[readRelationship(relationship) ?? 'default'] ?? copy.byMember.default);
  if (step <= 0) return steps.invite;
  return steps.reminders[Math.min(step, steps.reminders.length) - 1] ?? steps.reminders[0];
}

/** A relationship as an app may spell it; null when there are no own words for it. */
export function readRelationship(raw: string | null): Relationship | null {
  const said = raw?.trim().toLowerCase() ?? '';
  if (said === 'business' || said === 'business_partner' || said === 'supplier') return 'vendor';
  return RELATIONSHIPS.find((known) => known === said) ?? null;
}
