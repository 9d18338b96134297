import type { SendTimeRules } from '../send-time/send-time-rules.ts';
import { isPlaceWithin } from './known-places.ts';
import type { LawBook } from './law-book.ts';
import { layerOf } from './law-layer.ts';
import type { LawChannel, LawRule } from './law-rule.ts';

/** Whom a message goes to, as far as law asks, and how. */
export type LawQuestion = {
  /** Candidate places, as `recipientPlaces` gives them. Empty: unknown, so every rule of the book counts. */
  readonly places: readonly string[];
  readonly channel: LawChannel;
  /** Known to be a minor; an uncertain age counts as an adult's. */
  readonly isMinor: boolean;
  /** `as_written`: rules bind the channels they name. `every_channel`: the sender keeps all of them for this one, too. */
  readonly scope: 'as_written' | 'every_channel';
};

export type Law = {
  /** Hours as layers labelled with title and source, days as blackout dates; empty where no law speaks. */
  readonly rules: SendTimeRules;
  /** The rules that bind, in the book's order. */
  readonly ruleIds: readonly string[];
};

const MOST_KEPT = 2_000;
const keptOf = new WeakMap<LawBook, Map<string, Law>>();

/**
 * The law that binds one recipient. The rules of all candidate places combine with AND, which is the strictest reading: a
 * country without a part (`US`) stands for any part of it. A book in which that leaves no time for somebody is not
 * published (`lawBookProblems`). Within one recipient's candidate zones it still may: then a plan says `never` and names
 * the rules, the message is refused for that reason, and knowing the region or the zone lifts it.
 */
export function lawFor(book: LawBook, of: LawQuestion): Law {
  const kept = keptOf.get(book) ?? new Map<string, Law>();
  keptOf.set(book, kept);
  const key = `${of.channel} ${String(of.isMinor)} ${of.scope} ${of.places.join(' ')}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const law = asLaw(book.rules.filter((rule) => binds(rule, of)));
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, law);
  return law;
}

function asLaw(rules: readonly LawRule[]): Law {
  const layers = rules.flatMap((rule) => layerOf(rule) ?? []);
  const dates = [...new Set(rules.flatMap((rule) => rule.dates ?? []))].toSorted();
  return {
    rules: { ...(layers.length === 0 ? {} : { layers }), ...(dates.length === 0 ? {} : { blackoutDates: dates }) },
    ruleIds: rules.map(({ id }) => id),
  };
}

function binds(rule: LawRule, { places, channel, isMinor, scope }: LawQuestion): boolean {
  if (rule.audience === 'minors' && !isMinor) return false;
  if (scope === 'as_written' && !rule.channels.includes(channel)) return false;
  return places.length === 0 || places.some((place) => bindsIn(rule, place));
}

/** An exception frees only who is certain to be there. */
function bindsIn(rule: LawRule, place: string): boolean {
  if (rule.exceptPlaces?.some((except) => isPlaceWithin(place, except)) === true) return false;
  return rule.places.some((bound) => isPlaceWithin(place, bound) || isPlaceWithin(bound, place));
}

/** A rule as people are told of it. */
export type NamedRule = { readonly id: string; readonly title: string; readonly source: LawRule['source']; readonly edition: string };

/** The rules of these ids, in the book's order; ids of other editions that are not in it any more are left out. */
export function nameRules(book: LawBook, ruleIds: readonly string[]): readonly NamedRule[] {
  const wanted = new Set(ruleIds);
  return book.rules.filter(({ id }) => wanted.has(id)).map(({ id, title, source }) => ({ id, title, source, edition: book.edition }));
}

/** Which of these rules close a local date (`YYYY-MM-DD`): a plan's words name the date alone. */
export function rulesClosing(book: LawBook, ruleIds: readonly string[], date: string): readonly NamedRule[] {
  const wanted = new Set(ruleIds);
  return nameRules(book, book.rules.filter((rule) => wanted.has(rule.id) && rule.dates?.includes(date) === true).map(({ id }) => id));
}
