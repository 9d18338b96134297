import type { CopyBook } from '../../src/domain/message/copy.ts';
import { de } from './copy/de.ts';
import { en } from './copy/en.ts';
import { es } from './copy/es.ts';
import { fr } from './copy/fr.ts';

/**
 * The invitation's words, a file a language. They promise nothing a program might not keep; a program says more in its
 * own copy. The sentences around them are written so that they suit a program that is on first-name terms with people
 * as well as one that is not.
 */
export const inviteCopy: CopyBook = { en, de, es, fr };
