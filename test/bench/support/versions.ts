import { cpus, totalmem, type, release } from 'node:os';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { z } from 'zod';
import type { BenchStack } from './bench-stack.ts';

/** What was measured on what; no names of machines. */
export type Versions = Readonly<Record<string, string>>;

const PACKAGES = ['@temporalio/worker', 'express', 'nodemailer', 'pg-boss', 'postgres'] as const;

export async function versionsOf(stack: BenchStack): Promise<Versions> {
  const [row] = await stack.superuser.sql<{ version: string; settings: string }[]>`
    select split_part(version(), ' ', 2) as version,
           (select string_agg(name || '=' || setting || coalesce(unit, ''), ', ' order by name) from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size')) as settings`;
  const connection = await Connection.connect({ address: stack.temporal.address });
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  await connection.close();
  return {
    machine: `${String(cpus().length)} x ${cpus()[0]?.model.trim() ?? 'unknown'}, ${String(Math.round(totalmem() / 2 ** 30))} GiB, ${type()} ${release()}`,
    Node: process.versions.node,
    PostgreSQL: `${row?.version ?? '?'} (${row?.settings ?? '?'})`,
    Temporal: `${String(serverVersion)}, ${stack.temporal.kind}`,
    ...Object.fromEntries(PACKAGES.map((name) => [name, packageVersion(name)])),
  };
}

function packageVersion(name: string): string {
  const file = join(__dirname, '../../../node_modules', name, 'package.json');
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
