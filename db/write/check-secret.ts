import { sameBytes } from '../../src/config/keyring.ts';
import type { Sql } from '../client.ts';

/**
 * Is this the secret that the database was first used with (`fingerprint`: `keyring.fingerprint`)? The first to ask makes it
 * so. With another secret no sealed address opens and no opt-out matches: nothing may start.
 */
export async function checkSecret(sql: Sql, fingerprint: Uint8Array): Promise<'same' | 'other'> {
  await sql`insert into secret_checks (value) values (${fingerprint}::bytea) on conflict do nothing`;
  const [row] = await sql<{ value: Uint8Array }[]>`select value from secret_checks`;
  if (row === undefined) throw new Error('the secret\'s check value is gone');
  return sameBytes(row.value, fingerprint) ? 'same' : 'other';
}

/** Throws, with what to do, where it is another. */
export async function requireSecret(sql: Sql, fingerprint: Uint8Array): Promise<void> {
  if (await checkSecret(sql, fingerprint) === 'same') return;
  throw new WrongSecretError();
}

export class WrongSecretError extends Error {
  constructor() {
    super('FLYWHEEL_SECRET is not the one this database has been used with: sealed addresses would not open, and opt-outs would not be recognised. Start with the secret of this database, or with another database.');
    this.name = 'WrongSecretError';
  }
}
