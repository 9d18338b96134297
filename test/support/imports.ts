import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { takeImportRows, type ImportDeps, type ImportTurn } from '../../activities/imports/take-rows.ts';
import { textIn } from './api.ts';
import type { Reply, TestApi, TestTenant } from './api.ts';

export const CSV = { 'content-type': 'text/csv' };

/** Sends a file as it stands. */
export function upload(api: TestApi, as: TestTenant, query: string, file: string | Uint8Array, how: { key?: string; headers?: Record<string, string> } = {}): Promise<Reply> {
  return api.send(as, 'POST', `/v1/imports?${query}`, undefined, { raw: file, headers: { ...CSV, ...how.headers }, idempotencyKey: how.key ?? randomUUID() });
}

/** What a run's workflow does, without it: turn after turn until one says that it is over, or waits. */
export async function runImport(api: TestApi, { tenantId }: TestTenant, importId: string, changed: Partial<ImportDeps> = {}): Promise<ImportTurn> {
  const { db, clock, keyring, log } = api.services;
  const deps: ImportDeps = { db, clock, keyring, log, draining: new AbortController().signal, ...changed };
  for (;;) {
    const turn: ImportTurn = await new MockActivityEnvironment().run(() => takeImportRows(deps, { tenantId, importId }));
    if (turn.outcome !== 'more') return turn;
  }
}

/** Sends a file and runs it; answers the import as it stands then. */
export async function importAll(api: TestApi, as: TestTenant, query: string, file: string): Promise<Record<string, unknown>> {
  const { status, body, text } = await upload(api, as, query, file);
  if (status !== 202) throw new Error(`not accepted: ${text}`);
  const id = textIn(body, 'id');
  await runImport(api, as, id);
  return (await api.send(as, 'GET', `/v1/imports/${id}`)).body;
}

const table = z.array(z.record(z.string(), z.string()));

/** The refused rows of an import, read as a spreadsheet reads them. */
export async function failedRows(api: TestApi, as: TestTenant, importId: string): Promise<{ text: string; rows: Record<string, string>[] }> {
  const reply = await api.send(as, 'GET', `/v1/imports/${importId}/failed-rows`);
  if (reply.status !== 200) throw new Error(reply.text);
  return { text: reply.text, rows: table.parse(parse(reply.text, { columns: true, bom: true, relax_column_count: true })) };
}
