import postgres from 'postgres';
import type { WholeStack } from './whole-stack.ts';

export type Hogs = { readonly held: number; release(): Promise<void> };

const AT_ONCE = 20;

/**
 * Other people's sessions take every connection PostgreSQL gives to ordinary logins; those of api, relay and worker are
 * ended and find no place again. The superuser's reserve stays, as in life. Ours stand still for that second, or they
 * would be back before the places are taken.
 */
export async function exhaustConnections(stack: WholeStack, ownerUrl: string): Promise<Hogs> {
  const hogs: postgres.Sql[] = [];
  const ours = Object.values(stack.roles);
  for (const role of ours) role.freeze();
  try {
    await stack.superuser.sql`
      select pg_terminate_backend(pid, 1000) from pg_stat_activity where application_name in ('flywheel api', 'flywheel relay', 'flywheel worker')`;
    while (await takeMore(ownerUrl, hogs));
  } finally {
    for (const role of ours) role.thaw();
  }
  return { held: hogs.length, release: () => release(hogs) };
}

/** A few more sessions; false when there was no place for one of them. */
async function takeMore(url: string, hogs: postgres.Sql[]): Promise<boolean> {
  const more = Array.from({ length: AT_ONCE }, () => postgres(url, { max: 1, idle_timeout: 0, connection: { application_name: 'somebody else' }, onnotice: () => {} }));
  const taken = await Promise.all(more.map(async (sql) => {
    try {
      await sql`select 1`;
      hogs.push(sql);
      return true;
    } catch {
      await sql.end({ timeout: 0 });
      return false;
    }
  }));
  return taken.every(Boolean);
}

async function release(hogs: readonly postgres.Sql[]): Promise<void> {
  await Promise.all(hogs.map((sql) => sql.end({ timeout: 1 })));
}
