/**
 * Where somebody stands in an experiment: GrowthBook's hash v2 (https://docs.growthbook.io/lib/build-your-own#hashing), so that other SDKs of
 * an app put the same id into the same arm. `seed`: the experiment's; `id`: of whom. From 0 up to, not including, 1, in steps of 1/10,000.
 */
export function bucketOf(seed: string, id: string): number {
  return (fnv1a32(String(fnv1a32(seed + id))) % 10_000) / 10_000;
}

/** FNV-1a with 32 bits over UTF-16 units, as the reference has it (http://www.isthe.com/chongo/tech/comp/fnv/). */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
