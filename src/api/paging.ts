import { z } from 'zod';
import { isUsableText } from './check-json.ts';

const LIMIT = { least: 1, most: 100, usual: 20 };

/** Query of every list: how many rows, and where to go on. */
export const pageQuery = {
  limit: z.string().regex(/^\d{1,3}$/, 'Give a whole number from 1 to 100').transform(Number)
    .refine((limit) => limit >= LIMIT.least && limit <= LIMIT.most, 'Give a whole number from 1 to 100')
    .default(LIMIT.usual)
    .meta({ type: 'integer', minimum: LIMIT.least, maximum: LIMIT.most, default: LIMIT.usual, pattern: undefined, description: 'How many rows a page holds at most' }),
  cursor: z.string().max(2000).optional().meta({ description: '`nextCursor` of the page before' }),
};

/** A page of a list, newest first. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    data: z.array(item),
    hasMore: z.boolean(),
    nextCursor: z.string().nullable().meta({ description: 'Give it as `cursor` to read on; null on the last page' }),
  });
}

/** Where a list stopped: the list's name and the sort values of its last row. */
export function writeCursor(list: string, after: readonly string[]): string {
  return Buffer.from(JSON.stringify([list, ...after])).toString('base64url');
}

/** The sort values of a cursor: undefined for none, null for one that this list did not make. */
export function readCursor(list: string, cursor: string | undefined, isAfter: (after: readonly string[]) => boolean): readonly string[] | undefined | null {
  if (cursor === undefined) return undefined;
  const parts = parseParts(cursor);
  if (parts === null || parts[0] !== list || !parts.every(isUsableText)) return null;
  const after = parts.slice(1);
  return isAfter(after) ? after : null;
}

const partsSchema = z.array(z.string()).min(2).max(4);

function parseParts(cursor: string): string[] | null {
  try {
    const parts = partsSchema.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return parts.success ? parts.data : null;
  } catch {
    return null;
  }
}

/** Turns `limit + 1` rows into a page: the row too many only says that there are more. */
export function makePage<Row, Item>(list: string, rows: readonly Row[], limit: number, read: { item: (row: Row) => Item; after: (row: Row) => readonly string[] }) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit;
  return {
    data: shown.map(read.item),
    hasMore,
    nextCursor: hasMore && last !== undefined ? writeCursor(list, read.after(last)) : null,
  };
}
