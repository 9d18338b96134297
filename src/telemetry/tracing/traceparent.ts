/** A span somewhere, as W3C Trace Context names it (https://www.w3.org/TR/trace-context/). */
export type SpanRef = { readonly traceId: string; readonly spanId: string; readonly isSampled: boolean };

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-|$)/;
const NO_TRACE = '0'.repeat(32);
const NO_PARENT = '0'.repeat(16);
const LONGEST = 512;
const SAMPLED = 1;

/**
 * Reads a `traceparent` header. Null for what is none: another form, capitals, a number that is all zero, version ff, two
 * headers (which Node joins with a comma). The caller then begins a trace of its own, as the specification asks (section 2.2.2).
 */
export function readTraceparent(header: string | undefined): SpanRef | null {
  const [, version, traceId, spanId, flags, more] = header === undefined || header.length > LONGEST ? [] : (FORM.exec(header) ?? []);
  if (traceId === undefined || spanId === undefined || flags === undefined || traceId === NO_TRACE || spanId === NO_PARENT) return null;
  // A later version may have more fields; this one has none, and ff is none.
  if (version === 'ff' || (version === '00' && more !== '')) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

/** The form in which it is handed on and stored: 55 characters of version 00. */
export function writeTraceparent({ traceId, spanId, isSampled }: SpanRef): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}
