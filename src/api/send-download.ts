import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Download } from './answer.ts';

/** Somebody who reads nothing for so long has gone. */
const STANDSTILL_MS = 30_000;

/**
 * Writes a file as its pieces come, as fast as it is read. Begun, it can only be whole or broken off: a failure ends the connection, so that
 * nobody takes a half for the whole. Throws it, unless it is the reader's who hung up.
 */
export async function sendDownload(request: Request, response: Response, { mediaType, fileName, pieces }: Download): Promise<void> {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', mediaType);
  response.setHeader('Content-Disposition', `attachment; filename="${fileName}"`);
  response.status(200);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  response.setTimeout(STANDSTILL_MS, () => { response.destroy(); });
  try {
    await pipeline(Readable.from(pieces(), { objectMode: false }), response);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
  }
}
