import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { json } from './scripted-http.ts';
import { sampleSms } from './sms-stand.ts';
import { CREATED, twilioBench } from './twilio-bench.ts';

const { vendor, transportTo, sendTo, later } = twilioBench();

describe('an answer that says nothing clear settles nothing', () => {
  test.each<[string, number, string]>([
    ['HTML with 201', 201, '<html>It works!</html>'],
    ['half a JSON', 201, '{"sid": "SM'],
    ['nothing', 201, ''],
    ['no sid', 201, '{"status": "queued"}'],
    ['a sid of another form', 201, '{"sid": "42", "status": "queued"}'],
    ['a list', 200, '[]'],
    ['a gateway\'s 502', 502, 'Bad Gateway'],
    ['a gateway\'s 404', 404, 'Not here'],
    ['a 400 without a code', 400, '{}'],
    ['a redirect', 302, ''],
  ])('%s', async (_what, status, body) => {
    const { result, requests } = await sendTo((_request, response) => void response.writeHead(status, { location: '/elsewhere' }).end(body));
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'unclear_answer' });
    expect(requests).toHaveLength(1);
  });

  test('an answer that trickles past the limit', async () => {
    const { result } = await sendTo((_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(drip));
    }, { timeouts: { answerMs: 250 } });
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'no_answer' });
  });

  test('an answer that breaks off', async () => {
    const { result } = await sendTo((_request, response) => {
      response.writeHead(201, { 'content-length': '500' });
      response.write('{"sid":', () => response.destroy());
    });
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'no_answer' });
  });
});

describe('before anything was sent it may be tried again', () => {
  async function mute(): Promise<string> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    later(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `127.0.0.1:${String(address.port)}`;
  }

  test('a TLS handshake that never ends', async () => {
    const transport = transportTo(`https://${await mute()}`, { timeouts: { connectMs: 200 } });
    expect(await transport.send(sampleSms())).toMatchObject({ outcome: 'retry', reason: 'cannot_connect', detail: 'CONNECT_TIMEOUT' });
  });

  test('a server without TLS', async () => {
    const server = await vendor((_request, response) => json(response, 201, CREATED));
    expect(await transportTo(server.url.replace('http:', 'https:')).send(sampleSms())).toMatchObject({ outcome: 'retry', reason: 'cannot_connect' });
    expect(server.requests).toEqual([]);
  });

  test('a name that does not exist', async () => {
    expect(await transportTo('http://nowhere.invalid').send(sampleSms())).toMatchObject({ outcome: 'retry', reason: 'cannot_connect' });
  });

  test('but not when it went out on a connection kept open', async () => {
    let answers = 0;
    const server = await vendor((_request, response) => {
      answers += 1;
      if (answers === 1) json(response, 201, CREATED);
      else response.destroy();
    });
    const transport = transportTo(server.url, { connections: 1 });
    expect(await transport.send(sampleSms())).toMatchObject({ outcome: 'handed_off' });
    expect(await transport.send(sampleSms())).toMatchObject({ outcome: 'unknown', reason: 'no_answer' });
    expect(server.requests).toHaveLength(2);
  });
});

test('close cuts what has not been answered in time, and its outcome is told', async () => {
  const server = await vendor(() => undefined);
  const transport = transportTo(server.url, { timeouts: { closeMs: 100 } });
  const sending = transport.send(sampleSms());
  while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await transport.close();
  expect(await sending).toMatchObject({ outcome: 'unknown', reason: 'no_answer' });
});
