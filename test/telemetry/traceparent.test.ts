import fc from 'fast-check';
import { readTraceparent, writeTraceparent } from '../../src/telemetry/tracing/traceparent.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

test.each([
  [`00-${TRACE}-${SPAN}-01`, true],
  [`00-${TRACE}-${SPAN}-00`, false],
  // Other flags say nothing to us.
  [`00-${TRACE}-${SPAN}-03`, true],
  [`00-${TRACE}-${SPAN}-fe`, false],
  // A later version is read for what it has in common with this one.
  [`cc-${TRACE}-${SPAN}-01`, true],
  [`cc-${TRACE}-${SPAN}-01-what-comes-later`, true],
])('%s is read', (header, isSampled) => {
  expect(readTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, isSampled });
});

test.each([
  [undefined],
  [''],
  [`ff-${TRACE}-${SPAN}-01`],
  [`00-${'0'.repeat(32)}-${SPAN}-01`],
  [`00-${TRACE}-${'0'.repeat(16)}-01`],
  [`00-${TRACE.toUpperCase()}-${SPAN}-01`],
  [`00-${TRACE}-${SPAN}-01-more`],
  [`00-${TRACE}-${SPAN}-1`],
  [`cc-${TRACE}-${SPAN}-01.more`],
  [` 00-${TRACE}-${SPAN}-01`],
  [`00-${TRACE}-${SPAN}-01\n`],
  // Node joins a header that comes twice.
  [`00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  [`cc-${TRACE}-${SPAN}-01-${'x'.repeat(1000)}`],
])('%j is none: a new trace begins', (header) => {
  expect(readTraceparent(header)).toBeNull();
});

test('what is written is read as the same', () => {
  const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${String(length)}}$`)).filter((text) => !/^0+$/.test(text));
  fc.assert(fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, isSampled) => {
    const text = writeTraceparent({ traceId, spanId, isSampled });
    expect(text).toHaveLength(55);
    expect(readTraceparent(text)).toEqual({ traceId, spanId, isSampled });
  }));
});

test('whatever comes as a header, reading it does not throw', () => {
  fc.assert(fc.property(fc.string(), (text) => { expect([null, expect.anything()]).toContainEqual(readTraceparent(text)); }));
});
