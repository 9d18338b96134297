import { createServer, type Server } from 'node:http';
import { studyApp } from '../../examples/study-app/app.ts';
import { findFreePort, LOOPBACK } from './free-port.ts';

export type DemoApp = {
  /** Where it will be: links may lead there before it listens. */
  readonly host: string;
  readonly url: string;
  listen(flywheel: { flywheelUrl: string; secretKey: string }): Promise<void>;
  stop(): Promise<void>;
};

/** The example app as the place where links of `npm start` lead. Its address is needed to make a tenant, whose key it needs itself. */
export async function placeDemoApp(preferredPort: number, say: (text: string) => void): Promise<DemoApp> {
  const port = await findFreePort(preferredPort, say);
  const host = `${LOOPBACK}:${String(port)}`;
  let server: Server | undefined;
  return {
    host,
    url: `http://${host}/`,
    listen: (flywheel) => new Promise((resolve, reject) => {
      server = createServer(studyApp(flywheel)).once('error', reject).listen(port, LOOPBACK, () => resolve());
    }),
    stop: () => new Promise((resolve) => {
      if (server === undefined) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
