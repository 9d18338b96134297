import type { Layer, Range, SendTimeRules } from '../send-time/send-time-rules.ts';

/** The parties whose rules bind one recipient. All combine with AND; a missing party sets no limit. */
export type RuleParties = {
  law?: SendTimeRules;
  tenant: SendTimeRules;
  program: SendTimeRules;
  /** Quiet hours of a recipient who is a member. */
  memberQuiet?: readonly Range[] | null;
  /** Events of the inviting member (`YYYY-MM-DD`), around which nothing leaves for this many days either side. */
  eventDates?: readonly string[];
  eventBufferDays?: number | undefined;
};

const DAY_MS = 86_400_000;

/**
 * One rule set out of several parties': layers, blackout dates and hard stops are collected; of single values the
 * strictest counts (longest remaining life, shortest delay, latest start, earliest end, drop before hold). Class and
 * fallback zone are the program's to say. Zones are the recipient's alone: `termsProblems` refuses them in a program.
 */
export function combineSendRules(parties: RuleParties): SendTimeRules {
  const sets = [parties.law, parties.tenant, parties.program].filter((set) => set !== undefined);
  const member: Layer[] = parties.memberQuiet == null || parties.memberQuiet.length === 0
    ? []
    : [{ label: 'member quiet hours', quiet: parties.memberQuiet }];
  const remaining = sets.flatMap((set) => set.minRemainingMinutes ?? []);
  const delays = sets.flatMap((set) => set.maxDelayMinutes ?? []);
  const starts = sets.flatMap((set) => set.notBefore ?? []);
  const ends = sets.flatMap((set) => set.expiresAt ?? []);
  return {
    class: parties.program.class ?? 'marketing',
    layers: [...sets.flatMap((set) => set.layers ?? []), ...member],
    hardStops: sets.flatMap((set) => set.hardStops ?? []),
    blackoutDates: [...new Set([
      ...sets.flatMap((set) => set.blackoutDates ?? []),
      ...bufferDays(parties.eventDates ?? [], parties.eventBufferDays ?? 0),
    ])].toSorted(),
    ...(remaining.length > 0 ? { minRemainingMinutes: Math.max(...remaining) } : {}),
    ...(delays.length > 0 ? { maxDelayMinutes: Math.min(...delays) } : {}),
    ...(starts.length > 0 ? { notBefore: starts.toSorted(byInstant).at(-1) } : {}),
    ...(ends.length > 0 ? { expiresAt: ends.toSorted(byInstant)[0] } : {}),
    ...(parties.program.fallbackZone === undefined ? {} : { fallbackZone: parties.program.fallbackZone }),
    policy: sets.some((set) => set.policy === 'drop') ? 'drop' : 'hold',
  };
}

/** The earlier of two instants (ISO 8601), for the end of a send and the like. */
export function earlierOf(a: string | undefined, b: string): string {
  return a !== undefined && byInstant(a, b) < 0 ? a : b;
}

/** The later of two instants (ISO 8601), for the start of a send. */
export function laterOf(a: string | undefined, b: string): string {
  return a !== undefined && byInstant(a, b) > 0 ? a : b;
}

function byInstant(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}

/** Every calendar day within `days` of one of the dates, the date itself included; none at 0 days. */
export function bufferDays(dates: readonly string[], days: number): string[] {
  if (days <= 0) return [];
  return dates.flatMap((date) => {
    const at = Date.parse(`${date}T00:00:00Z`);
    return Number.isNaN(at)
      ? []
      : Array.from({ length: 2 * days + 1 }, (_, i) => new Date(at + (i - days) * DAY_MS).toISOString().slice(0, 10));
  });
}
