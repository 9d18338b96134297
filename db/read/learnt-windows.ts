import type { Tx } from '../client.ts';

/**
 * What was learnt for a program `p` whose current version `current` asks for it (see `peakInForce`): its own windows, else
 * those of all its tenant's programs; null where there are none.
 */
export function learntWindows(tx: Tx, current: 'v' | 'c') {
  return tx.sql`
    case when ${tx.sql(current)}.terms #> '{peakTimes,learnt}' is not null then (
      select jsonb_build_object('windows', l.windows, 'from', case when l.program_id is null then 'tenant' else 'program' end)
      from learnt_peaks l
      where l.tenant_id = p.tenant_id and (l.program_id = p.id or l.program_id is null) and l.windows <> '[]'
      order by l.program_id nulls last limit 1
    ) end`;
}
