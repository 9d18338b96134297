export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}

/** Looks until `look` gives something; throws with what was waited for, and how it stands, after `withinMs`. */
export async function waitUntil<T>(what: string, withinMs: number, look: () => Promise<T | null | undefined | false> | T | null | undefined | false, standing: () => unknown = () => ''): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > until) throw new Error(`not within ${String(withinMs / 1000)} s: ${what} ${JSON.stringify(await standing())}`);
    await sleep(50);
  }
}
