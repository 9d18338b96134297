import type { LoopDefinition } from '../../src/domain/program/terms.ts';
import { REFERRAL_OUTCOMES, REFERRAL_STAGES } from '../../src/domain/referral/look.ts';
import type { RunDefinition } from '../kit/run-definition.ts';

/** The referral: somebody signed up through a member. Its terms say what both earn; its run keeps what is earned until it may be released. */
export const referralDefinition = {
  key: 'referral',
  title: 'Referral',
  summary: 'A member brings somebody, by a personal link or code. What both sides earn by first value and payments is held until the refund window is over, then released; a refund takes its part back.',
  topic: 'referrals',
  trigger: 'a signed_up event that is credited to a member',
  stages: ['attributed', 'activated', 'qualified', 'holding', 'paused'],
  channels: ['email', 'sms'],
  defaultTerms: {
    channels: ['email'],
    sendRules: {
      // News of a reward is no reason to wake anybody: the hours that US federal law sets for calls and texts (47 CFR 64.1200(c)(1))
      layers: [{ label: 'waking hours', windows: [{ start: '08:00', end: '21:00' }] }],
      minRemainingMinutes: 60,
      policy: 'hold',
    },
    cap: { profile: 'consumer' },
    coolingHours: 24,
    expiresAfterHours: 14 * 24,
    reminders: [],
    existingMembers: 'refuse',
  },
} as const satisfies LoopDefinition;

/** Its run. The id is the referral's; what it is told says only that something of the referral changed: the rows say what. */
export const referralLife = {
  key: 'referral',
  stages: REFERRAL_STAGES,
  facts: { changed: {} },
  outcomes: REFERRAL_OUTCOMES,
} as const satisfies RunDefinition;
