import type { InviteContext } from '../../src/domain/message/render-invite.ts';
import { inviteCopy } from '../../workflows/invite/copy.ts';

export function sampleContext(changes: Partial<InviteContext> = {}): InviteContext {
  return {
    copy: inviteCopy,
    step: 0,
    locale: 'en-GB',
    inviter: { kind: 'member', name: 'Ana' },
    inviteeName: 'Ben',
    relationship: 'friend',
    consentBasis: 'inviter_attested',
    tenantName: 'Lumen',
    postalAddress: 'Lumen Ltd\n1 Harbour Street\nCork, Ireland',
    programTitle: 'A month of piano lessons',
    linkUrl: 'https://go.lumen.example/l/k7m2p9qx4w',
    unsubscribeUrl: 'https://go.lumen.example/u/t0k3n-t0k3n-t0k3n-t0k3n',
    expiresAt: Date.UTC(2026, 5, 24, 9, 0),
    zone: 'Europe/Dublin',
    ...changes,
  };
}
