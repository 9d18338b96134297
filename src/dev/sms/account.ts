import type { CallbackPlan, SmsFaultPlan } from './sms-fault.ts';

export type StandInAccount = {
  readonly accountSid: string;
  readonly authToken: string;
  /** The number that messages come from when a messaging service sends them. */
  readonly number: string;
};

/** What the tests may change while it runs. */
export type Behaviour = { plan: SmsFaultPlan; callbacks: CallbackPlan };
