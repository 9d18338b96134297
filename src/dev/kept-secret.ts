import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeSecret } from '../config/env.ts';

/** A secret of this folder (base64, 32 bytes), made on the first start and readable by its owner only. */
export function keptSecret(path: string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  mkdirSync(dirname(path), { recursive: true });
  const secret = makeSecret();
  writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  return secret;
}
