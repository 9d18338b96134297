import { randomBytes } from 'node:crypto';
import { makeId, type Id, type IdPrefix } from '../domain/ids.ts';

/** A fresh id at `now` (epoch ms), with this machine's randomness. */
export function newId<P extends IdPrefix>(prefix: P, now: number): Id<P> {
  return makeId(prefix, now, randomBytes(10));
}
