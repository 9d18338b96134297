import { z } from 'zod';

const secrets = z.array(z.string().min(1)).max(2);

/** The secrets as they were sealed. Throws where that is not what they are. */
export function readSecrets(opened: string): string[] {
  return secrets.parse(JSON.parse(opened));
}

export function writeSecrets(given: readonly string[]): string {
  return JSON.stringify(given);
}
