/** The life of a delivery: one event on its way to one endpoint. */
export const DELIVERY_STATES = {
  waiting: 'It is due, or tried again later.',
  delivered: 'The endpoint answered with a status from 200 to 299.',
  failed: 'Given up: the last try of the schedule failed, the endpoint is gone, or its address may not be called.',
  canceled: 'Not sent, because its endpoint was disabled or deleted meanwhile.',
} as const;
export type DeliveryState = keyof typeof DELIVERY_STATES;

/** Why an endpoint gets nothing any more. */
export const DISABLED_REASONS = {
  by_you: 'Disabled through the API.',
  gone: 'The endpoint answered 410 Gone.',
  failing: 'Deliveries were given up, and nothing had got through for five days.',
} as const;
export type DisabledReason = keyof typeof DISABLED_REASONS;

/** What one try came to. */
export const ATTEMPT_OUTCOMES = ['delivered', 'retry', 'gone', 'refused'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** Why a try did not deliver, or why a delivery ended without one. */
export const DELIVERY_REASONS = {
  http_status: 'The endpoint answered with another status than 200 to 299.',
  redirect: 'The endpoint answered with a redirect. Redirects are not followed: give the endpoint its final address.',
  timeout: 'The endpoint did not answer within 15 seconds.',
  dns: 'The name of the endpoint\'s host could not be resolved.',
  connection: 'The connection could not be made, or was lost before an answer.',
  tls: 'The certificate of the endpoint is not valid for its name.',
  gone: 'The endpoint answered 410 Gone and was disabled.',
  internal_address: 'The host leads to an internal address, which is never called.',
  bad_url: 'The address of the endpoint cannot be called.',
  internal_error: 'Something failed on our side.',
  endpoint_disabled: 'The endpoint was disabled before the delivery left.',
  endpoint_deleted: 'The endpoint was deleted before the delivery left.',
} as const;
export type DeliveryReason = keyof typeof DELIVERY_REASONS;

export const isDeliveryState = (text: string): text is DeliveryState => Object.hasOwn(DELIVERY_STATES, text);
export const isDeliveryReason = (text: string): text is DeliveryReason => Object.hasOwn(DELIVERY_REASONS, text);
