import type { Channel } from '../message/channel.ts';
import { ALL, OPT_OUT_ENDED } from './consent-act.ts';
import type { ConsentAction, ConsentChannel, PreferenceState } from './consent-act.ts';

/** What holds of one address, as stored: `*` stands for all topics or channels. */
export type HeldPreference = { topic: string; channel: ConsentChannel; state: PreferenceState };

/** One thing that somebody can switch on and off. */
export type Choice = { topic: string; channel: Channel };

/** One act to record. */
export type ChoiceAct = { topic: string; channel: ConsentChannel; action: ConsentAction; basis: 'opt_in' | typeof OPT_OUT_ENDED | null };

/** By mail what nobody said no to arrives; by SMS only what somebody said yes to. An opt-out that covers it stands above all. */
export function isOn(held: readonly HeldPreference[], { topic, channel }: Choice): boolean {
  const covering = held.filter((row) => covers(row, { topic, channel }));
  if (covering.some(({ state }) => state === 'out')) return false;
  return channel === 'email' || covering.some(({ state }) => state === 'in');
}

/** All topics by all channels, or by this one: nothing is left to choose. */
export function isStopped(held: readonly HeldPreference[], channel: Channel): boolean {
  return held.some((row) => row.state === 'out' && row.topic === ALL && (row.channel === ALL || row.channel === channel));
}

/**
 * The acts by which one address's choices become what somebody chose, as few as possible. Only what differs from what
 * the page showed is an act of theirs. To switch on what a wider opt-out covers, that opt-out is taken back (which opts in
 * to nothing), and all else that it covered and stays off is switched off by itself.
 */
export function actsFor(held: readonly HeldPreference[], listed: readonly Choice[], changes: readonly (Choice & { on: boolean })[]): ChoiceAct[] {
  const wanted = new Map(listed.map((choice) => [keyOf(choice), { ...choice, on: isOn(held, choice) }]));
  for (const { topic, channel, on } of changes) wanted.set(keyOf({ topic, channel }), { topic, channel, on });
  const ended = held.filter((row) => row.state === 'out' && isWide(row) && changes.some((change) => change.on && covers(row, change)));
  const acts = new Map<string, ChoiceAct>(ended.map(({ topic, channel }) => [keyOf({ topic, channel }), { topic, channel, action: 'granted', basis: OPT_OUT_ENDED }]));
  const after = held.map((row): HeldPreference => (ended.includes(row) ? { ...row, state: 'open' } : row));
  for (const { topic, channel, on } of wanted.values()) {
    const isChanged = changes.some((change) => change.topic === topic && change.channel === channel);
    const own = after.find((row) => row.topic === topic && row.channel === channel);
    // An answer of one's own is said in so many words, even where a wider one would do.
    const isSaid = !isChanged || own?.state === (on ? 'in' : 'out') || (on && own === undefined && channel === 'email');
    if (isOn(after, { topic, channel }) !== on || !isSaid) acts.set(keyOf({ topic, channel }), on ? { topic, channel, action: 'granted', basis: 'opt_in' } : { topic, channel, action: 'withdrawn', basis: null });
  }
  return [...acts.values()];
}

function covers(row: HeldPreference, { topic, channel }: Choice): boolean {
  return (row.topic === ALL || row.topic === topic) && (row.channel === ALL || row.channel === channel);
}

function isWide({ topic, channel }: HeldPreference): boolean {
  return topic === ALL || channel === ALL;
}

function keyOf({ topic, channel }: { topic: string; channel: string }): string {
  return `${topic}.${channel}`;
}
