import { once } from 'node:events';
import { connect } from 'node:net';
import express from 'express';
import { listen } from '../../src/api/listen.ts';
import { sendStream } from '../../src/api/send-stream.ts';
import { useTenant, useTestApi } from '../support/use-test-api.ts';

const api = useTestApi();
const tenant = useTenant(api);

test('a reader who takes nothing holds neither place nor memory once the stream has ended', async () => {
  const app = express();
  const gone = new Promise<void>((resolve) => {
    app.get('/', (request, response) => {
      request.socket.once('close', () => { resolve(); });
      const stream = {
        kind: 'stream', tenantId: tenant.tenantId, topic: 'feed/somebody', who: 'somebody', endsAt: null,
        look: async () => ({ event: { id: '1', event: 'feed', data: 'x'.repeat(32 * 1_048_576) }, againAt: null }),
      } as const;
      void sendStream({ ...api.services, streamTimes: { livesMs: 300 } }, { request, response, stream, isStillAllowed: async () => true });
    });
  });
  const server = await listen(app, { port: 0, host: '127.0.0.1' });
  const reader = connect(server.port, '127.0.0.1').on('error', () => {}).pause();
  try {
    await once(reader, 'connect');
    reader.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await expect(gone).resolves.toBeUndefined();
  } finally {
    reader.destroy();
    await server.close(0);
  }
});
