import { readMember } from '../../db/read/members.ts';
import type { MemberView } from '../../db/read/members.ts';
import type { Inviter, Offer } from '../../db/read/offer.ts';
import { loadRecipients } from '../../db/read/recipients.ts';
import { located } from '../../db/read/whereabouts.ts';
import { inviterTest, prepareInvitee, readAddress } from '../../db/write/prepare-invitees.ts';
import type { Invitee, Prepared } from '../../db/write/prepare-invitees.ts';
import { CONSENT_BASES } from '../domain/invite/refusal-reasons.ts';
import type { ConsentBasis } from '../domain/invite/refusal-reasons.ts';
import type { PreviewCall } from './message-preview.ts';
import type { PreviewAsked } from './program-preview-body.ts';
import { readInvitee } from './read-invitee.ts';

/** Whoever a preview is for, with what is known of them, as if they were invited now. */
export type PreviewRecipient = {
  readonly prepared: Prepared;
  readonly address: string;
  readonly name: string | null;
  readonly locale: string | null;
  readonly consentBasis: ConsentBasis | null;
  readonly isInviter: boolean;
  readonly byMember: boolean;
};

/** Where nobody is named: no mailbox ever is in this domain (RFC 2606). */
const NOBODY = 'somebody@preview.invalid';

type About = { asked: PreviewAsked; member: MemberView | null; inviter: Inviter | null; offer: Offer; now: number };

/** Reads a recipient as accepting an invite would. Consent that is not given is taken for one that the program accepts. */
export async function readPreviewRecipient({ tx, tenantId, services: { keyring } }: PreviewCall, { asked, member, inviter, offer, now }: About): Promise<PreviewRecipient> {
  const given = asked.member?.consent ?? asked.invitee?.consent;
  const consent = given ?? { basis: offer.terms.consentBases?.[0] ?? (inviter === null ? 'opt_in' : 'inviter_attested') };
  const invitee: Invitee = member === null
    ? readInvitee({ ...asked.invitee, email: asked.invitee?.email ?? NOBODY, consent })
    : readInvitee({ email: member.email ?? '', consent, relationship: asked.member?.relationship });
  const addressed = readAddress(tenantId, keyring, invitee, offer.terms.channels);
  const known = await loadRecipients(tx, { tenantId, topic: offer.topic, recipients: addressed.hash === null ? [] : [{ hash: addressed.hash, phoneHash: addressed.phone?.hash ?? null }], now });
  const prepared = prepareInvitee(addressed, known, offer);
  // the address of somebody who is a member: what the member says of itself counts, as when it is sent
  const memberId = prepared.known?.memberId ?? null;
  const itself = member ?? (memberId === null ? null : await readMember(tx, { keyring, tenantId }, { id: memberId }));
  return {
    prepared: member !== null && prepared.known === null ? withoutAddress(prepared, member, offer) : prepared,
    address: addressed.email ?? NOBODY,
    name: member?.name ?? invitee.name ?? null,
    locale: itself?.locale ?? invitee.locale ?? null,
    consentBasis: CONSENT_BASES.find((basis) => basis === consent.basis) ?? null,
    isInviter: inviterTest(tenantId, keyring, inviter)(addressed),
    byMember: inviter !== null,
  };
}

/** A member without an address cannot be written to; when it could be is told all the same. */
function withoutAddress(prepared: Prepared, member: MemberView, offer: Offer): Prepared {
  const plans = {
    ...located({
      zones: [member.zone ?? offer.tenantZone],
      zoneSource: member.zone === null ? 'tenant' as const : member.zoneSource ?? 'explicit' as const,
      places: member.place === null ? [] : [member.place],
    }),
    memberQuiet: member.quietHours,
    isMinor: member.isMinor,
    channel: prepared.channel,
  };
  return { ...prepared, plans, planKey: JSON.stringify(Object.values(plans)) };
}
