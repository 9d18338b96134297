import { once } from 'node:events';
import { createServer } from 'node:net';
import type { OutgoingSms } from '../../src/providers/sms/outgoing-sms.ts';
import type { SmsFault } from '../../src/dev/sms/sms-fault.ts';
import { sampleSms, smsStand } from './sms-stand.ts';
import { describeTransportContract } from './transport-contract.ts';
import type { Behaviour, Stand } from './transport-contract.ts';

const FAULTS: Partial<Record<Behaviour, SmsFault>> = {
  says_later: { kind: 'busy', retryAfterSeconds: 120 },
  says_no_such_address: { kind: 'refused', code: 21614, status: 400 },
  refuses_this_message: { kind: 'refused', code: 21617, status: 400 },
  hangs_up_before_the_message: { kind: 'hangs_up_before' },
  hangs_up_after_the_message: { kind: 'hangs_up_after' },
  is_silent_after_the_message: { kind: 'silent_after' },
};

async function nobodyListens(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${String(address.port)}`;
}

async function stand(behaviour: Behaviour): Promise<Stand<OutgoingSms>> {
  const { vendor, transport, stop } = await smsStand({
    ...(behaviour === 'is_unreachable' ? { baseUrl: await nobodyListens() } : {}),
    ...(behaviour === 'refuses_our_login' ? { authToken: 'wrong' } : {}),
    timeouts: { answerMs: behaviour === 'is_silent_after_the_message' ? 300 : 20_000 },
  });
  vendor.setFaults(() => FAULTS[behaviour]);
  return { transport, reached: () => vendor.store.list().map(({ to }) => to), stop };
}

describeTransportContract<OutgoingSms>('Twilio', {
  stand,
  message: (n) => sampleSms({ to: `+1500555${String(1000 + n)}`, attemptToken: `attempt-${String(n)}` }),
  recipientOf: ({ to }) => to,
  twoInOne: () => sampleSms({ to: '+15005550010,+15005550011' }),
  retries: [
    ['says_later', 'rate_limited', 120_000],
    ['refuses_our_login', 'sms_account_refused', 10_000],
    ['is_unreachable', 'cannot_connect', 1_000],
  ],
  // over HTTP the request has left by then: whether it was read, nobody can tell
  unknowns: ['hangs_up_before_the_message', 'hangs_up_after_the_message', 'is_silent_after_the_message'],
  badRecipient: 'number_unavailable',
});
