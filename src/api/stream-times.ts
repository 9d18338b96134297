/** How streams keep time, all in ms. `gapMs`: no two looks, and so no two events, come closer together. `lookMs`: so often a stream looks unasked, and whether it is still allowed. */
export type StreamTimes = { readonly gapMs: number; readonly beatMs: number; readonly lookMs: number; readonly livesMs: number };
export const STREAM_TIMES: StreamTimes = { gapMs: 100, beatMs: 15_000, lookMs: 60_000, livesMs: 3_600_000 };
