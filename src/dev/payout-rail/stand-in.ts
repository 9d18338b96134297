import { once } from 'node:events';
import { createServer } from 'node:http';
import { findFreePort, LOOPBACK } from '../free-port.ts';
import { silent, type OnProgress } from '../progress.ts';
import type { RailFaultPlan } from './rail-fault.ts';
import { openTransferStore, type TransferStore } from './transfer-store.ts';
import { transfersApi, type RailBehaviour } from './transfers-api.ts';

export type PayoutRailOptions = { /** Its own book is kept there; what is there already stays. */ readonly dir: string; readonly port?: number; readonly secret?: string; readonly onProgress?: OnProgress };

export type RunningPayoutRail = {
  /** For `PUT /v1/payout-rail`. */
  readonly url: string;
  readonly secret: string;
  readonly dir: string;
  readonly store: TransferStore;
  /** From now on; undefined: all goes well again. */
  setFaults(plan: RailFaultPlan | undefined): void;
  /** How long a key is known; left out: for good. */
  setKeyLife(keyLifeMs?: number): void;
  /** All keys that were used are over. */
  expireKeys(): void;
  /** What was to happen later happens now. */
  workOff(): void;
  stop(): Promise<void>;
};

/**
 * Starts a stand-in of a provider's transfers API on the loopback interface. It pays nobody: it writes what it would have paid into a file of
 * its own, one line a payment (`readPaidFile`), and fails on command: see `RailFault`.
 */
export async function startPayoutRail({ dir, port: wished, secret = 'local-rail-key', onProgress = silent }: PayoutRailOptions): Promise<RunningPayoutRail> {
  const say = (text: string): void => onProgress('payout rail', text);
  const store = openTransferStore(dir);
  const behaviour: RailBehaviour = { plan: () => undefined, keyLifeMs: Infinity, secret };
  const waiting = new Map<NodeJS.Timeout, () => void>();
  const later = (work: () => void, afterMs: number): void => {
    const timer = setTimeout(() => {
      waiting.delete(timer);
      work();
    }, afterMs);
    waiting.set(timer, work);
  };
  const forgetWaiting = (): (() => void)[] => {
    const left = [...waiting.values()];
    for (const timer of waiting.keys()) clearTimeout(timer);
    waiting.clear();
    return left;
  };
  const server = createServer(transfersApi({ store, behaviour, later }));
  const port = await findFreePort(wished, say);
  await once(server.listen(port, LOOPBACK), 'listening');
  say(`ready on port ${String(port)}`);
  return {
    url: `http://${LOOPBACK}:${String(port)}`,
    secret, dir, store,
    setFaults: (plan) => { behaviour.plan = plan ?? (() => undefined); },
    setKeyLife: (keyLifeMs = Infinity) => { behaviour.keyLifeMs = keyLifeMs; },
    expireKeys: () => { store.forgetKeys(); },
    workOff: () => { for (const work of forgetWaiting()) work(); },
    stop: async () => {
      forgetWaiting();
      const closed = new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
      server.closeAllConnections();
      await closed;
    },
  };
}
