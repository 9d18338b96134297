import type { NoticeBook } from '../../src/domain/message/notice-copy.ts';
import { de } from './copy/de.ts';
import { en } from './copy/en.ts';
import { es } from './copy/es.ts';
import { fr } from './copy/fr.ts';

/** What members are told of their referrals and of what these earn, a file a language: plain, and without naming who came. */
export const referralNotices: NoticeBook = { en, de, es, fr };
