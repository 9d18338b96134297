import fc from 'fast-check';
import { actsFor, isOn, isStopped } from '../../src/domain/preference/choices.ts';
import type { Choice, ChoiceAct, HeldPreference } from '../../src/domain/preference/choices.ts';
import { stateAfter } from '../../src/domain/preference/consent-act.ts';

const TOPICS = ['invitations', 'news', 'offers'];
const CHANNELS = ['email', 'sms'] as const;
const LISTED: Choice[] = TOPICS.flatMap((topic) => CHANNELS.map((channel) => ({ topic, channel })));

const held = fc.uniqueArray(
  fc.record({ topic: fc.constantFrom('*', ...TOPICS), channel: fc.constantFrom('*' as const, ...CHANNELS), state: fc.constantFrom('in' as const, 'out' as const, 'open' as const) }),
  { selector: ({ topic, channel }) => `${topic}.${channel}` },
);
const changes = fc.uniqueArray(
  fc.record({ topic: fc.constantFrom(...TOPICS), channel: fc.constantFrom(...CHANNELS), on: fc.boolean() }),
  { selector: ({ topic, channel }) => `${topic}.${channel}` },
);

function after(before: readonly HeldPreference[], acts: readonly ChoiceAct[]): HeldPreference[] {
  const rows = new Map(before.map((row) => [`${row.topic}.${row.channel}`, row]));
  for (const act of acts) rows.set(`${act.topic}.${act.channel}`, { topic: act.topic, channel: act.channel, state: stateAfter(act) });
  return [...rows.values()];
}

test('after somebody chose, what they changed is as they chose it, and nothing else has changed', () => {
  fc.assert(fc.property(held, changes, (before, chosen) => {
    const now = after(before, actsFor(before, LISTED, chosen));
    for (const choice of LISTED) {
      const change = chosen.find(({ topic, channel }) => topic === choice.topic && channel === choice.channel);
      expect([choice, isOn(now, choice)]).toEqual([choice, change === undefined ? isOn(before, choice) : change.on]);
    }
  }));
});

test('no act opens what nobody chose: without a choice there is none, and to switch off ends no opt-out', () => {
  fc.assert(fc.property(held, changes, (before, chosen) => {
    expect(actsFor(before, LISTED, [])).toEqual([]);
    const offs = chosen.map((change) => ({ ...change, on: false }));
    expect(actsFor(before, LISTED, offs).filter(({ action }) => action === 'granted')).toEqual([]);
  }));
});

test.each<[string, HeldPreference[], Choice, boolean]>([
  ['mail arrives until somebody says no', [], { topic: 'news', channel: 'email' }, true],
  ['a text needs a yes', [], { topic: 'news', channel: 'sms' }, false],
  ['a yes to all texts is one', [{ topic: '*', channel: 'sms', state: 'in' }], { topic: 'news', channel: 'sms' }, true],
  ['a no to the topic stands above a yes to all', [{ topic: '*', channel: '*', state: 'in' }, { topic: 'news', channel: '*', state: 'out' }], { topic: 'news', channel: 'email' }, false],
  ['a no to all stands above a yes to the topic', [{ topic: '*', channel: '*', state: 'out' }, { topic: 'news', channel: 'email', state: 'in' }], { topic: 'news', channel: 'email' }, false],
])('%s', (_what, rows, choice, expected) => {
  expect(isOn(rows, choice)).toBe(expected);
});

test('to switch one topic on again after a stop of all mail leaves the others off', () => {
  const before: HeldPreference[] = [{ topic: '*', channel: 'email', state: 'out' }];
  expect(isStopped(before, 'email')).toBe(true);
  expect(isStopped(before, 'sms')).toBe(false);
  const listed = TOPICS.map((topic): Choice => ({ topic, channel: 'email' }));
  expect(actsFor(before, listed, [{ topic: 'news', channel: 'email', on: true }])).toEqual([
    { topic: '*', channel: 'email', action: 'granted', basis: 'opt_out_ended' },
    { topic: 'invitations', channel: 'email', action: 'withdrawn', basis: null },
    { topic: 'offers', channel: 'email', action: 'withdrawn', basis: null },
  ]);
});

test('to take a stop back opts in to no text, now or about a topic that comes later', () => {
  const before: HeldPreference[] = [{ topic: '*', channel: '*', state: 'out' }];
  const now = after(before, actsFor(before, LISTED, [{ topic: 'news', channel: 'sms', on: true }]));
  expect(isOn(now, { topic: 'news', channel: 'sms' })).toBe(true);
  expect(isOn(now, { topic: 'comes_later', channel: 'sms' })).toBe(false);
});
