import { perItem, type Goal, type Measured, type Row } from '../lane.ts';
import { median } from './statistics.ts';

type RateRow = {
  readonly lane: string;
  readonly what: string;
  readonly unit: string;
  /** How many of `unit` a round does, and how many items CPU and write-ahead log are told for. */
  readonly perRound: number;
  readonly items: number;
  readonly ours: readonly Measured[];
  readonly reference: { readonly name: string; readonly perRound?: number; readonly measured: readonly Measured[] } | null;
  readonly goal: Goal;
  readonly exactlyOnce: string;
};

/** A line about a rate: medians over the rounds; the ratio is the median of the rounds' own, since machines have moods. */
export function rateRow({ lane, what, unit, perRound, items, ours, reference, goal, exactlyOnce }: RateRow): Row {
  const our = ours.map(({ ms }) => perRound / ms * 1000);
  const their = (reference?.measured ?? []).map(({ ms }) => (reference?.perRound ?? perRound) / ms * 1000);
  const of = (pick: (measured: Measured) => number, list: readonly Measured[] = ours): number => median(list.map(pick));
  return {
    lane, what, unit, ours: median(our), goal, exactlyOnce,
    reference: reference === null ? null : { name: reference.name, value: median(their) },
    judged: reference === null ? median(our) : median(our.map((one, i) => one / (their[i] ?? Number.NaN))),
    rounds: { ours: our, reference: their },
    cpuMsPerItem: perItem({ product: of(({ cpu }) => cpu.product), postgres: of(({ cpu }) => cpu.postgres), temporal: of(({ cpu }) => cpu.temporal) }, items),
    walBytesPerItem: of(({ walBytes }) => walBytes) / items,
    ...(reference === null || reference.perRound !== undefined ? {} : { referenceWalBytesPerItem: of(({ walBytes }) => walBytes, reference.measured) / items }),
  };
}

/** A line about one figure of each round, held against the reference's. */
export function figureRow(row: Omit<Row, 'ours' | 'judged' | 'rounds' | 'reference'> & { ours: readonly number[]; reference: { name: string; values: readonly number[] } | null; judge: 'ours' | 'ratio' }): Row {
  const { ours, reference, judge, ...rest } = row;
  const theirs = reference?.values ?? [];
  return {
    ...rest, ours: median(ours), rounds: { ours, reference: theirs },
    reference: reference === null ? null : { name: reference.name, value: median(theirs) },
    judged: judge === 'ours' ? median(ours) : median(ours.map((one, i) => one / (theirs[i] ?? Number.NaN))),
  };
}

export function perSecond(items: number, { ms }: Measured): string {
  return `${String(Math.round(items / ms * 1000))}/s`;
}
