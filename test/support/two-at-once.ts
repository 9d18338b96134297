import type { TestDatabase } from './database.ts';

/** Lets `count` callers go on when all have come; whoever comes later goes on at once. */
export function arrive(count: number): () => Promise<void> {
  let come = 0;
  let open: () => void = () => {};
  const all = new Promise<void>((resolve) => { open = resolve; });
  return () => {
    come += 1;
    if (come >= count) open();
    return all;
  };
}

/** Until this has ended or waits for a lock of the database: either way it goes no further by itself. */
export async function untilItStands(database: Pick<TestDatabase, 'superuser'>, work: Promise<unknown>): Promise<void> {
  let ended = false;
  const end = (): void => { ended = true; };
  work.then(end, end);
  for (;;) {
    const [row] = await database.superuser<{ waits: boolean }[]>`
      select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as waits`;
    if (ended || row?.waits === true) return;
  }
}
