import type { LiveCopy } from '../../src/domain/message/live-copy.ts';
import { de } from './copy/de.ts';
import { en } from './copy/en.ts';
import { es } from './copy/es.ts';

/** To friends: by mail, on their landing page; to the member: how it ended. A file a language. */
export const buddyChallengeCopy: LiveCopy = { en, es, de };
