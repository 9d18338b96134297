import { once } from 'node:events';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerSession } from 'smtp-server';
import { findFreePort, LOOPBACK } from './free-port.ts';
import { openMailStore } from './mail-store.ts';
import type { MailStore, StoredMail } from './mail-store.ts';
import type { FaultPlan, SinkStage } from './sink-fault.ts';

export type SinkOptions = {
  /** Where accepted messages are kept; what is there already stays. */
  readonly dir: string;
  /** Preferred port; a free one is taken when it is in use. */
  readonly port?: number;
  /** How long each message is held before it is kept and answered. */
  readonly delayMs?: number;
  /** Connections above this number are refused with 421. */
  readonly maxConnections?: number;
  /** Offers AUTH and takes every login, unless a fault refuses it. Without it a client's password stays with the client. */
  readonly login?: boolean;
  readonly fault?: FaultPlan;
  /** Wait for the disk before the 250 (default). Without it a message survives this process, but not a power cut. */
  readonly sync?: boolean;
  /** Hears when the preferred port was stepped around. */
  readonly say?: (text: string) => void;
};

export type RunningSink = {
  readonly url: string;
  readonly port: number;
  readonly store: MailStore;
  /** What was accepted so far, oldest first. */
  deliveries(): readonly StoredMail[];
  /** From now on; undefined: all goes well again. */
  setFault(plan: FaultPlan | undefined): void;
  setDelay(delayMs: number): void;
  /** Cuts all connections and refuses new ones, as a server does that is down; what was accepted stays. */
  shut(): Promise<void>;
  /** Listens again where it did. */
  open(): Promise<void>;
  /** Cuts all connections and closes the files. */
  stop(): Promise<void>;
};

const LARGEST_MESSAGE_BYTES = 25_000_000;
const LONGEST_STALL_MS = 600_000;

type Answer = (error?: Error | null) => void;

type Envelope = { readonly from: string; readonly to: string[] };

/** Before MAIL FROM. */
const NOBODY: Envelope = { from: '', to: [] };

function addressesOf(session: SMTPServerSession): Envelope {
  const { mailFrom, rcptTo } = session.envelope;
  return { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) };
}

function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/** Message id and subject, from the header alone: a message may be long. */
async function readHeader(raw: Buffer): Promise<{ messageId: string; subject: string }> {
  const end = raw.indexOf('\r\n\r\n');
  const { messageId, subject } = await PostalMime.parse(end < 0 ? raw : raw.subarray(0, end + 4));
  return { messageId: messageId ?? '', subject: subject ?? '' };
}

/** The open connections by the client's port: the SMTP library hands out sessions, not sockets. */
function trackSockets(server: SMTPServer): { drop(session: SMTPServerSession): void; dropAll(): void } {
  const sockets = new Map<number, Socket>();
  server.server.on('connection', (socket) => {
    const port = socket.remotePort;
    if (port === undefined) return;
    sockets.set(port, socket);
    socket.once('close', () => sockets.delete(port));
  });
  return {
    drop: (session) => sockets.get(session.remotePort)?.destroy(),
    dropAll: () => {
      for (const socket of sockets.values()) socket.destroy();
    },
  };
}

/** What the tests may change while the sink runs. */
type Behaviour = { fault: FaultPlan | undefined; delayMs: number };

function createSmtpServer(store: MailStore, behaviour: Behaviour, options: SinkOptions, drop: (session: SMTPServerSession) => void): SMTPServer {
  /** Runs `proceed` unless a fault is planned for this stage. */
  function pass(stage: SinkStage, session: SMTPServerSession, { from, to }: Envelope, answer: Answer, proceed: () => void): void {
    const planned = behaviour.fault?.({ stage, from, to });
    switch (planned?.kind) {
      case undefined:
        return proceed();
      case 'refuse':
        return answer(refusal(planned.code, planned.text ?? 'Refused by the test sink'));
      case 'drop':
        return drop(session);
      case 'stall':
        return undefined;
      case 'delay':
        setTimeout(proceed, planned.delayMs);
        return undefined;
    }
  }

  async function keep(envelope: Envelope, raw: Buffer): Promise<void> {
    if (behaviour.delayMs > 0) await new Promise((wake) => setTimeout(wake, behaviour.delayMs));
    await store.append({ ...envelope, ...(await readHeader(raw)), raw });
  }

  return new SMTPServer({
    ...{ authOptional: true, allowInsecureAuth: true, disableReverseLookup: true, size: LARGEST_MESSAGE_BYTES },
    disabledCommands: options.login === true ? ['STARTTLS'] : ['AUTH', 'STARTTLS'],
    ...{ closeTimeout: 200, socketTimeout: LONGEST_STALL_MS },
    ...(options.maxConnections === undefined ? {} : { maxClients: options.maxConnections }),
    onConnect: (session, answer) => pass('connect', session, NOBODY, answer, () => answer()),
    onAuth: ({ username }, session, answer) => pass('login', session, NOBODY, answer, () => answer(null, { user: username })),
    onMailFrom: ({ address }, session, answer) => pass('mail', session, { from: address, to: [] }, answer, () => answer()),
    onRcptTo: (address, session, answer) => {
      const { from, to } = addressesOf(session);
      pass('rcpt', session, { from, to: [...to, address.address] }, answer, () => answer());
    },
    onData: (stream, session, answer) => {
      // Read now: the session is reset when the client goes on, or goes.
      const envelope = addressesOf(session);
      const fail = (error: unknown): void => answer(refusal(451, error instanceof Error ? error.message : 'Could not be kept'));
      pass('data', session, envelope, answer, () => {
        void buffer(stream).then((raw) => {
          if (stream.sizeExceeded) return answer(refusal(552, 'Message too large'));
          return pass('body', session, envelope, answer, () => {
            void keep(envelope, raw).then(() => pass('answer', session, envelope, answer, () => answer()), fail);
          });
        }, fail);
      });
    },
  });
}

/**
 * Starts an SMTP server on the loopback interface that keeps every message it accepts and passes none on.
 * A message is in its files before the client hears 250. For tests it can be slowed and made to fail at any stage.
 */
export async function startSink(options: SinkOptions): Promise<RunningSink> {
  const store = await openMailStore(options.dir, { sync: options.sync ?? true });
  const behaviour: Behaviour = { fault: options.fault, delayMs: options.delayMs ?? 0 };
  const server = createSmtpServer(store, behaviour, options, (session) => sockets.drop(session));
  const sockets = trackSockets(server);
  // A client that vanishes in the middle of a dialogue is everyday life for a mail server.
  server.on('error', () => {});
  const port = await findFreePort(options.port, options.say);
  const open = async (): Promise<void> => { await once(server.listen(port, LOOPBACK), 'listening'); };
  await open();
  return {
    url: `smtp://${LOOPBACK}:${port}`,
    port,
    store,
    deliveries: () => store.list(),
    setFault: (plan) => {
      behaviour.fault = plan;
    },
    setDelay: (delayMs) => {
      behaviour.delayMs = delayMs;
    },
    open,
    shut: async () => {
      const closed = new Promise<void>((resolve) => { server.server.close(() => resolve()); });
      sockets.dropAll();
      await closed;
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      sockets.dropAll();
      await closed;
      await store.close();
    },
  };
}
