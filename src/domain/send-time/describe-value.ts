const LONGEST_ECHO = 40;

/** A refused value as a person would recognise it in a message: short, and never the inside of an object. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `"${value.length > LONGEST_ECHO ? `${value.slice(0, LONGEST_ECHO)}…` : value}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `this ${typeof value}`;
}
