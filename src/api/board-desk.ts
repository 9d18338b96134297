import { readBoard } from '../../db/read/rally-board.ts';
import type { BoardEntry, BoardView } from '../../db/read/rally-board.ts';
import type { Database } from '../../db/client.ts';
import type { GuestId, MemberId } from '../domain/ids.ts';
import type { BoardLink } from '../domain/rally/board-token.ts';
import type { Services } from './services.ts';

/** Two readings of one board are at least so far apart, and ten times as long as one takes: a large cohort is read less often, not longer. */
const GAP_MS = 100;
const SHARE_OF_TIME = 10;

type Reading = { readonly asked: Set<MemberId | GuestId>; readonly view: Promise<BoardView | null> };
type Board = { next: Reading | null; freeAtMs: number; watchers: number };
const desks = new WeakMap<Pick<Database, 'sql'>, Map<string, Board>>();

/** What one watcher reads: what all see, and the own row. */
export type BoardRead = { readonly view: BoardView; readonly own: BoardEntry | null };

/** One watcher's place at the desk of a board. */
export type BoardDesk = { read(): Promise<BoardRead | null>; leave(): void };

/**
 * Where the pages and streams of a process read a board together: whoever asks gets a reading that begins after the asking, and the same one as all who
 * asked meanwhile, with the rows of all of them in it. So a thousand who watch cost no more statements than one.
 */
export function boardDesk({ db, clock }: Pick<Services, 'db' | 'clock'>, { tenantId, runId, personId }: BoardLink): BoardDesk {
  const boards = desks.get(db) ?? new Map<string, Board>();
  desks.set(db, boards);
  const name = `${tenantId}/${runId}`;
  const board = boards.get(name) ?? { next: null, freeAtMs: 0, watchers: 0 };
  boards.set(name, board);
  board.watchers += 1;
  const readNow = async (asked: ReadonlySet<MemberId | GuestId>): Promise<BoardView | null> => {
    board.next = null;
    const beganMs = performance.now();
    board.freeAtMs = Infinity;
    try {
      return await db.asTenant(tenantId, (tx) => readBoard(tx, { tenantId, runId, personIds: [...asked], now: clock.now() }));
    } finally {
      const tookMs = performance.now() - beganMs;
      board.freeAtMs = beganMs + tookMs + Math.max(GAP_MS, SHARE_OF_TIME * tookMs);
    }
  };
  const whenFree = async (): Promise<void> => {
    for (let leftMs = board.freeAtMs - performance.now(); leftMs > 0; leftMs = board.freeAtMs - performance.now()) await new Promise((resolve) => { setTimeout(resolve, Math.min(leftMs, GAP_MS)); });
  };
  const begin = (): Reading => {
    const asked = new Set<MemberId | GuestId>();
    return { asked, view: whenFree().then(() => readNow(asked)) };
  };
  return {
    async read() {
      const reading = (board.next ??= begin());
      if (personId !== null) reading.asked.add(personId);
      const view = await reading.view;
      return view === null ? null : { view, own: personId === null ? null : view.own.get(personId) ?? null };
    },
    leave() {
      board.watchers -= 1;
      if (board.watchers === 0 && boards.get(name) === board) boards.delete(name);
    },
  };
}
