import { drawBytes } from './draw-bytes.ts';
import { makeId, type Id, type IdPrefix } from '../domain/ids.ts';

/** A fresh id at `now` (epoch ms), with this machine's randomness. */
export function newId<P extends IdPrefix>(prefix: P, now: number): Id<P> {
  return makeId(prefix, now, drawBytes(10));
}
