/** Plain values only: codes, patterns, counts. Never an address, a name, or what a caller wrote. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** Who waits for whom: `server` answers a caller, `producer` and `consumer` are the two ends of something handed on. */
export type SpanKind = 'server' | 'producer' | 'consumer' | 'client' | 'internal';

export type SpanStart = {
  readonly kind: SpanKind;
  /** The `traceparent` this goes on from; left out or no valid one: a new trace, recorded at the sampling ratio. */
  readonly parent?: string | undefined;
  /** `traceparent`s of others that have a part in it. */
  readonly links?: readonly string[];
  readonly attributes?: SpanAttributes;
};

export type Span = {
  /** For whoever goes on from here. Null where nothing is recorded: then nothing need be carried or stored. */
  readonly traceparent: string | null;
  /** A piece of this one's work, in this process. */
  child(name: string, kind: SpanKind, attributes?: SpanAttributes): Span;
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  /** It failed; `why` is a code. */
  fail(why: string): void;
  end(): void;
};

export type Tracing = {
  /** False: every span is `NO_SPAN`, and nobody need look for what one would be made of. */
  readonly isOn: boolean;
  start(name: string, how: SpanStart): Span;
  /** Exports what it still holds, within seconds. */
  close(): Promise<void>;
};

/** What is not recorded. */
export const NO_SPAN: Span = { traceparent: null, child: () => NO_SPAN, set: () => {}, rename: () => {}, fail: () => {}, end: () => {} };

export const NO_TRACING: Tracing = { isOn: false, start: () => NO_SPAN, close: async () => {} };
