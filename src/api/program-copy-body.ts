import { z } from 'zod';
import { COPY_LIMITS } from '../domain/message/copy-override.ts';
import { PLACEHOLDERS } from '../domain/message/placeholders.ts';

const fields = {
  subject: z.string().optional(),
  preheader: z.string().optional(),
  heading: z.string().optional(),
  paragraphs: z.array(z.string()).optional(),
  callToAction: z.string().optional(),
  sms: z.string().optional().meta({ description: 'What a text says before its link and "Reply STOP"' }),
};

const set = { ...fields, reminder: z.strictObject(fields).optional() };

const locales = z.record(z.string(), z.strictObject(set).meta({ id: 'ProgramCopyOfLocale' })).meta({
  description: `Words for one language or country, by BCP 47 tag (\`de\`, \`pt-BR\`), ${String(COPY_LIMITS.locales)} at most. Each field by itself is taken from the recipient's very locale (\`de-AT\`), else from its language (\`de\`), `
    + 'else from the words for every language beside this, else ours. The sentences around (greeting, reason, expiry, way out) are always ours, in the closest language we have words in: the recipient\'s locale, its language, else English',
});

/** A program's own words: for the invitation, for its reminders, and both by locale. */
export const copyInOut = z.strictObject({ ...set, locales: locales.optional() }).meta({
  id: 'ProgramCopy',
  description: `The program's own words, for the invitation and for its reminders; what is left out stays ours. Texts may hold ${PLACEHOLDERS.map((name) => `\`{{${name}}}\``).join(', ')}`,
});
