import { readBoard } from '../../db/read/rally-board.ts';
import type { BoardView } from '../../db/read/rally-board.ts';
import type { Database } from '../../db/client.ts';
import type { RunId, TenantId } from '../domain/ids.ts';
import type { Services } from './services.ts';

/** Two readings of one board are at least so far apart, and ten times as long as one takes: a large cohort is read less often, not longer. */
const GAP_MS = 100;
const SHARE_OF_TIME = 10;

type Board = { next: Promise<BoardView | null> | null; freeAtMs: number; watchers: number };
const desks = new WeakMap<Pick<Database, 'sql'>, Map<string, Board>>();

/** One watcher's place at the desk of a board. */
export type BoardDesk = { read(): Promise<BoardView | null>; leave(): void };

/**
 * Where the pages and streams of a process read a board together: whoever asks gets a reading that begins after the asking, and the same one as all who
 * asked meanwhile. So a thousand who watch cost no more than one.
 */
export function boardDesk({ db, clock }: Pick<Services, 'db' | 'clock'>, { tenantId, runId }: { tenantId: TenantId; runId: RunId }): BoardDesk {
  const boards = desks.get(db) ?? new Map<string, Board>();
  desks.set(db, boards);
  const name = `${tenantId}/${runId}`;
  const board = boards.get(name) ?? { next: null, freeAtMs: 0, watchers: 0 };
  boards.set(name, board);
  board.watchers += 1;
  const readNow = async (): Promise<BoardView | null> => {
    board.next = null;
    const beganMs = performance.now();
    board.freeAtMs = Infinity;
    try {
      return await db.asTenant(tenantId, (tx) => readBoard(tx, { tenantId, runId, now: clock.now() }));
    } finally {
      const tookMs = performance.now() - beganMs;
      board.freeAtMs = beganMs + tookMs + Math.max(GAP_MS, SHARE_OF_TIME * tookMs);
    }
  };
  const whenFree = async (): Promise<void> => {
    for (let leftMs = board.freeAtMs - performance.now(); leftMs > 0; leftMs = board.freeAtMs - performance.now()) await new Promise((resolve) => { setTimeout(resolve, Math.min(leftMs, GAP_MS)); });
  };
  return {
    read: () => (board.next ??= whenFree().then(readNow)),
    leave() {
      board.watchers -= 1;
      if (board.watchers === 0 && boards.get(name) === board) boards.delete(name);
    },
  };
}
