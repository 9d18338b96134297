import type { MessageCopy } from './copy.ts';
import { placeholderProblems } from './placeholders.ts';

export type CopyFields = {
  readonly subject?: string | undefined;
  readonly preheader?: string | undefined;
  readonly heading?: string | undefined;
  readonly paragraphs?: readonly string[] | undefined;
  readonly callToAction?: string | undefined;
};

/** A program's own words: for the invitation, and under `reminder` for all its reminders. What is left out stays ours. */
export type CopyOverride = CopyFields & { readonly reminder?: CopyFields | undefined };

/** In characters, placeholders unfilled. Subjects are cut by most inboxes well before 120. */
export const COPY_LIMITS = { subject: 120, preheader: 200, heading: 120, paragraph: 1000, paragraphs: 8, callToAction: 40 } as const;

/** What is wrong with a program's copy before it is saved, each with its path; empty when it is fine. */
export function copyOverrideProblems(override: CopyOverride): string[] {
  return [...fieldsProblems(override, ''), ...fieldsProblems(override.reminder ?? {}, 'reminder.')];
}

function fieldsProblems(fields: CopyFields, path: string): string[] {
  const problems: string[] = [];
  for (const key of ['subject', 'preheader', 'heading', 'callToAction'] as const) {
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

/** The words with a program's own in place: the invitation's for step 0, `reminder`'s for all later steps. */
export function applyCopyOverride(copy: MessageCopy, override: CopyOverride | undefined, step: number): MessageCopy {
  const fields: CopyFields | undefined = step <= 0 ? override : override?.reminder;
  if (fields === undefined) return copy;
  return {
    subject: fields.subject ?? copy.subject,
    preheader: fields.preheader ?? copy.preheader,
    heading: fields.heading ?? copy.heading,
    paragraphs: fields.paragraphs ?? copy.paragraphs,
    callToAction: fields.callToAction ?? copy.callToAction,
  };
}
