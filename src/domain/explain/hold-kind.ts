/** What a decision about a program, tenant or channel means for what waits under it. */
export type HoldChange = { readonly change: 'held' | 'released' | 'rules_changed'; readonly what: string; readonly family: string };

const SET = /^(.+)_(paused|stopped|set|put|placed|raised)$/;
const LIFTED = /^(.+)_(resumed|lifted|removed|ended|cleared|deleted)$/;
const CHANGED = /^(.+)_(changed|updated)$/;

/** Reads a decision's kind (`program_paused`, `tenant_resumed`, `hard_stop_set`, `program_changed`, `law_changed`); null: it holds and frees nothing. */
export function holdKind(kind: string): HoldChange | null {
  const family = (SET.exec(kind) ?? LIFTED.exec(kind) ?? CHANGED.exec(kind))?.[1];
  if (family === undefined || !/^(?:program|tenant|hard_stop|law)$/.test(family)) return null;
  const change = SET.test(kind) ? 'held' : LIFTED.test(kind) ? 'released' : 'rules_changed';
  return { change, family, what: family === 'hard_stop' ? 'hard stop' : `pause of the ${family}` };
}
