import { SMTPServer } from 'smtp-server';
import { LOOPBACK } from '../../../src/dev/free-port.ts';
import { serveCommands } from './serve-commands.ts';

/** An SMTP server that counts what it takes, by recipient, and keeps nothing else: the same for ours and for the references. */
const taken = new Map<string, number>();
let count = 0;
let lastAt = 0;
let port = 0;

const server = new SMTPServer({
  authOptional: true, allowInsecureAuth: true, disableReverseLookup: true, logger: false, disabledCommands: ['AUTH', 'STARTTLS'],
  onData(stream, session, answer) {
    stream.on('data', () => {});
    stream.on('end', () => {
      for (const { address } of session.envelope.rcptTo) taken.set(address, (taken.get(address) ?? 0) + 1);
      count += 1;
      lastAt = performance.timeOrigin + performance.now();
      answer();
    });
  },
});
server.on('error', () => {});
const listening = server.listen(0, LOOPBACK, () => {
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  port = address.port;
  serveCommands({
    port: () => port,
    /** How many so far, and when the last was answered. */
    count: () => ({ count, lastAt }),
    taken: () => [...taken],
    forget: () => { taken.clear(); count = 0; lastAt = 0; },
  }, () => new Promise<void>((resolve) => { server.close(() => resolve()); }));
});
