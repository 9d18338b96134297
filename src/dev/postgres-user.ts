import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

/** The user a program runs as; empty: the one who started us. */
export type RunAs = { readonly uid?: number; readonly gid?: number };

function idOf(flag: '-u' | '-g', user: string): number | undefined {
  try {
    return Number.parseInt(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }), 10);
  } catch {
    return undefined;
  }
}

/**
 * PostgreSQL refuses to run as root. Started by root (a container, a build machine) it runs as the owner of the data
 * that is there, else as an existing user without rights of its own. Nothing is added to the machine.
 * Throws when there is no such user, or when the data belong to somebody else and we may not become that user.
 */
export function choosePostgresUser(dataDir: string): RunAs {
  const owner = existsSync(dataDir) ? statSync(dataDir) : undefined;
  const ownUid = process.getuid?.();
  if (ownUid !== 0) {
    if (owner !== undefined && ownUid !== undefined && owner.uid !== ownUid) {
      throw new Error(`The database in ${dataDir} belongs to another user (uid ${owner.uid}). Start as that user, or remove the folder.`);
    }
    return {};
  }
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const user of ['postgres', 'nobody']) {
    const uid = idOf('-u', user);
    const gid = idOf('-g', user);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error('PostgreSQL does not run as root and no other user was found: run "useradd --system postgres", or set DATABASE_URL.');
}
