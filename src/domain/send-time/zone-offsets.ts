import { IANAZone } from 'luxon';
import { DAY_MS } from './parse-time.ts';

/** An offset from UTC that holds from (at least) the instant asked about until `until`, exclusive. */
export type OffsetSpan = { readonly offsetMs: number; readonly until: number };

/** A time zone as spans of constant offset. */
export type ZoneOffsets = { readonly name: string; spanAt(at: number): OffsetSpan };

/** For sentences about a recipient whose zone is not known. */
export const UTC: ZoneOffsets = { name: 'UTC', spanAt: () => ({ offsetMs: 0, until: Number.POSITIVE_INFINITY }) };

const CHUNK_MS = 8 * DAY_MS;
const PROBE_MS = DAY_MS;
/** About 22 years of one zone: keeps memory bounded when callers ask about far-apart times. */
const MAX_CHUNKS = 1_024;
const MAX_ZONES = 1_000;
const LONGEST_NAME = 64;

/** Abbreviations from the early days of Java that Intl still takes and IANA does not have: BST there is Bangladesh. */
const NOT_IANA = new Set(
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST'.split(' '),
);

const known = new Map<string, ZoneOffsets>();

/**
 * The offsets of an IANA zone, or null when the name is none: offsets (`+05:00`, `UTC+3`), luxon's `local` and `system`,
 * and non-IANA abbreviations are refused whatever the runtime's Intl accepts. Zones are kept once used, because an
 * offset costs Intl some microseconds and a plan needs many.
 */
export function zoneOffsets(name: unknown): ZoneOffsets | null {
  if (typeof name !== 'string') return null;
  const kept = known.get(name);
  if (kept !== undefined) return kept;
  if (!isIanaName(name)) return null;
  if (known.size >= MAX_ZONES) known.clear();
  const made = readZone(name);
  known.set(name, made);
  return made;
}

function isIanaName(name: string): boolean {
  if (name.length > LONGEST_NAME || !/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return false;
  if (NOT_IANA.has(name.toUpperCase()) || /^systemv\//i.test(name)) return false;
  return IANAZone.isValidZone(name);
}

function readZone(name: string): ZoneOffsets {
  const zone = IANAZone.create(name);
  const chunks = new Map<number, readonly OffsetSpan[]>();
  // Offsets before standard time have seconds: luxon gives a fraction of minutes.
  const offsetMsAt = (at: number) => Math.round(zone.offset(at) * 60_000);

  const spanAt = (at: number): OffsetSpan => {
    const index = Math.floor(at / CHUNK_MS);
    let spans = chunks.get(index);
    if (spans === undefined) {
      if (chunks.size >= MAX_CHUNKS) chunks.clear();
      spans = readChunk(offsetMsAt, index * CHUNK_MS);
      chunks.set(index, spans);
    }
    for (const span of spans) if (at < span.until) return span;
    throw new RangeError(`no offset of ${name} at ${at}`);
  };
  return { name, spanAt };
}

/** Looks once a day and closes in on each change; no zone has ever changed there and back within a day. */
function readChunk(offsetMsAt: (at: number) => number, chunkStartAt: number): readonly OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  const chunkEndAt = chunkStartAt + CHUNK_MS;
  let offsetMs = offsetMsAt(chunkStartAt);
  let seenAt = chunkStartAt;
  for (let probeAt = chunkStartAt + PROBE_MS; probeAt <= chunkEndAt; probeAt += PROBE_MS) {
    const probedMs = offsetMsAt(probeAt);
    while (probedMs !== offsetMs) {
      const changeAt = firstChangeAt(offsetMsAt, offsetMs, seenAt, probeAt);
      spans.push({ offsetMs, until: changeAt });
      offsetMs = offsetMsAt(changeAt);
      seenAt = changeAt;
    }
    seenAt = probeAt;
  }
  spans.push({ offsetMs, until: chunkEndAt });
  return spans;
}

function firstChangeAt(offsetMsAt: (at: number) => number, offsetMs: number, sameAt: number, differentAt: number): number {
  let low = sameAt;
  let high = differentAt;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMsAt(middle) === offsetMs) low = middle;
    else high = middle;
  }
  return high;
}
