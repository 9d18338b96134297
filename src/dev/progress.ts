/** Receives one readable line about one part of the stack ("postgres", "temporal", ...). */
export type OnProgress = (part: string, text: string) => void;

/** For callers that do not want to hear. */
export const silent: OnProgress = () => {};

/** Prints each line with the part's name in a column of its own. `write` gets the finished line, newline included. */
export function printProgress(write: (line: string) => void): OnProgress {
  return (part, text) => write(`  ${part.padEnd(12)}${text}\n`);
}

/** Says every `everyMs` that something slow still goes on, so that a download on a slow line does not look stuck. */
export async function sayWhileWaiting<T>(work: Promise<T>, say: (elapsedSeconds: number) => void, everyMs = 5000): Promise<T> {
  const startedAt = Date.now();
  const timer = setInterval(() => say(Math.round((Date.now() - startedAt) / 1000)), everyMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
