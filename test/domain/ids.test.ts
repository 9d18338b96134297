import fc from 'fast-check';
import { asId, inviteId, inviteRef, isId, isInviteId, makeId } from '../../src/domain/ids.ts';

const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
const instant = fc.integer({ min: 0, max: 2 ** 48 - 1 });

test('ids sort by the time they were made, and carry their prefix', () => {
  fc.assert(fc.property(instant, instant, bytes, bytes, (a, b, x, y) => {
    const [first, second] = [makeId('mbr', Math.min(a, b), x), makeId('mbr', Math.max(a, b), y)];
    expect(isId('mbr', first)).toBe(true);
    expect(isId('bat', first)).toBe(false);
    if (a !== b) expect(first < second).toBe(true);
  }), { seed: 1 });
});

test('an invite id names its batch and its place, both ways', () => {
  fc.assert(fc.property(instant, bytes, fc.integer({ min: 0, max: 999 }), (at, random, n) => {
    const batchId = makeId('bat', at, random);
    const id = inviteId({ batchId, n });
    expect(isInviteId(id)).toBe(true);
    expect(inviteRef(id)).toEqual({ batchId, n });
  }), { seed: 2 });
});

test.each(['', 'inv_', 'bat_01ksr49200081040g2081040g2', 'inv_01ksr49200081040g2081040g2', 'inv_01KSR49200081040G2081040G200', 'inv_81ksr49200081040g2081040g200', 'inv_01ksr49200081040g2081040g2iu'])(
  'text that is no invite id is told: %p', (text) => { expect(inviteRef(text)).toBeNull(); });

test('an id that must be right throws where it is not', () => {
  expect(() => asId('tnt', 'mbr_01ksr49200081040g2081040g2')).toThrow('not a tnt_ id');
});
