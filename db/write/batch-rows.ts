import type { BatchId, ContactId, MemberId, RunId, TenantId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { InviteDecision } from '../../src/domain/invite/decide-invites.ts';
import type { ZoneOrigin } from '../../src/domain/zone/zone-candidates.ts';
import type { Offer } from '../read/offer.ts';

/** The contact an accepted invite goes to. `id` is only a proposal where the contact is new. */
export type ContactRow = {
  id: ContactId;
  isNew: boolean;
  emailSealed: Buffer | null;
  phoneSealed: Buffer | null;
  nameSealed: Buffer | null;
  zones: readonly string[];
  zoneSource: ZoneOrigin;
  places: readonly string[];
  /** Zones or places are others than those known. */
  moved: boolean;
  locale: string | null;
};

export type InviteRow = {
  n: number;
  /** Who it goes to: of the mailbox, without one of the phone. */
  hash: Buffer | null;
  channel: Channel;
  phoneHash: Buffer | null;
  relationship: string | null;
  consentBasis: string | null;
  decision: InviteDecision;
  contact: ContactRow | null;
};

export type BatchToWrite = {
  batchId: BatchId;
  tenantId: TenantId;
  offer: Offer;
  memberId: MemberId | null;
  /** Does each invite remember where it counts in the inviter's cap? */
  keepsPlaces: boolean;
  now: number;
  expiresAt: number;
  coolUntil: number;
  run: { readonly runId: RunId; readonly step: string } | null;
  actor: string;
  rows: readonly InviteRow[];
};
