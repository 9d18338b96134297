import type { GuardedProgram } from './guarded-program.ts';

/** A program may take this long to answer for the first time: recovery after a crash takes a while. */
const READY_WITHIN_MS = 30_000;

/** Asks a program again and again until `ask` does not throw; false when the program ended before, or never answers. */
export async function becomesReady(program: GuardedProgram, { everyMs, ask }: { everyMs: number; ask: () => Promise<void> }): Promise<boolean> {
  let ended = false;
  void program.exited.then(() => {
    ended = true;
  });
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  while (!ended && Date.now() < giveUpAt) {
    try {
      await ask();
      return true;
    } catch {
      await new Promise((wake) => setTimeout(wake, everyMs));
    }
  }
  return false;
}
