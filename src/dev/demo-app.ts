import { createServer, type Server } from 'node:http';
import type { Express } from 'express';
import { studyApp } from '../../examples/study-app/app.ts';
import { tutoringApp } from '../../examples/tutoring/app.ts';
import { caller } from '../../examples/tutoring/call.ts';
import { flywheel } from '../../examples/tutoring/flywheel.ts';
import { setUp } from '../../examples/tutoring/set-up.ts';
import { findFreePort, LOOPBACK } from './free-port.ts';

const TUTORING_PORT = 3030;
/** Where `npm run example` puts the tutoring app: links of `npm start` may lead there, too. */
export const TUTORING_HOST = `${LOOPBACK}:${String(TUTORING_PORT)}`;

type Keys = { readonly flywheelUrl: string; readonly secretKey: string };
export type DemoApp = {
  /** Where it will be: links may lead there before it listens. */
  readonly host: string;
  readonly url: string;
  listen(keys: Keys): Promise<void>;
  stop(): Promise<void>;
};

/** The study app as the place where links of `npm start` lead. Its address is needed to make a tenant, whose key it needs itself. */
export function placeDemoApp(preferredPort: number, say: (text: string) => void): Promise<DemoApp> {
  return placeApp(preferredPort, say, async (keys) => studyApp(keys));
}

/** The tutoring app likewise; it sets up its program and webhooks when it begins to listen. */
export function placeTutoringApp(say: (text: string) => void): Promise<DemoApp> {
  return placeApp(TUTORING_PORT, say, async ({ flywheelUrl, secretKey }, url) => {
    const call = caller(flywheelUrl, secretKey);
    return tutoringApp({ growth: flywheel(call), ...await setUp(call, url) });
  });
}

async function placeApp(preferredPort: number, say: (text: string) => void, make: (keys: Keys, url: string) => Promise<Express>): Promise<DemoApp> {
  const port = await findFreePort(preferredPort, say);
  const host = `${LOOPBACK}:${String(port)}`;
  let server: Server | undefined;
  return {
    host,
    url: `http://${host}/`,
    async listen(keys) {
      const app = await make(keys, `http://${host}`);
      await new Promise<void>((resolve, reject) => {
        server = createServer(app).once('error', reject).listen(port, LOOPBACK, () => resolve());
      });
    },
    stop: () => new Promise((resolve) => {
      if (server === undefined) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
