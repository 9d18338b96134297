import { landingState, LANDING_STATUS } from '../../src/domain/landing/landing-state.ts';
import type { LandingFacts } from '../../src/domain/landing/landing-state.ts';

const OPEN: LandingFacts = { isRevoked: false, runOutcome: null, isInviter: false, isUsed: false, accepted: 0, places: null };

test.each<[string, Partial<LandingFacts>, string, number]>([
  ['nothing speaks against it', {}, 'open', 200],
  ['others accepted, and all may', { accepted: 1_000 }, 'open', 200],
  ['one place is left', { accepted: 4, places: 5 }, 'open', 200],
  ['all places are taken', { accepted: 5, places: 5 }, 'full', 403],
  ['it was for one person, who accepted', { isUsed: true }, 'used', 410],
  ['it is the reader\'s own', { isInviter: true, isUsed: true, accepted: 5, places: 5 }, 'own', 200],
  ['the run\'s time was up', { runOutcome: 'expired', isInviter: true }, 'expired', 410],
  ['the run ended otherwise', { runOutcome: 'won', isUsed: true }, 'ended', 410],
  ['it was revoked, whatever else', { isRevoked: true, runOutcome: 'expired', isInviter: true }, 'revoked', 410],
])('%s', (_what, changed, state, status) => {
  const found = landingState({ ...OPEN, ...changed });
  expect([found, LANDING_STATUS[found]]).toEqual([state, status]);
});
