/** A code of ours or of an adapter: a reason, a rule's name, a lane. */
const CODE = /^[a-z0-9][a-z0-9_.-]{0,39}$/;
const MOST = 100;

/**
 * Guards a label whose values come from elsewhere in the code: each new value is a new time series, for good. What does not
 * look like a code, and what comes after the first hundred, counts as `other`; the empty text stays, for "none".
 */
export function knownValues(most = MOST): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (value === '' || known.has(value)) return value;
    if (known.size >= most || !CODE.test(value)) return 'other';
    known.add(value);
    return value;
  };
}
