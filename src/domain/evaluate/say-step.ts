import type { Account } from '../ledger/accounts.ts';
import { sayTransfer } from '../ledger/say-transfer.ts';
import type { Transfer } from '../ledger/transfer.ts';
import { amountText } from '../money/amount-text.ts';
import { REWARD_REASONS } from '../reward/reward-reasons.ts';
import type { TriedStep } from './try-course.ts';

/** Who is who, by the id under which a course knows them. */
export type Who = (memberId: string) => string;

/** A step as a sentence. */
export function sayStep(step: TriedStep, who: Who): string {
  if (step.kind === 'refuse') {
    const { ruleKey, memberId, reason, detail } = step.refused;
    return `${ruleKey}: nothing for the ${who(memberId)} (${reason}). ${detail}`;
  }
  const { kind, reward, amountMinor } = step;
  const what = `${reward.ruleKey}: ${amountText(amountMinor, reward.unit)}`;
  switch (kind) {
    case 'grant': return `${what} earned by the ${who(reward.memberId)}, held until ${iso(reward.holdUntil)}${reward.pausedBy === null ? '' : ' and paused'}.`;
    case 'release': return `${what} released to the ${who(reward.memberId)}${reward.expiresAt === null ? '' : `, to be used before ${iso(reward.expiresAt)}`}.`;
    case 'void':
    case 'reverse':
    case 'reduce': return `${what} taken back from the ${who(reward.memberId)}${reward.reason === null ? '' : ` (${reward.reason})`}.`;
    case 'pause': return `${what} paused. ${REWARD_REASONS.under_review}`;
    case 'resume': return `${what} no longer paused.`;
    case 'expire': return `${what} expired unused.`;
    case 'redeem': return `${what} used.`;
    case 'pay': return `${what} paid out.`;
  }
}

/** A transfer as a sentence. */
export function sayBooking({ debit, credit, unit, amountMinor }: Transfer, who: Who): string {
  return `${amountText(amountMinor, unit)} from ${sayAccount(debit, who)} to ${sayAccount(credit, who)}: ${sayTransfer(debit.kind, credit.kind)}.`;
}

function sayAccount({ kind, ownerId }: Account, who: Who): string {
  switch (kind) {
    case 'program_budget': return 'the program\'s budget';
    case 'member_held': return `what is held for the ${who(ownerId)}`;
    case 'member_owed': return `what the ${who(ownerId)} is owed`;
    case 'member_clawback': return `what the ${who(ownerId)} must give back`;
    case 'member_unsettled': return `what is to be settled with the ${who(ownerId)}`;
    case 'disputes': return 'what is paused';
    case 'forfeits': return 'what has expired';
    case 'redeemed': return 'what was used';
    case 'in_transit': return 'payouts under way';
    case 'cash_out': return 'what was paid out';
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
