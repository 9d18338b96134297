import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import { CsvError, parse, type Parser } from 'csv-parse';
import { IMPORT_LIMITS } from '../domain/import/limits.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';

/** One row of the file: its number as a spreadsheet shows it (the header is row 1), and its cells as they stand there. */
export type CsvRow = { readonly n: number; readonly cells: readonly string[] };
export type ReadCsv = Problem | { kind: 'read'; /** SHA-256 of the bytes. */ digest: Buffer };

/** Rows handed over at once, or fewer large ones. */
const ROWS_AT_ONCE = 500;
const CHARACTERS_AT_ONCE = 1_048_576;
/** How far the reader may be ahead of the last whole row before that row is too large: its own bytes, and what two chunks of a socket hold. */
const MOST_AHEAD_BYTES = 4 * IMPORT_LIMITS.rowCharacters + 2 * 65_536;

/**
 * Reads a request's body as CSV (RFC 4180: commas, double quotes, UTF-8 with or without a byte order mark; CRLF, LF or CR) piece by
 * piece, and hands it over row by row to `take`, some hundred at once; what `take` refuses ends the reading. Never holds more than
 * that. Leaves the request itself open: whoever refuses it still has to answer. Throws what `take` throws, and where the sender hangs up.
 */
export async function readCsv(request: Readable, signal: AbortSignal, take: (rows: readonly CsvRow[]) => Promise<Problem | null>): Promise<ReadCsv> {
  const parser = parse({ bom: true, relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'], max_record_size: IMPORT_LIMITS.rowCharacters });
  const hash = createHash('sha256');
  let taking: Promise<unknown> = Promise.resolve();
  const takeNext: typeof take = (rows) => {
    const taken = take(rows);
    taking = taken.catch(() => {});
    return taken;
  };
  try {
    await pipeline(
      checkedBytes(request, parser, (chunk) => { hash.update(chunk); }),
      parser,
      async (records: AsyncIterable<unknown>) => { await handOver(records, takeNext); },
      { signal },
    );
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    if (error instanceof CsvError) return notCsv(error, parser);
    throw error;
  } finally {
    // A fault further on ends the reading while rows before it are still being taken.
    await taking;
  }
  return { kind: 'read', digest: hash.digest() };
}

async function* checkedBytes(request: Readable, parser: Parser, note: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let bytes = 0;
  for await (const chunk of chunksOf(request)) {
    bytes += chunk.length;
    if (bytes > IMPORT_LIMITS.bytes) throw new Refused(problem('file_too_large'));
    if (!isText(utf8, chunk)) throw new Refused(notUtf8(parser));
    if (bytes - parser.info.bytes_records > MOST_AHEAD_BYTES) throw new Refused(rowTooLarge(parser));
    note(chunk);
    yield chunk;
  }
  if (bytes === 0) throw new Refused(problem('malformed_csv', { detail: 'The body is empty. Send a file whose first row names the columns.' }));
  if (!isText(utf8, null)) throw new Refused(notUtf8(parser));
}

async function* chunksOf(request: Readable): AsyncGenerator<Buffer> {
  // Left early, the request must not be destroyed: the answer goes out on the same connection.
  const chunks: AsyncIterable<unknown> = { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) };
  for await (const chunk of chunks) if (Buffer.isBuffer(chunk)) yield chunk;
}

/** Looks at the bytes as they come: a character may be cut in two. Null: no more come. */
function isText(utf8: TextDecoder, chunk: Buffer | null): boolean {
  try {
    utf8.decode(chunk ?? undefined, { stream: chunk !== null });
    return true;
  } catch {
    return false;
  }
}

async function handOver(records: AsyncIterable<unknown>, take: (rows: readonly CsvRow[]) => Promise<Problem | null>): Promise<void> {
  let n = 0;
  let rows: CsvRow[] = [];
  let characters = 0;
  const flush = async (): Promise<void> => {
    const refusal = await take(rows);
    rows = [];
    characters = 0;
    if (refusal !== null) throw new Refused(refusal);
  };
  for await (const cells of records) {
    if (!isCells(cells)) throw new Error('a row of CSV is no list of texts');
    n += 1;
    rows.push({ n, cells });
    characters = cells.reduce((sum, cell) => sum + cell.length, characters);
    // The first by itself: a file whose columns cannot be used is refused at once.
    if (n === 1 || rows.length === ROWS_AT_ONCE || characters > CHARACTERS_AT_ONCE) await flush();
  }
  if (rows.length > 0) await flush();
}

function isCells(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((cell) => typeof cell === 'string');
}

/** Carries a refusal out of the pipeline. */
class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

/** The row that was being read, as a spreadsheet counts. */
const rowIn = ({ info }: Parser): string => `row ${String(info.records + 1)}`;

function notCsv({ code }: CsvError, parser: Parser): Problem {
  switch (code) {
    case 'CSV_MAX_RECORD_SIZE': return rowTooLarge(parser);
    case 'CSV_QUOTE_NOT_CLOSED': return problem('malformed_csv', { detail: `A quoted cell that begins in ${rowIn(parser)} is never closed. Nothing was stored.` });
    default: return problem('malformed_csv', {
      detail: `In ${rowIn(parser)} a double quote stands where none may. A cell with commas, line breaks or double quotes is put in double quotes, right after the comma and up to the next, and a double quote inside is written twice. Nothing was stored.`,
    });
  }
}

function rowTooLarge(parser: Parser): Problem {
  return problem('file_too_large', { detail: `What begins in ${rowIn(parser)} is longer than ${String(IMPORT_LIMITS.rowCharacters)} characters. Is there a double quote that is never closed? Nothing was stored.` });
}

function notUtf8(parser: Parser): Problem {
  return problem('malformed_csv', { detail: `At or after ${rowIn(parser)} there are bytes that are no UTF-8. Save the file as "CSV UTF-8" and send it again. Nothing was stored.` });
}
