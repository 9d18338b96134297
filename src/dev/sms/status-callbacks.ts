import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { postWebhook } from './post-webhook.ts';
import type { CallbackPlan } from './sms-fault.ts';
import type { SmsStore, StoredSms } from './sms-store.ts';

export type StatusCallbacks = {
  /** Lets a message live: its statuses one after another, each told to its callback. */
  follow(sms: StoredSms, undeliveredCode: number | null, plan: CallbackPlan): void;
  stop(): Promise<void>;
};

type Told = { readonly status: string; readonly errorCode: number | null };

/** Moves kept messages on and tells it to their callbacks as the plan wants: in any order, late, several times. */
export function statusCallbacks(store: SmsStore, account: { readonly accountSid: string; readonly authToken: string }): StatusCallbacks {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const running = new Set<Promise<void>>();

  async function live(sms: StoredSms, undeliveredCode: number | null, plan: CallbackPlan): Promise<void> {
    const story: Told[] = [{ status: 'queued', errorCode: null }, { status: 'sent', errorCode: null }, undeliveredCode === null ? { status: 'delivered', errorCode: null } : { status: 'undelivered', errorCode: undeliveredCode }];
    const now = Date.now();
    for (const step of story) store.keep({ ...sms, ...step, sentAt: now });
    if (plan.order === 'none' || sms.statusCallback === null) return;
    const told = ordered(story.flatMap((step) => Array.from({ length: plan.times }, () => step)), plan.order);
    for (const step of told) {
      await wait(plan.delayMs, undefined, { signal: stopping.signal });
      await postWebhook(account.authToken, { url: sms.statusCallback, form: formOf(sms, step, account.accountSid) }, stopping.signal);
    }
  }

  return {
    follow(sms, undeliveredCode, plan) {
      const done = live(sms, undeliveredCode, plan).catch(() => undefined).finally(() => running.delete(done));
      running.add(done);
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

function ordered(steps: readonly Told[], order: 'forwards' | 'backwards' | 'shuffled'): Told[] {
  switch (order) {
    case 'forwards':
      return [...steps];
    case 'backwards':
      return steps.toReversed();
    case 'shuffled':
      return steps.map((step) => ({ step, at: Math.random() })).toSorted((a, b) => a.at - b.at).map(({ step }) => step);
  }
}

function formOf({ sid, from, to, messagingServiceSid }: StoredSms, { status, errorCode }: Told, accountSid: string): Record<string, string> {
  return {
    ...{ MessageSid: sid, SmsSid: sid, AccountSid: accountSid, From: from, To: to, MessageStatus: status, SmsStatus: status, ApiVersion: '2010-04-01' },
    ...(messagingServiceSid === null ? {} : { MessagingServiceSid: messagingServiceSid }),
    ...(errorCode === null ? {} : { ErrorCode: String(errorCode) }),
  };
}
