import { createLighterFirst, HELD_BACK_MS } from '../../activities/messages/lighter-first.ts';

const FOR_EVER = new AbortController().signal;
let now = 0;

function table() {
  now = 1_000;
  const first = createLighterFirst(() => now);
  const send = (tenant: string, count: number): void => { for (let i = 0; i < count; i += 1) first.served(tenant); };
  return { ...first, send };
}

/** Has it passed by the time everybody who can go on has? */
async function hasPassed(passing: Promise<void>): Promise<boolean> {
  let passed = false;
  void passing.then(() => { passed = true; });
  await new Promise((resolve) => { setImmediate(resolve); });
  return passed;
}

beforeEach(() => { jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance', 'nextTick', 'queueMicrotask'] }); });
afterEach(() => { jest.useRealTimers(); });

test('a tenant that sends much lets a newcomer go first, and goes on when he is gone', async () => {
  const { sit, rise, send, pass } = table();
  sit('crowd');
  send('crowd', 500);
  sit('quiet');
  const passing = pass('crowd', FOR_EVER);
  expect(await hasPassed(passing)).toBe(false);
  rise('quiet');
  expect(await hasPassed(passing)).toBe(true);
});

test('it waits for a moment, not for ever', async () => {
  const { sit, send, pass } = table();
  sit('crowd');
  send('crowd', 500);
  sit('quiet');
  const passing = pass('crowd', FOR_EVER);
  jest.advanceTimersByTime(HELD_BACK_MS - 1);
  expect(await hasPassed(passing)).toBe(false);
  jest.advanceTimersByTime(1);
  expect(await hasPassed(passing)).toBe(true);
});

test('whoever is alone, has sent little, or sends as much as the other waits for nobody', async () => {
  const { sit, send, pass } = table();
  sit('crowd');
  send('crowd', 500);
  expect(await hasPassed(pass('crowd', FOR_EVER))).toBe(true);
  sit('other');
  send('other', 200);
  expect(await hasPassed(pass('crowd', FOR_EVER))).toBe(true);
  expect(await hasPassed(pass('other', FOR_EVER))).toBe(true);
});

test('one who has sat there for long, over a server that stalls, is waited for by nobody', async () => {
  const { sit, send, pass } = table();
  sit('crowd');
  sit('stalls');
  now += 250;
  send('crowd', 500);
  expect(await hasPassed(pass('crowd', FOR_EVER))).toBe(true);
});

test('what was sent long ago is forgotten', async () => {
  const { sit, send, pass } = table();
  sit('crowd');
  send('crowd', 500);
  now += 20_000;
  sit('quiet');
  expect(await hasPassed(pass('crowd', FOR_EVER))).toBe(true);
});

test('a turn that ends waits no longer', async () => {
  const { sit, send, pass } = table();
  const turn = new AbortController();
  sit('crowd');
  send('crowd', 500);
  sit('quiet');
  const passing = pass('crowd', turn.signal);
  turn.abort();
  expect(await hasPassed(passing)).toBe(true);
});
