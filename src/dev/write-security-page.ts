import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../db/client.ts';
import { readEnv } from '../config/env.ts';
import { writeSecurityPage } from './security-tables.ts';

/** Writes the tables of docs/security.md from a migrated database: `DATABASE_URL=… npx tsx src/dev/write-security-page.ts`. */
const PAGE = join(__dirname, '../../docs/security.md');

async function main(): Promise<void> {
  const database = openDatabase({ url: readEnv(['DATABASE_URL']).DATABASE_URL, max: 1 });
  try {
    writeFileSync(PAGE, await writeSecurityPage(readFileSync(PAGE, 'utf8'), database.sql));
  } finally {
    await database.close();
  }
}

void main();
