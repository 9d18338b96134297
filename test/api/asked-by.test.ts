import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { addressOf, hostOf, trustOf } from '../../src/api/asked-by.ts';

/** What we read of a request, and what Express does. */
async function both(trust: number | string[] | false, headers: Record<string, string>): Promise<{ ours: unknown; theirs: unknown }> {
  const app = express();
  app.set('trust proxy', trust);
  app.get('/', (asked, response) => {
    const trusts = trustOf(app);
    response.json({ ours: [addressOf(asked, trusts), hostOf(asked, trusts)], theirs: [asked.ip, asked.hostname] });
  });
  const server = createServer(app);
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const text = await new Promise<string>((done, failed) => {
    request({ port, host: '127.0.0.1', agent: false, headers }, (response) => {
      let read = '';
      response.on('data', (part: Buffer) => { read += part.toString(); });
      response.on('end', () => { done(read); });
    }).on('error', failed).end();
  });
  await new Promise((done) => { server.close(done); });
  const read: { ours: unknown; theirs: unknown } = JSON.parse(text);
  return read;
}

const FORWARDED = ['203.0.113.7', '203.0.113.7, 10.0.0.1', '198.51.100.1,203.0.113.7,10.0.0.1', ' 2001:db8::1 , 127.0.0.1', ',', 'unknown, 203.0.113.9'];
const HOSTS = ['kite.example', 'kite.example:8443', '[::1]:8080', '[2001:db8::1]', 'kite.example:', 'a:b:c'];

test.each([[false as const], [1], [2], [['loopback', '10.0.0.0/8']]])('behind proxies %p an address and a host are read as Express reads them', async (trust) => {
  for (const host of HOSTS) {
    for (const forwarded of FORWARDED) {
      const { ours, theirs } = await both(trust, { host, 'x-forwarded-for': forwarded });
      expect({ host, forwarded, read: ours }).toEqual({ host, forwarded, read: theirs });
    }
    for (const forwardedHost of ['app.example', 'app.example:1, evil.example', '', 'app.example , b']) {
      const { ours, theirs } = await both(trust, { host, 'x-forwarded-host': forwardedHost });
      expect({ host, forwardedHost, read: ours }).toEqual({ host, forwardedHost, read: theirs });
    }
  }
});
