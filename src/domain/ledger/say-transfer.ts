import { ACCOUNT_KINDS, type AccountKind } from './accounts.ts';

/** What a transfer between two kinds of accounts means, for people: by where it comes from, then by where it goes. */
const WORDS: Readonly<Partial<Record<AccountKind, Readonly<Partial<Record<AccountKind, string>>>>>> = {
  program_budget: { member_held: 'Earned; held until the end of its hold' },
  member_held: {
    member_owed: 'Released: it can be used or paid out',
    program_budget: 'Taken back while it was held',
    disputes: 'Paused while a dispute or review is open',
  },
  disputes: {
    member_held: 'The pause is over; held as before',
    member_owed: 'The pause is over; it can be used or paid out',
    program_budget: 'Taken back after a pause',
  },
  member_owed: {
    program_budget: 'Taken back after its release',
    disputes: 'Paused while a dispute or review is open',
    forfeits: 'Expired unused',
    redeemed: 'Used',
    in_transit: 'Sent out as a payout',
    member_clawback: 'Kept back from a payout for what was to be given back',
    member_unsettled: 'Set against what was taken back while a payout was under way',
  },
  member_clawback: {
    program_budget: 'Taken back after it was used or paid: to be given back',
    member_owed: 'Was kept back from a payout that did not go through; it is open again',
    member_unsettled: 'Was taken back while a payout was under way that has gone through: to be given back',
  },
  member_unsettled: { program_budget: 'Taken back while its payout is under way; settled when that ends' },
  in_transit: { cash_out: 'Paid out', member_owed: 'The payout did not go through; it can be paid out again' },
};

/** A transfer in plain words; one of a kind that we do not book is named by its accounts. */
export function sayTransfer(debit: AccountKind, credit: AccountKind): string {
  return WORDS[debit]?.[credit] ?? `From: ${ACCOUNT_KINDS[debit].says} To: ${ACCOUNT_KINDS[credit].says}`;
}
