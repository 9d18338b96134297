import { openWebhookWire, type WebhookWire } from '../../activities/webhooks/webhook-wire.ts';
import { deferred } from '../../src/dev/deferred.ts';
import type { WebhookAnswer } from '../../src/providers/webhook/post.ts';
import { openTestWebhooks, takeTurn, type TestWebhooks } from '../support/webhooks.ts';

const LEASE_MS = 45_000;
let webhooks: TestWebhooks;
beforeAll(async () => { webhooks = await openTestWebhooks(); });
afterAll(() => webhooks.close());
afterEach(() => webhooks.clear());

/** A worker that dies once its posts have arrived, before anything is recorded. */
function dyingWire(posts: number): { wire: WebhookWire; draining: AbortSignal; arrived(): Promise<void> } {
  const over = new AbortController();
  const sent: Promise<WebhookAnswer>[] = [];
  const wire = openWebhookWire({
    ...webhooks.wireDeps,
    async post(post) {
      if (sent.push(webhooks.wireDeps.post(post)) === posts) over.abort();
      return new Promise(() => {});
    },
  });
  return { wire, draining: over.signal, arrived: async () => { await Promise.all(sent); } };
}

test('a worker killed between sending and recording: delivered again with the same id, after its lease', async () => {
  const { id } = await webhooks.makeEndpoint('/killed');
  await webhooks.announce({}, {});
  const { arrived, ...dying } = dyingWire(2);
  await takeTurn({ ...webhooks.deps, ...dying }, webhooks.tenant);
  await arrived();
  expect([webhooks.receiver.received.length, await webhooks.states(id)]).toEqual([2, ['waiting', 'waiting']]);
  expect(await webhooks.turn()).toMatchObject({ sent: 0, nextInMs: LEASE_MS });
  webhooks.clock.advance(LEASE_MS);
  expect(await webhooks.turn()).toMatchObject({ sent: 2 });
  const ids = webhooks.receiver.idsAt('/killed');
  expect([ids.length, new Set(ids).size, await webhooks.states(id)]).toEqual([4, 2, ['delivered', 'delivered']]);
  expect((await webhooks.log(id)).map(({ n }) => n)).toEqual([2, 2]);
});

test('a late word of the first worker is the truth where it arrived, and nothing where it failed', async () => {
  const { id } = await webhooks.makeEndpoint('/late');
  const answers = [deferred<WebhookAnswer>(), deferred<WebhookAnswer>()];
  let posts = 0;
  const over = new AbortController();
  const slow = openWebhookWire({
    ...webhooks.wireDeps,
    post() {
      if ((posts += 1) === 2) over.abort();
      return answers[posts - 1]?.promise ?? Promise.reject(new Error('posted too often'));
    },
  });
  await webhooks.announce({}, {});
  await takeTurn({ ...webhooks.deps, wire: slow, draining: over.signal }, webhooks.tenant);
  webhooks.clock.advance(LEASE_MS);
  webhooks.receiver.answer('/late', 500);
  await webhooks.turn();
  answers[0]?.resolve({ outcome: 'delivered', status: 200 });
  answers[1]?.resolve({ outcome: 'gone', status: 410 });
  await slow.idle();
  expect((await webhooks.states(id)).toSorted()).toEqual(['canceled', 'delivered']);
});

test('workers side by side take each delivery once', async () => {
  const { id } = await webhooks.makeEndpoint('/beside');
  await webhooks.announce(...Array.from({ length: 60 }, () => ({})));
  const wires = [1, 2, 3].map(() => openWebhookWire(webhooks.wireDeps));
  await Promise.all(wires.map(async (wire) => {
    await takeTurn({ ...webhooks.deps, wire }, webhooks.tenant);
    await wire.idle();
  }));
  await webhooks.turn();
  const ids = webhooks.receiver.idsAt('/beside');
  expect([ids.length, new Set(ids).size, new Set(await webhooks.states(id))]).toEqual([60, 60, new Set(['delivered'])]);
});

test('an endpoint that hangs has five on the wire, and holds up no other', async () => {
  const hanging = await webhooks.makeEndpoint('/hangs', ['reward.*']);
  const quick = await webhooks.makeEndpoint('/quick', ['*']);
  webhooks.receiver.answer('/hangs', 'hang');
  await webhooks.announce(...Array.from({ length: 40 }, () => ({})));
  let hung = 0;
  let most = 0;
  const wire = openWebhookWire({
    ...webhooks.wireDeps,
    async post(post) {
      if (!post.url.endsWith('/hangs')) return webhooks.wireDeps.post(post);
      most = Math.max(most, hung += 1);
      return new Promise(() => {});
    },
  });
  const over = new AbortController();
  const turning = takeTurn({ ...webhooks.deps, wire, draining: over.signal }, webhooks.tenant);
  while (webhooks.receiver.idsAt('/quick').length < 40) await new Promise((resolve) => { setTimeout(resolve, 20); });
  await webhooks.announce({ type: 'payout.sent' });
  while ((await webhooks.states(quick.id)).filter((state) => state === 'delivered').length < 41) await new Promise((resolve) => { setTimeout(resolve, 20); });
  over.abort();
  expect(await turning).toMatchObject({ nextInMs: 0 });
  expect([most, new Set(await webhooks.states(hanging.id))]).toEqual([5, new Set(['waiting'])]);
});

test('what fails on our side is a try like another, and stops nobody', async () => {
  const broken = await webhooks.makeEndpoint('/broken');
  const fine = await webhooks.makeEndpoint('/fine');
  await webhooks.database.superuser`update webhook_endpoints set secret_sealed = ${new Uint8Array(40)} where id = ${broken.id}`;
  await webhooks.announce({});
  await webhooks.turn();
  expect([await webhooks.states(broken.id), await webhooks.log(broken.id), await webhooks.states(fine.id)]).toEqual([['waiting'], [{ n: 1, outcome: 'retry', reason: 'internal_error', status: null }], ['delivered']]);
  expect(await webhooks.health(broken.id)).toEqual({ reason: null, failing: null });
});

test('a worker without a place for this asks again later, and loses nothing', async () => {
  await webhooks.makeEndpoint('/later');
  await webhooks.announce({});
  expect(await webhooks.turn({ beginWebhookTurn: () => null })).toEqual({ sent: 0, onTheWire: 0, nextInMs: 3_000 });
  expect(await webhooks.turn()).toMatchObject({ sent: 1 });
});
