import { createServer } from 'node:net';
import type { Socket } from 'node:net';

/**
 * An SMTP server on a free loopback port that misbehaves on demand, spoken by hand over a socket, because a real
 * one will not. Each step can answer anything, hang up, or fall silent.
 */
export type Step = 'greeting' | 'ehlo' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot';
export type Act = string | 'hang_up' | 'silence' | { readonly reply: string; readonly then: 'hang_up' };

/** What to do at a step; null is the usual answer. `connection` counts from 1, `message` within the connection from 1. */
export type Script = (at: { step: Step; connection: number; message: number }) => Act | null;

export type ScriptedSmtp = {
  readonly port: number;
  /** Messages whose final dot was read, in order. */
  readonly received: { from: string; to: string[]; raw: string; connection: number }[];
  readonly connections: () => number;
  hangUpOnAll(): Promise<void>;
  close(): Promise<void>;
};

const USUAL: Record<Exclude<Step, 'body'>, string> = {
  greeting: '220 scripted ESMTP',
  ehlo: '250-scripted\r\n250-8BITMIME\r\n250 SMTPUTF8',
  mail: '250 2.1.0 Ok',
  rcpt: '250 2.1.5 Ok',
  data: '354 Go ahead',
  dot: '250 2.0.0 Ok: queued as 4F1',
};

export async function scriptedSmtp(script: Script, options: { pipelining?: boolean } = {}): Promise<ScriptedSmtp> {
  const received: ScriptedSmtp['received'] = [];
  const open = new Set<Socket>();
  let count = 0;

  const server = createServer((socket) => {
    count += 1;
    converse(socket, count);
  });
  function converse(socket: Socket, connection: number): void {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    let buffered = '';
    let inBody = false;
    let message = 1;
    let silent = false;
    let envelope: { from: string; to: string[] } = { from: '', to: [] };

    const act = (step: Step): boolean => {
      const wanted = script({ step, connection, message });
      if (step === 'body' && wanted === null) return true;
      const what = wanted ?? (step === 'body' ? '' : USUAL[step]);
      if (what === 'silence') {
        silent = true;
        socket.pause(); // what the client still sends stays with the client
        return false;
      }
      if (what === 'hang_up') {
        socket.destroy();
        return false;
      }
      const reply = typeof what === 'string' ? what : what.reply;
      const usual = step === 'ehlo' && options.pipelining === true ? reply.replace('250-8BIT', '250-PIPELINING\r\n250-8BIT') : reply;
      if (typeof what === 'string') socket.write(`${usual}\r\n`);
      else socket.end(usual);
      return typeof what === 'string' && /^[23]/.test(what);
    };

    const onLine = (line: string): void => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') act('ehlo');
      else if (verb === 'MAIL') {
        envelope = { from: line, to: [] };
        act('mail');
      } else if (verb === 'RCPT') {
        if (act('rcpt')) envelope.to.push(line.slice(8).replace(/^[ <]+|[>].*$/g, ''));
      } else if (verb === 'DATA') {
        if (envelope.to.length === 0 && options.pipelining === true) socket.write('554 5.5.1 No valid recipients\r\n');
        else inBody = act('data');
      } else if (verb === 'RSET') {
        message += 1;
        socket.write('250 2.0.0 Ok\r\n');
      } else if (verb === 'QUIT') socket.end('221 2.0.0 Bye\r\n');
      else socket.write('500 5.5.2 Unknown\r\n');
    };

    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      buffered += chunk;
      while (!silent && !socket.destroyed) {
        if (inBody) {
          if (!act('body')) return;
          const end = buffered.indexOf('\r\n.\r\n');
          if (end < 0) return;
          received.push({ ...envelope, raw: buffered.slice(0, end + 2), connection });
          buffered = buffered.slice(end + 5);
          inBody = false;
          act('dot');
          message += 1;
          continue;
        }
        const end = buffered.indexOf('\r\n');
        if (end < 0) return;
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        onLine(line);
      }
    });
    act('greeting');
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const hangUpOnAll = async (): Promise<void> => {
    await Promise.all([...open].map((socket) => new Promise<void>((resolve) => {
      socket.on('close', () => resolve());
      socket.destroy();
    })));
  };
  return {
    port: address.port,
    received,
    connections: () => count,
    hangUpOnAll,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await hangUpOnAll();
      await closed;
    },
  };
}
