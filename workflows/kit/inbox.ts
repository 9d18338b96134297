import { isControl, MESSAGE_FACT, OPTED_OUT_FACT, RUN_CONTROLS, type ToldFact } from '../../src/domain/run/fact.ts';
import type { Carried } from './contract.ts';

/** By an operator's word, here or in Temporal; because those asked want no more of it; or because another life of the run is the true one. */
export type LifeEnding = 'canceled' | 'opted_out' | 'superseded';

/**
 * What a run has heard. A fact is known by its id, however often it comes; it waits until the story takes it, however early it came,
 * and is gone once taken. An operator's words (`#pause` …) are heeded at once and never wait.
 */
export type Inbox = {
  put(fact: ToldFact): void;
  /** Takes the earliest waiting fact for which `isWanted` holds and that happened before `before` (epoch ms; null: whenever). */
  take<Fact extends ToldFact>(isWanted: (fact: ToldFact) => fact is Fact, before: number | null): Fact | null;
  /** Takes all that wait, the earliest first. */
  takeAll<Fact extends ToldFact>(isWanted: (fact: ToldFact) => fact is Fact): Fact[];
  has(isWanted: (fact: ToldFact) => boolean, before: number | null): boolean;
  /** Grows with everything that is news. */
  version(): number;
  seen(): readonly string[];
  /** How many of its loop's facts wait. */
  waiting(): number;
  /** The earlier of a deadline and the cap; null: neither is set. */
  capped(until: number | null): number | null;
  isPaused(): boolean;
  /** Ends the life at the next step of its story. */
  end(how: LifeEnding): void;
  ending(): LifeEnding | null;
  carry(): Omit<Carried, 'stage'>;
};

export function openInbox(carried: Carried | undefined): Inbox {
  let waiting: ToldFact[] = [...(carried?.waiting ?? [])];
  const seen = new Set<string>(carried?.seen);
  let capAt = carried?.capAt ?? null;
  let paused = carried?.paused ?? { isSo: false, at: 0 };
  let ending: LifeEnding | null = null;
  let version = 0;

  const heed = ({ kind, data, at }: ToldFact): void => {
    // The latest word by its own time holds, in whatever order they come.
    if ((kind === RUN_CONTROLS.pause || kind === RUN_CONTROLS.resume) && at >= paused.at) paused = { isSo: kind === RUN_CONTROLS.pause, at };
    const cap = data['capAt'];
    if (kind === RUN_CONTROLS.shorten && typeof cap === 'number') capAt = Math.min(capAt ?? cap, cap);
    if (kind === RUN_CONTROLS.cancel) ending ??= 'canceled';
    if (kind === OPTED_OUT_FACT) ending ??= 'opted_out';
  };
  const counts = (fact: ToldFact, before: number | null): boolean => before === null || fact.at < before;

  return {
    put(fact) {
      if (seen.has(fact.id)) return;
      seen.add(fact.id);
      version += 1;
      if (isControl(fact.kind)) heed(fact);
      else waiting.push(fact);
    },
    take(isWanted, before) {
      let found: ToldFact | null = null;
      for (const fact of waiting) if (counts(fact, before) && isWanted(fact) && (found === null || fact.at < found.at)) found = fact;
      if (found === null || !isWanted(found)) return null;
      waiting.splice(waiting.indexOf(found), 1);
      return found;
    },
    takeAll<Fact extends ToldFact>(isWanted: (fact: ToldFact) => fact is Fact) {
      const taken: Fact[] = [];
      const left: ToldFact[] = [];
      for (const fact of waiting) if (isWanted(fact)) taken.push(fact); else left.push(fact);
      waiting = left;
      return taken.toSorted((a, b) => a.at - b.at);
    },
    has: (isWanted, before) => waiting.some((fact) => counts(fact, before) && isWanted(fact)),
    version: () => version,
    seen: () => [...seen],
    waiting: () => waiting.filter(({ kind }) => kind !== MESSAGE_FACT).length,
    capped: (until) => (until === null || capAt === null ? until ?? capAt : Math.min(until, capAt)),
    isPaused: () => paused.isSo,
    end(how) {
      ending ??= how;
      version += 1;
    },
    ending: () => ending,
    carry: () => ({ waiting: [...waiting], seen: [...seen], capAt, paused }),
  };
}
