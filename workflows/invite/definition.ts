import type { LoopDefinition } from '../../src/domain/program/terms.ts';

/** The invitation: an addressed ask, sent at a good hour, reminded once. Its life is rows and its tenant's sender. */
export const inviteDefinition = {
  key: 'invite',
  title: 'Invitation',
  summary: 'A member, or the app itself, invites people by e-mail or SMS. Each invitation leaves at a permitted hour of its recipient, is reminded, and ends when the person joins, opts out or the time is up.',
  topic: 'invitations',
  trigger: 'POST /v1/invites',
  stages: ['waiting', 'handed_off', 'joined'],
  channels: ['email', 'sms'],
  defaultTerms: {
    channels: ['email'],
    sendRules: {
      // US federal telemarketing hours (47 CFR 64.1200(c)(1)) bind calls and texts; for mail they are a courtesy
      layers: [{ label: 'waking hours', windows: [{ start: '08:00', end: '21:00' }] }],
      minRemainingMinutes: 60,
      policy: 'hold',
    },
    cap: { profile: 'consumer' },
    coolingHours: 24,
    expiresAfterHours: 14 * 24,
    reminders: [{ afterHours: 3 * 24 }],
    existingMembers: 'refuse',
  },
} as const satisfies LoopDefinition;
