import type { Sql } from '../../../db/client.ts';
import { tenantTables } from '../../checks/support/tenant-tables.ts';

/** What stands in each tenant table: the number of its rows, and a print of all they say. */
export type Stored = Readonly<Record<string, string>>;

/** Looks at every tenant table, partitions apart. Rows that changed show as well as new ones. */
export async function storedIn(superuser: Sql): Promise<Stored> {
  const tables = await tenantTables(superuser);
  const looks = tables.map(({ name }) => `select '${name}' as name, count(*) || ' rows ' || md5(coalesce(string_agg(t::text, '' order by t::text), '')) as print from only ${name} t`);
  const rows = await superuser.unsafe<{ name: string; print: string }[]>(looks.join(' union all '));
  return Object.fromEntries(rows.filter(({ print }) => !print.startsWith('0 rows')).map(({ name, print }) => [name, print]));
}

/** The tables in which something is otherwise than before, partitions under their table's name. */
export function changedSince(before: Stored, now: Stored): string[] {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) => before[name] !== now[name]);
  return [...new Set(changed.map((name) => name.replace(/_(?:\d{4}_\d{2}|default)$/, '')))].toSorted();
}
