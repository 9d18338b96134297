import { once } from 'node:events';
import { createServer } from 'node:http';
import { findFreePort, LOOPBACK } from './free-port.ts';
import { createInboxWeb } from './inbox-web.ts';
import { silent } from './progress.ts';
import type { OnProgress } from './progress.ts';
import { startSink } from './sink.ts';
import type { RunningSink, SinkOptions } from './sink.ts';

export type InboxOptions = Omit<SinkOptions, 'port' | 'say'> & {
  /** Preferred ports; free ones are taken when they are in use. */
  readonly smtpPort?: number;
  readonly httpPort?: number;
  readonly onProgress?: OnProgress;
};

export type RunningInbox = {
  readonly smtpUrl: string;
  /** The web page. */
  readonly url: string;
  /** The sink below it: what was accepted, and the faults for tests. */
  readonly sink: RunningSink;
  stop(): Promise<void>;
};

/**
 * Starts the local mail inbox: an SMTP server that keeps what it accepts below `dir` and passes nothing on, and a web
 * page with a small JSON API (`GET /api/mails?to=`, `GET /api/mails/:id`). Loopback only. Mails survive a restart.
 */
export async function startInbox({ smtpPort, httpPort, onProgress = silent, ...sinkOptions }: InboxOptions): Promise<RunningInbox> {
  const say = (text: string): void => onProgress('inbox', text);
  const sink = await startSink({ ...sinkOptions, say, ...(smtpPort === undefined ? {} : { port: smtpPort }) });
  const server = createServer(createInboxWeb(sink.store));
  const port = await findFreePort(httpPort, say);
  await once(server.listen(port, LOOPBACK), 'listening');
  say(`ready: SMTP on port ${sink.port}, page on port ${port}`);
  return {
    smtpUrl: sink.url,
    url: `http://${LOOPBACK}:${port}`,
    sink,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await sink.stop();
    },
  };
}
