import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';

export type Arrived = { readonly mailFrom: string; readonly rcptTo: readonly string[]; readonly raw: string; readonly parsed: Email };

export type MailSink = {
  readonly port: number;
  readonly arrived: Arrived[];
  /** The most connections that were open at once. */
  readonly peak: () => number;
  close(): Promise<void>;
};

/** A real SMTP server on a free loopback port that keeps what it is given, as bytes and parsed. */
export async function mailSink(options: Partial<SMTPServerOptions> = {}): Promise<MailSink> {
  const arrived: Arrived[] = [];
  let open = 0;
  let peak = 0;
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onConnect(_session, done) {
      open += 1;
      peak = Math.max(peak, open);
      done();
    },
    onClose() {
      open -= 1;
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks);
        const mailFrom = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
        const rcptTo = session.envelope.rcptTo.map((to) => to.address);
        PostalMime.parse(raw).then((parsed) => {
          arrived.push({ mailFrom, rcptTo, raw: raw.toString('latin1'), parsed });
          done();
        }, done);
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve, reject) => {
    const listener = server.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
  return { port, arrived, peak: () => peak, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
