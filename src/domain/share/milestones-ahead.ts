import type { Unit } from '../money/unit.ts';
import type { MilestoneRule } from '../reward/reward-terms.ts';

/** How many friends got how far, in one program. */
export type ProgramCounts = { readonly signedUp: number; readonly activated: number; readonly converted: number };

/** The next step of a milestone: so many have got there of so many. */
export type MilestoneAhead = {
  readonly key: string;
  readonly counts: MilestoneRule['counts'];
  readonly have: number;
  readonly reached: number;
  readonly unit: Unit;
  readonly amountMinor: number;
};

/** Of each milestone the lowest step that is not reached; none where all are. */
export function milestonesAhead(rules: readonly MilestoneRule[], counts: ProgramCounts): MilestoneAhead[] {
  return rules.flatMap(({ key, counts: counted, tiers }): MilestoneAhead[] => {
    const have = haveOf(counted, counts);
    const [next] = tiers.filter(({ reached }) => reached > have).toSorted((a, b) => a.reached - b.reached);
    return next === undefined ? [] : [{ key, counts: counted, have, reached: next.reached, unit: next.unit, amountMinor: next.amountMinor }];
  });
}

function haveOf(counted: MilestoneRule['counts'], { signedUp, activated, converted }: ProgramCounts): number {
  switch (counted) {
    case 'signed_up': return signedUp;
    case 'activated': return activated;
    case 'converted': return converted;
  }
}
