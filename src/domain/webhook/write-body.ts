/** What an event says on the wire. `sequence` orders the events of one subject: the larger number happened later; numbers may be missing. */
export type WebhookBody = {
  readonly type: string;
  readonly timestamp: string;
  readonly sequence: { readonly of: string; readonly number: number } | null;
  readonly data: Readonly<Record<string, unknown>>;
};

export type WrittenEvent = { readonly type: string; readonly at: number; readonly sequenceOf: string | null; readonly sequence: number | null; readonly data: Readonly<Record<string, unknown>> };

/** The body of a webhook: Standard Webhooks' `type`, `timestamp` (when it happened) and `data`. The same bytes at every try. */
export function writeWebhookBody({ type, at, sequenceOf, sequence, data }: WrittenEvent): string {
  const body: WebhookBody = {
    type,
    timestamp: new Date(at).toISOString(),
    sequence: sequenceOf === null || sequence === null ? null : { of: sequenceOf, number: sequence },
    data,
  };
  return JSON.stringify(body);
}
