type Outcome = { readonly outcome: string; readonly reason?: string | null };

/** How often each outcome with its reason (empty: none) occurs. Mostly one entry: on a good day a group has one outcome. */
export function countOutcomes(all: readonly Outcome[]): readonly { readonly outcome: string; readonly reason: string; readonly count: number }[] {
  const counts = new Map<string, { outcome: string; reason: string; count: number }>();
  for (const { outcome, reason } of all) {
    const key = `${outcome} ${reason ?? ''}`;
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, { outcome, reason: reason ?? '', count: 1 });
    else entry.count += 1;
  }
  return [...counts.values()];
}
