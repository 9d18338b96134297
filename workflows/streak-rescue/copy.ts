import type { LiveCopy } from '../../src/domain/message/live-copy.ts';
import { de } from './copy/de.ts';
import { en } from './copy/en.ts';
import { es } from './copy/es.ts';

/** To the buddy, by mail and on the landing page; to the member: that a streak is at risk, that the buddy is there, that it is saved. A file a language. */
export const streakRescueCopy: LiveCopy = { en, es, de };
