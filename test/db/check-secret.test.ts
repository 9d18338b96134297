import { randomBytes } from 'node:crypto';
import { checkSecret, requireSecret } from '../../db/write/check-secret.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

test('the first secret a database is used with is the one; another is refused, with what to do', async () => {
  const [secret, other] = [randomBytes(32), randomBytes(32)];
  const { sql } = database.app;
  const [first, ...others] = await Promise.all(Array.from({ length: 4 }, () => checkSecret(sql, openKeyring(secret).fingerprint)));
  expect([first, ...others]).toEqual(['same', 'same', 'same', 'same']);
  await requireSecret(sql, openKeyring(secret).fingerprint);
  await expect(requireSecret(sql, openKeyring(other).fingerprint)).rejects.toThrow(/FLYWHEEL_SECRET is not the one this database has been used with/);
});

test('the check value tells neither the secret nor any key made of it', () => {
  const secret = randomBytes(32);
  const keyring = openKeyring(secret);
  expect(keyring.fingerprint).toHaveLength(16);
  expect(secret.includes(keyring.fingerprint)).toBe(false);
  expect(keyring.fingerprint.equals(keyring.hashRecipient('', ''))).toBe(false);
});
