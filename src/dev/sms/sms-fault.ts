import { z } from 'zod';

/**
 * What may go wrong with a message:
 * `refused`: an error answers the request, nothing is kept. `undelivered`: taken, and a callback brings the code.
 * `busy`: 429. `fails_before` and `fails_after`: a 500 before it is kept, or after. `silent_after`: kept, never answered.
 * `hangs_up_before` and `hangs_up_after`: the connection ends without an answer. `garbled`: kept, answered with nonsense.
 */
export const smsFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('refused'), code: z.int().min(10_000).max(99_999), status: z.int().min(400).max(499).default(400) }),
  z.strictObject({ kind: z.literal('undelivered'), code: z.int().min(10_000).max(99_999) }),
  z.strictObject({ kind: z.literal('busy'), retryAfterSeconds: z.int().min(0).max(3600).optional() }),
  z.strictObject({ kind: z.enum(['fails_before', 'fails_after', 'silent_after', 'hangs_up_before', 'hangs_up_after', 'garbled']) }),
]);
export type SmsFault = z.output<typeof smsFault>;

/** Asked for each message; undefined: all goes well. */
export type SmsFaultPlan = (sms: { readonly to: string; readonly body: string }) => SmsFault | undefined;

/** How status callbacks are sent. `none`: never. */
export const callbackPlan = z.strictObject({
  order: z.enum(['forwards', 'backwards', 'shuffled', 'none']).default('forwards'),
  /** How often each is sent. */
  times: z.int().min(1).max(5).default(1),
  /** Before each of them. */
  delayMs: z.int().min(0).max(600_000).default(50),
});
export type CallbackPlan = z.output<typeof callbackPlan>;

/** Phones whose number ends so fail so: for trying things out by hand. */
export const FAULTY_ENDINGS: readonly (readonly [ending: string, fault: SmsFault])[] = [
  ['21610', { kind: 'refused', code: 21610, status: 400 }],
  ['21211', { kind: 'refused', code: 21211, status: 400 }],
  ['21614', { kind: 'refused', code: 21614, status: 400 }],
  ['30003', { kind: 'undelivered', code: 30003 }],
  ['30007', { kind: 'undelivered', code: 30007 }],
  ['00429', { kind: 'busy', retryAfterSeconds: 5 }],
  ['00500', { kind: 'fails_before' }],
  ['00501', { kind: 'fails_after' }],
  ['00504', { kind: 'silent_after' }],
];

export function faultByNumber(phone: string): SmsFault | undefined {
  return FAULTY_ENDINGS.find(([ending]) => phone.endsWith(ending))?.[1];
}

/** A fault for one number or for all, for so many messages or for good. */
export const faultRule = z.strictObject({ to: z.string().max(20).optional(), fault: smsFault, times: z.int().min(1).max(1_000_000).optional() });
export type FaultRule = z.output<typeof faultRule>;

/** The rules as a plan: the first that fits is used up once; without one the number's ending decides. */
export function planOf(rules: readonly FaultRule[]): SmsFaultPlan {
  const left = rules.map((rule) => ({ ...rule, times: rule.times ?? Infinity }));
  return ({ to }) => {
    const rule = left.find((one) => one.times > 0 && (one.to === undefined || one.to === to));
    if (rule === undefined) return faultByNumber(to);
    rule.times -= 1;
    return rule.fault;
  };
}
