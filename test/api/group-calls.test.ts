import { TooLate } from '../../src/api/deadline.ts';
import { groupCalls, groupCallsBy } from '../../src/api/group-calls.ts';
import type { GroupRules } from '../../src/api/group-calls.ts';
import { deferred } from '../../src/dev/deferred.ts';

const POISON = 'poison';
/** To be called before they fail. */
const settled = async (calls: readonly Promise<string>[]): Promise<string[]> =>
  (await Promise.allSettled(calls)).map((call) => (call.status === 'fulfilled' ? call.value : `failed: ${String(call.reason)}`));
const turn = (): Promise<void> => new Promise((done) => { setImmediate(done); });

/** Groups as they were run; each waits until it is let go. */
function openGroups(changed: Partial<GroupRules<string, string>> = {}) {
  const ran: string[][] = [];
  const gates: { resolve(): void }[] = [];
  const call = groupCalls<string, string>({
    most: 3, atOnce: 1, patienceMs: 60_000, mayBeOf: () => true,
    run: async (items) => {
      ran.push([...items]);
      const gate = deferred<void>();
      gates.push(gate);
      await gate.promise;
      if (items.includes(POISON)) throw new Error('spoilt');
      return items.map((item) => `${item}!`);
    },
    ...changed,
  });
  const letAllGo = async (): Promise<void> => {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      if (gates.length > 0) quiet = 0;
      for (const gate of gates.splice(0)) gate.resolve();
      await turn();
    }
  };
  return { ran, call, letAllGo };
}

test('the first leaves at once, and who comes while it is under way goes together with the next, no more than there is room for', async () => {
  const { ran, call, letAllGo } = openGroups();
  const calls = [call('a')];
  await turn();
  expect(ran).toEqual([['a']]);
  calls.push(...['b', 'c', 'd', 'e'].map(call));
  await turn();
  expect(ran).toEqual([['a']]);
  await letAllGo();
  expect(ran).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  expect(await settled(calls)).toEqual(['a!', 'b!', 'c!', 'd!', 'e!']);
});

test('what arrives in one turn is one group', async () => {
  const { ran, call, letAllGo } = openGroups();
  const calls = ['a', 'b'].map(call);
  await letAllGo();
  expect([ran, await settled(calls)]).toEqual([[['a', 'b']], ['a!', 'b!']]);
});

test('one that fails fails alone: each of its group is done by itself', async () => {
  const { ran, call, letAllGo } = openGroups();
  const outcomes = settled(['a', POISON, 'c'].map(call));
  await letAllGo();
  expect(await outcomes).toEqual(['a!', 'failed: Error: spoilt', 'c!']);
  expect(ran).toEqual([['a', POISON, 'c'], ['a'], [POISON], ['c']]);
});

test('a failure that is everybody\'s is told to all, and nothing is tried again; the next group goes', async () => {
  const { ran, call, letAllGo } = openGroups({ mayBeOf: () => false });
  const outcomes = settled(['a', POISON].map(call));
  await letAllGo();
  const next = settled([call('b')]);
  await letAllGo();
  expect([await outcomes, await next]).toEqual([['failed: Error: spoilt', 'failed: Error: spoilt'], ['b!']]);
  expect(ran).toEqual([['a', POISON], ['b']]);
});

test('who waited for too long to be taken along is told so, and is not done any more', async () => {
  const { ran, call, letAllGo } = openGroups({ patienceMs: 0 });
  const [first, second] = [call('a'), call('b')];
  const outcomes = Promise.allSettled([first, second]);
  const sinceMs = performance.now();
  while (performance.now() === sinceMs);
  await letAllGo();
  expect((await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason instanceof TooLate)).toEqual([true, true]);
  expect(ran).toEqual([]);
});

test('nobody waits for another key\'s group', async () => {
  const [held, ran]: [ReturnType<typeof deferred<void>>, string[]] = [deferred<void>(), []];
  const call = groupCallsBy<string, string, string>((key) => ({
    most: 3, atOnce: 1, patienceMs: 60_000, mayBeOf: () => false,
    run: async (items) => {
      ran.push(`${key}: ${items.join(' ')}`);
      if (key === 'slow') await held.promise;
      return items.map((item) => `${key} ${item}`);
    },
  }));
  const slow = [call('slow', 'a'), call('slow', 'b')];
  expect(await Promise.all([call('quick', 'c'), call('quick', 'd')])).toEqual(['quick c', 'quick d']);
  held.resolve();
  expect(await Promise.all(slow)).toEqual(['slow a', 'slow b']);
  expect(ran.toSorted()).toEqual(['quick: c d', 'slow: a b']);
});
