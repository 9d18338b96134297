import shipped from './law-book.json';
import { readLawBook } from './law-book.ts';
import type { LawBook } from './law-book.ts';

let read: LawBook | undefined;

/** The edition that comes with this program; a database without one of its own lives by it. */
export function shippedLaw(): LawBook {
  return (read ??= readLawBook(shipped));
}
