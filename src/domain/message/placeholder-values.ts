import { cleanLine } from './clean-text.ts';
import type { FurnitureCopy } from './copy.ts';
import { longDate } from './long-date.ts';
import { fillPlaceholders } from './placeholders.ts';
import type { PlaceholderValues } from './placeholders.ts';

export const NAME_MAX = 80;

/** Who a message is from and about what, as far as its words may name it. */
export type NamedInWords = {
  readonly inviter: { readonly kind: 'member'; readonly name: string | null } | { readonly kind: 'tenant' };
  readonly tenantName: string;
  readonly programTitle: string;
  /** Epoch ms; shown as a date in `zone`. */
  readonly expiresAt: number;
  readonly zone: string;
};

/** What stands for the placeholders, by the invitee's name; names as they may be shown, null where there is none. `dates`: a tag. */
export function placeholderValues(named: NamedInWords, inviter: string | null, furniture: FurnitureCopy, dates: string): (invitee: string | null) => PlaceholderValues {
  const tenantName = cleanLine(named.tenantName, NAME_MAX);
  if (tenantName === '') throw new Error('an invitation needs the tenant\'s name');
  const programTitle = cleanLine(named.programTitle, NAME_MAX);
  const expiryDate = longDate(named.expiresAt, dates, named.zone);
  return (invitee) => {
    const known = { tenantName, programTitle, inviteeName: invitee ?? furniture.nameless, inviterName: '', expiryDate };
    const inviterName = named.inviter.kind === 'tenant' ? tenantName : (inviter ?? fillPlaceholders(furniture.inviterWithoutName, known));
    return { ...known, inviterName };
  };
}
