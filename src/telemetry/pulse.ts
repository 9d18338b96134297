/** Tells a loop that goes on from one that is stuck. */
export type Pulse = {
  /** The loop got on. */
  beat(): void;
  /** It has not for longer than it may. */
  isLate(): boolean;
};

/** A pulse that is late when `longestSilenceMs` have passed since the last beat. Measured on the monotonic clock. */
export function openPulse(longestSilenceMs: number, nowMs: () => number = () => performance.now()): Pulse {
  let beatAtMs = nowMs();
  return {
    beat: () => { beatAtMs = nowMs(); },
    isLate: () => nowMs() - beatAtMs > longestSilenceMs,
  };
}
