import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4_096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/**
 * Fresh random bytes of this machine, drawn from a store that is filled in one go: asking the system costs as much for ten
 * bytes as for thousands. For ids and what is shown to others, not for keys: bytes stay in memory until they are drawn.
 */
export function drawBytes(count: number): Uint8Array {
  if (count > POOL_BYTES) throw new Error(`at most ${String(POOL_BYTES)} bytes at a time`);
  if (used + count > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const drawn = Uint8Array.prototype.slice.call(pool, used, used + count);
  used += count;
  return drawn;
}
