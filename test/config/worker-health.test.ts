import { openPulse } from '../../src/telemetry/pulse.ts';
import { watchWorker } from '../../src/worker/worker-health.ts';

test('a loop is late only when it has been silent for longer than it may', () => {
  let now = 0;
  const pulse = openPulse(1000, () => now);
  now = 1000;
  expect(pulse.isLate()).toBe(false);
  now = 1001;
  expect(pulse.isLate()).toBe(true);
  pulse.beat();
  expect(pulse.isLate()).toBe(false);
});

describe('a worker', () => {
  let now = 0;
  let answer: () => Promise<unknown> = async () => {};
  let health: ReturnType<typeof watchWorker>;
  beforeEach(() => {
    jest.useFakeTimers();
    now = 0;
    answer = async () => {};
    health = watchWorker(() => answer(), () => now);
  });
  afterEach(() => {
    health.close();
    jest.useRealTimers();
  });
  const passSeconds = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds; i += 1) {
      now += 1000;
      await jest.advanceTimersByTimeAsync(1000);
    }
  };

  test('is well while its pool answers or refuses in time', async () => {
    await passSeconds(100);
    answer = () => Promise.reject(new Error('away'));
    await passSeconds(100);
    expect(health.findTrouble()).toBeNull();
  });

  test('is stuck when its pool does neither', async () => {
    answer = () => new Promise(() => {});
    await passSeconds(59);
    expect(health.findTrouble()).toBeNull();
    await passSeconds(20);
    expect(health.findTrouble()).toMatch(/database/);
  });

  test('is stuck when an activity does not end, and well again when it did', async () => {
    const ends: (() => void)[] = [];
    const activity = health.watch(() => new Promise<void>((resolve) => { ends.push(resolve); }));
    expect(health.busy()).toBe(1);
    await passSeconds(600);
    expect(health.findTrouble()).toBeNull();
    await passSeconds(1);
    expect(health.findTrouble()).toMatch(/ten minutes/);
    for (const end of ends) end();
    await activity;
    expect([health.busy(), health.findTrouble()]).toEqual([0, null]);
  });
});
