import { canonicalTag, isPlainTag } from './locale-tags.ts';
import { placeholderProblems } from './placeholders.ts';

export type CopyFields = {
  readonly subject?: string | undefined;
  readonly preheader?: string | undefined;
  readonly heading?: string | undefined;
  readonly paragraphs?: readonly string[] | undefined;
  readonly callToAction?: string | undefined;
  /** The text's words; link and way out follow them. */
  readonly sms?: string | undefined;
};

/** Words for the invitation, and under `reminder` for all its reminders. */
export type CopySet = CopyFields & { readonly reminder?: CopyFields | undefined };

/**
 * A program's own words: those for every language, and under `locales` those of one (by BCP 47 tag: `de`, `pt-BR`). What
 * is left out falls back, field by field: see `chooseWords`.
 */
export type CopyOverride = CopySet & { readonly locales?: Readonly<Record<string, CopySet>> | undefined };

/** In characters, placeholders unfilled. Subjects are cut by most inboxes well before 120. */
export const COPY_LIMITS = { subject: 120, preheader: 200, heading: 120, paragraph: 1000, paragraphs: 8, callToAction: 40, sms: 300, locales: 30 } as const;

/** What is wrong with a program's copy before it is saved, each with its path; empty when it is fine. */
export function copyOverrideProblems(override: CopyOverride): string[] {
  return [...setProblems(override, ''), ...localesProblems(override.locales ?? {})];
}

function setProblems(set: CopySet, path: string): string[] {
  return [...fieldsProblems(set, path), ...fieldsProblems(set.reminder ?? {}, `${path}reminder.`)];
}

function localesProblems(locales: Readonly<Record<string, CopySet>>): string[] {
  const entries = Object.entries(locales);
  if (entries.length > COPY_LIMITS.locales) return [`locales: has ${String(entries.length)}; at most ${String(COPY_LIMITS.locales)} are possible`];
  return entries.flatMap(([tag, set]) => {
    const canonical = canonicalTag(tag);
    if (canonical === null || !isPlainTag(canonical)) return [`locales: ${JSON.stringify(tag.slice(0, 40))} is no language tag such as de, pt-BR or zh-Hant`];
    if (canonical !== tag) return [`locales.${tag}: is to be written ${canonical}`];
    if (!holdsWords(set)) return [`locales.${tag}: holds no words; leave it out to fall back`];
    return setProblems(set, `locales.${tag}.`);
  });
}

function holdsWords({ reminder, ...fields }: CopySet): boolean {
  return [...Object.values(fields), ...Object.values(reminder ?? {})].some((value) => value !== undefined);
}

function fieldsProblems(fields: CopyFields, path: string): string[] {
  const problems: string[] = [];
  for (const key of ['subject', 'preheader', 'heading', 'callToAction', 'sms'] as const) {
    const value = fields[key];
    if (value !== undefined) problems.push(...lineProblems(value, COPY_LIMITS[key]).map((problem) => `${path}${key}: ${problem}`));
  }
  const { paragraphs } = fields;
  if (paragraphs === undefined) return problems;
  if (paragraphs.length === 0 || paragraphs.length > COPY_LIMITS.paragraphs) {
    problems.push(`${path}paragraphs: has ${String(paragraphs.length)}; 1 to ${String(COPY_LIMITS.paragraphs)} are possible`);
  }
  paragraphs.slice(0, COPY_LIMITS.paragraphs).forEach((paragraph, index) => {
    problems.push(...lineProblems(paragraph, COPY_LIMITS.paragraph).map((problem) => `${path}paragraphs[${String(index)}]: ${problem}`));
  });
  return problems;
}

function lineProblems(value: string, max: number): string[] {
  if (value.trim() === '') return ['is empty; leave it out to keep our words'];
  if (value.length > max) return [`is ${String(value.length)} characters long; at most ${String(max)} are possible`];
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(value)) return ['holds a line break or a control character'];
  return placeholderProblems(value);
}
