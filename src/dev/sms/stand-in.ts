import { once, setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import { findFreePort, LOOPBACK } from '../free-port.ts';
import { silent } from '../progress.ts';
import type { OnProgress } from '../progress.ts';
import type { Behaviour, StandInAccount } from './account.ts';
import { messagesApi } from './messages-api.ts';
import { receiveReply } from './receive-reply.ts';
import type { Received, ReceiveReply } from './receive-reply.ts';
import { callbackPlan, planOf } from './sms-fault.ts';
import type { CallbackPlan, SmsFaultPlan } from './sms-fault.ts';
import { openSmsStore } from './sms-store.ts';
import type { SmsStore } from './sms-store.ts';
import { createSmsWeb } from './sms-web.ts';
import { statusCallbacks } from './status-callbacks.ts';

export type SmsStandInOptions = {
  /** Where messages are kept; what is there already stays. */
  readonly dir: string;
  /** Preferred port; a free one is taken when it is in use. */
  readonly port?: number;
  readonly account?: Partial<StandInAccount>;
  /** Where the app takes inbound messages; may be told later. */
  readonly inboundWebhookUrl?: string;
  readonly onProgress?: OnProgress;
};

export type RunningSmsStandIn = {
  /** The page, and the base URL of the vendor's API for the adapter. */
  readonly url: string;
  readonly account: StandInAccount;
  readonly store: SmsStore;
  /** From now on; undefined: all goes well again, but for the numbers that always fail. */
  setFaults(plan: SmsFaultPlan | undefined): void;
  setCallbacks(plan: Partial<CallbackPlan>): void;
  setInboundWebhook(url: string): void;
  /** A phone answers. */
  reply(phone: string, text: string): Promise<Received>;
  stop(): Promise<void>;
};

/** Of the vendor's documentation for tests: it belongs to nobody. */
const NUMBER = '+15005550006';
const ACCOUNT: StandInAccount = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'local-stand-in-token', number: NUMBER };

/**
 * Starts a stand-in of the vendor's Messages API on the loopback interface: it keeps what it takes below `dir`, sends it
 * to nobody, tells status callbacks, signed, and shows the phones on a page where one can answer as their owner. For
 * tests and trials it fails on command (`setFaults`, `PUT /api/faults`) or by the ending of a number.
 */
export async function startSmsStandIn(options: SmsStandInOptions): Promise<RunningSmsStandIn> {
  const say = (text: string): void => (options.onProgress ?? silent)('sms', text);
  const account: StandInAccount = { ...ACCOUNT, ...options.account };
  const store = openSmsStore(options.dir);
  const behaviour: Behaviour = { plan: planOf([]), callbacks: callbackPlan.parse({}) };
  const callbacks = statusCallbacks(store, account);
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  let webhookUrl = options.inboundWebhookUrl;
  const reply: ReceiveReply = { account, store, webhookUrl: () => webhookUrl, signal: stopping.signal };
  const server = createServer(createSmsWeb(reply, behaviour, messagesApi({ account, store, behaviour, callbacks })));
  const port = await findFreePort(options.port, say);
  await once(server.listen(port, LOOPBACK), 'listening');
  say(`ready: page and API on port ${port}`);
  return {
    url: `http://${LOOPBACK}:${port}`,
    account,
    store,
    setFaults: (plan) => { behaviour.plan = plan ?? planOf([]); },
    setCallbacks: (plan) => { behaviour.callbacks = callbackPlan.parse(plan); },
    setInboundWebhook: (url) => { webhookUrl = url; },
    reply: (phone, text) => receiveReply(reply, phone, text),
    stop: async () => {
      stopping.abort();
      await callbacks.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
