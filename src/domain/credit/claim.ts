import type { MemberId, ProgramId } from '../ids.ts';

/** How sure we are that this is the way by which somebody came. Stored with the credit. */
export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/**
 * What may speak for a referrer. A higher rank wins whatever the times: a code somebody typed is their own word, a
 * guess from the network is only taken where nothing better speaks. `sentAlong`: the sign-up itself carried it.
 */
export const CLAIM_KINDS = {
  typed_code: { rank: 2, confidence: 'high', sentAlong: true, says: 'a code typed at sign-up' },
  click_id: { rank: 1, confidence: 'high', sentAlong: true, says: 'a visit that the sign-up named' },
  guest_token: { rank: 1, confidence: 'high', sentAlong: true, says: 'a guest who signed up' },
  same_visitor: { rank: 1, confidence: 'medium', sentAlong: false, says: 'a visit with the same visitor id' },
  invited_contact: { rank: 1, confidence: 'medium', sentAlong: false, says: 'an invite to the address that signed up' },
  same_network: { rank: 0, confidence: 'low', sentAlong: false, says: 'a visit from the same network and device class' },
} as const satisfies Readonly<Record<string, { rank: number; confidence: Confidence; sentAlong: boolean; says: string }>>;
export type ClaimKind = keyof typeof CLAIM_KINDS;

/** One touch or typed code that names a referrer. Its id comes from the fact it stands for. */
export type Claim = {
  readonly id: string;
  readonly kind: ClaimKind;
  readonly programId: ProgramId;
  readonly referrerId: MemberId;
  /** When it happened by our clock (epoch ms): the visit, the invite, the typing. */
  readonly at: number;
};

/** What a sign-up carried came before it, whatever two clocks say; anything else counts by its own time. */
export function claimedAt(claim: Claim, signedUpAt: number): number {
  return CLAIM_KINDS[claim.kind].sentAlong ? Math.min(claim.at, signedUpAt) : claim.at;
}
