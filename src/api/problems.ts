/**
 * The one table of what can go wrong: code -> status, title, what to do about it. It feeds the answers
 * (RFC 9457), the OpenAPI document and the page /docs/problems. A code, once published, keeps its meaning.
 */
type ProblemKind = { readonly status: number; readonly title: string; readonly advice: string; readonly retryAfterSeconds?: number };

const kinds = {
  malformed_http: { status: 400, title: 'This is no HTTP request that can be read', advice: 'Send HTTP/1.1 with one length: `Content-Length` or `Transfer-Encoding: chunked`, never both, and no header over several lines.' },
  malformed_json: { status: 400, title: 'The body is not JSON', advice: 'Send one JSON document in UTF-8.' },
  malformed_csv: { status: 400, title: 'The body is no CSV file that can be read', advice: 'Send comma-separated values in UTF-8 (RFC 4180) whose first row names the columns.' },
  invalid_request: { status: 400, title: 'The request does not fit this route', advice: 'Correct the places named in `errors` and send it again. Unknown fields are refused.' },
  invalid_cursor: { status: 400, title: 'The cursor is not one of this list', advice: 'Use `nextCursor` of the page before, unaltered and for the same list; leave `cursor` out to start at the beginning.' },
  invalid_send_rules: { status: 400, title: 'The send rules cannot be used', advice: 'Correct the rules named in `errors`. `POST /v1/send-times/preview` shows what rules do before they are saved.' },
  invalid_terms: { status: 400, title: 'The program\'s terms cannot be used', advice: 'Correct the terms named in `errors`.' },
  destination_not_allowed: { status: 400, title: 'A link may not lead there', advice: 'Use an https:// address whose host is on your tenant\'s list of allowed destinations.' },
  webhook_url_refused: { status: 400, title: 'Webhooks may not go to this address', advice: 'Give an https:// address that is reached from the internet, without user and fragment.' },
  currency_not_supported: { status: 400, title: 'No books are kept in this currency', advice: 'Give an ISO 4217 code such as EUR.' },
  idempotency_key_required: { status: 400, title: 'This request needs an Idempotency-Key', advice: 'Send the header `Idempotency-Key` with 1 to 255 printable ASCII characters, a fresh one for each thing you want done and the same one when you repeat a request.' },
  key_missing: { status: 401, title: 'No secret key was sent', advice: 'Send the header `Authorization: Bearer sk_…`.' },
  key_unknown: { status: 401, title: 'This secret key is not known', advice: 'Check that the key was copied completely, and that it belongs to this deployment.' },
  key_revoked: { status: 401, title: 'This secret key was revoked', advice: 'Use another key of your tenant, or have one made.' },
  key_expired: { status: 401, title: 'This secret key has expired', advice: 'Use another key of your tenant, or have one made.' },
  wrong_key_kind: { status: 401, title: 'This kind of key does not open this', advice: 'Servers send `Authorization: Bearer sk_…`. Browsers and apps send `X-Flywheel-Key: pk_…` beside a member\'s token, to the routes that take it; never give them a secret key.' },
  member_token_missing: { status: 401, title: 'No member\'s token was sent', advice: 'Beside `X-Flywheel-Key` send `Authorization: Bearer mt_…`: your server makes one with `POST /v1/members/{id}/tokens`.' },
  member_token_unknown: { status: 401, title: 'This member\'s token is none of this app\'s', advice: 'Send the token as your server got it, with a publishable key of the same app.' },
  member_token_expired: { status: 401, title: 'The member\'s token has expired', advice: 'Have your server make the next one with `POST /v1/members/{id}/tokens`; each is good for an hour.' },
  member_token_revoked: { status: 401, title: 'The member\'s tokens were taken back', advice: 'Have the member sign in again; then your server makes the next one with `POST /v1/members/{id}/tokens`.' },
  origin_not_allowed: { status: 403, title: 'Pages of this origin may not use the key', advice: 'Make a key that lists the page\'s origin, such as https://app.example.com: whole, with https and without a path. Pages on http://localhost take a key made for development.' },
  signature_invalid: { status: 403, title: 'The request is not signed by who alone may send it', advice: 'Only the SMS vendor calls this address. Where it was refused: `TWILIO_AUTH_TOKEN` is the account\'s, and `TWILIO_WEBHOOK_URL` the address the vendor calls.' },
  billing_signature_invalid: { status: 400, title: 'The webhook is not signed by the billing vendor', advice: 'Only the vendor calls this address. Where its own call was refused: the signing secret at `PUT /v1/billing/stripe` is the endpoint\'s, the body arrives unaltered, and the clocks agree to five minutes.' },
  not_found: { status: 404, title: 'There is nothing under this id', advice: 'Check the id. What belongs to another tenant is not found either.' },
  route_not_found: { status: 404, title: 'There is no such route', advice: 'See /docs for every route; paths are case-sensitive and have no slash at the end.' },
  method_not_allowed: { status: 405, title: 'This route does not know that method', advice: 'Use one of the methods named in the header `Allow`.' },
  request_too_slow: { status: 408, title: 'The request did not arrive in time', advice: 'Send the headers within 15 seconds and the body within another 15. Nothing was done: repeat it with the same Idempotency-Key, in smaller parts if your connection is slow.' },
  program_closed: { status: 409, title: 'The program is closed', advice: 'Open it again with `POST /v1/programs/{id}/reopen`, or name another program; then send the request with a fresh Idempotency-Key.' },
  minor_not_allowed: { status: 409, title: 'Somebody in it is a minor', advice: 'The loop is not for minors, or needs a parent\'s word: set `parentAllows` of the member when a parent has given it.' },
  program_paused: { status: 409, title: 'The program is paused', advice: 'Resume it with `POST /v1/programs/{id}/resume`, then send the request again with a fresh Idempotency-Key.' },
  channel_not_available: { status: 409, title: 'This deployment cannot send by that channel', advice: 'Leave `sms` out of the program\'s channels, or have the operator set up an SMS vendor (`TWILIO_ACCOUNT_SID` and what goes with it).' },
  nothing_to_pay_out: { status: 409, title: 'There is nothing to pay out', advice: '`POST /v1/payout-batches/preview` says who is left out and why.' },
  payout_state: { status: 409, title: 'The payout or batch does not stand so that this could be done', advice: 'Read it to see how it stands. What has left can no longer be canceled, and what has ended stays so.' },
  payout_rail_missing: { status: 409, title: 'No rail was chosen for payouts', advice: 'Choose one with `PUT /v1/payout-rail`, then approve the batch with a fresh Idempotency-Key.' },
  payouts_under_way: { status: 409, title: 'Payouts are under way by this rail', advice: 'Wait until they have ended, or cancel those that have not left; then change the address. The secret may be changed at any time: send it with the address as it is.' },
  run_steered_elsewhere: { status: 409, title: 'A run of this loop is not steered that way', advice: 'Do what `detail` names instead.' },
  request_in_progress: { status: 409, title: 'The same request is still running', advice: 'Repeat it after the seconds named in the header `Retry-After`; you will then get its answer.', retryAfterSeconds: 1 },
  too_many_webhook_endpoints: { status: 409, title: 'There are as many endpoints for webhooks as there may be', advice: 'Delete one that is not needed, or let one endpoint take more types.' },
  webhook_endpoint_disabled: { status: 409, title: 'The endpoint is disabled or deleted', advice: 'Enable it with `PATCH /v1/webhook-endpoints/{id}` and `{"enabled": true}`, then send again with a fresh Idempotency-Key.' },
  correction_not_possible: { status: 409, title: 'The credit cannot go to this member', advice: 'Nobody is credited for themselves, nor for somebody who stands above them in the graph of who brought whom. Name another referrer, or open a review.' },
  reward_conflict: { status: 409, title: 'The reward does not stand so that this could be done', advice: 'Read it with `GET /v1/rewards/{id}`: `why` says how it stands and what it waits for.' },
  too_many_streams: { status: 429, title: 'As many streams are open as there may be', advice: 'Close the streams of pages that nobody looks at; one for each page that is open is enough. Poll `GET /v1/feed` meanwhile.', retryAfterSeconds: 30 },
  too_late: { status: 409, title: 'It is too late for that', advice: 'The message is leaving or has left. Read the resource to see what became of it.' },
  body_too_large: { status: 413, title: 'The body is larger than 1 MB', advice: 'Send fewer rows a request.' },
  file_too_large: { status: 413, title: 'The file, or a row of it, is larger than an import may be', advice: 'Send at most 50 MB and 100,000 rows in one file, and at most 65,536 characters in one row. Nothing was stored.' },
  unsupported_media_type: { status: 415, title: 'The body is not sent as JSON', advice: 'Send `Content-Type: application/json` in UTF-8.' },
  csv_expected: { status: 415, title: 'The body is not sent as CSV', advice: 'Send `Content-Type: text/csv` in UTF-8, not packed.' },
  idempotency_key_reused: { status: 422, title: 'This Idempotency-Key was used for another request', advice: 'Use a fresh key for a new request; repeat an old one with the same method, path and body.' },
  headers_too_large: { status: 431, title: 'The headers are larger than 16 KB', advice: 'Send shorter headers, or a shorter address.' },
  rate_limited: { status: 429, title: 'Too much was asked for in too short a time', advice: 'Nothing was done. Repeat the request, with the same Idempotency-Key, after the seconds named in the header `Retry-After`; `RateLimit-Policy` and `RateLimit` name the limits and what is left of them.' },
  internal_error: { status: 500, title: 'Something failed on our side', advice: 'Repeat the request with the same Idempotency-Key. Quote `requestId` when you report it.' },
  unavailable: { status: 503, title: 'The service cannot answer at the moment', advice: 'Repeat the request, with the same Idempotency-Key, after the seconds named in the header `Retry-After`.', retryAfterSeconds: 5 },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof kinds;
export const PROBLEM_KINDS: Readonly<Record<ProblemCode, ProblemKind>> = kinds;
export const PROBLEM_CODES: readonly ProblemCode[] = Object.keys(kinds).filter(isProblemCode);

/** One place in the request: `/invitees/3/email` in the body, `?limit` in the query, `{id}` in the path, or a header's name. */
export type FieldError = { path: string; message: string };

/** A refusal of a whole request, as a value: what a handler returns when it will not do what was asked. */
export type Problem<C extends ProblemCode = ProblemCode> = {
  readonly kind: 'problem';
  readonly code: C;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
};

/** What goes over the wire, RFC 9457 with `code`, `errors` and `requestId` as extension members. */
export type ProblemBody = { type: string; title: string; status: number; code: ProblemCode; detail: string; errors?: readonly FieldError[]; requestId: string };

const ERRORS_SHOWN = 100;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(kinds, code);
}

/** Makes a problem; without a detail of its own it says what to do in general. Never put a request's values into `detail`. */
export function problem<C extends ProblemCode>(code: C, more: { detail?: string; errors?: readonly FieldError[] } = {}): Problem<C> {
  return {
    kind: 'problem',
    code,
    detail: more.detail ?? PROBLEM_KINDS[code].advice,
    ...(more.errors === undefined ? {} : { errors: more.errors.slice(0, ERRORS_SHOWN) }),
  };
}

export function problemType(code: ProblemCode): string {
  return `/docs/problems#${code}`;
}

export function problemBody(refusal: Problem, requestId: string): ProblemBody {
  const { status, title } = PROBLEM_KINDS[refusal.code];
  return {
    type: problemType(refusal.code),
    title,
    status,
    code: refusal.code,
    detail: refusal.detail,
    ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
    requestId,
  };
}
