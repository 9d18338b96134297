/** What an entry of a story is about. Public: an app may choose by it. */
export const ENTRY_KINDS = [
  'accepted', 'refused', 'planned', 'planned_again', 'no_time_left', 'held', 'released', 'rules_changed',
  'claimed', 'put_off', 'handed_off', 'unknown', 'given_up', 'reminder_planned', 'reminder_let_go',
  'delivered', 'bounced', 'complained', 'clicked', 'viewed', 'event',
  'opted_out', 'suppressed', 'joined', 'canceled', 'expired', 'decided',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export const SOURCE_KINDS = ['decision', 'message', 'attempt', 'receipt', 'touch', 'event', 'suppression', 'program', 'tenant', 'hard_stop', 'invite'] as const;

/** The row an entry was read from. */
export type EntrySource = { readonly kind: (typeof SOURCE_KINDS)[number]; readonly id: string };

export type Inputs = Readonly<Record<string, unknown>>;

/** One thing that happened: when (epoch ms), what (a sentence), by which rule, from which inputs, by whom, and where it is kept. */
export type StoryEntry = {
  readonly at: number;
  readonly kind: EntryKind;
  readonly title: string;
  readonly rule: string;
  readonly inputs: Inputs;
  readonly actor: string;
  readonly source: EntrySource;
};

/** Of entries of one instant, what comes first: causes before what they bring about. */
const RANK: Readonly<Record<EntryKind, number>> = {
  accepted: 0, event: 1, rules_changed: 2, released: 3, planned: 4, held: 5, planned_again: 6, no_time_left: 6,
  claimed: 7, put_off: 8, unknown: 8, handed_off: 9, reminder_planned: 10, reminder_let_go: 10, delivered: 11, bounced: 11, viewed: 12, clicked: 12, complained: 13,
  refused: 14, opted_out: 14, decided: 15, suppressed: 16, canceled: 16, joined: 17, given_up: 18, expired: 18,
};

/** Entries in the order of time; equal instants by cause and effect, else as given. */
export function inOrder(entries: readonly StoryEntry[]): StoryEntry[] {
  return entries.toSorted((a, b) => a.at - b.at || RANK[a.kind] - RANK[b.kind]);
}

/** Inputs without what is not known; instants under names in `…At` or `since` as ISO 8601. */
export function given(inputs: Inputs): Inputs {
  return Object.fromEntries(Object.entries(inputs).flatMap(([name, value]) => {
    if (value === null || value === undefined) return [];
    return [[name, typeof value === 'number' && /(?:At|^at|^since|Until)$/.test(name) ? new Date(value).toISOString() : value]];
  }));
}
