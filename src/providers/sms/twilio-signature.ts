import twilio from 'twilio';

/** A webhook as it came: its raw body and the public URL the vendor called, query included (behind a proxy not what the server sees). */
export type SignedRequest = {
  readonly url: string;
  /** The header X-Twilio-Signature. */
  readonly signature: string | undefined;
  readonly contentType: string | undefined;
  readonly rawBody: string;
};

/** Form values by name; a name that came more than once has them all. */
export type FormValues = Readonly<Record<string, string | string[]>>;

/**
 * Whether the vendor signed this request (https://www.twilio.com/docs/usage/security): HMAC-SHA1 with the account's auth
 * token over the URL and the sorted form values; any other body is bound by its SHA-256 in the query. The URL counts with
 * and without its port. The package does this, in constant time; it would also take an empty token, throws on what is no
 * URL, and asks no other body for its hash: refused here.
 */
export function isSignedByTwilio(authToken: string, { url, signature, contentType, rawBody }: SignedRequest): boolean {
  if (authToken === '' || signature === undefined || signature === '' || !URL.canParse(url)) return false;
  if (isForm(contentType) || rawBody === '') return twilio.validateRequest(authToken, signature, url, readForm(rawBody));
  return new URL(url).searchParams.has('bodySHA256') && twilio.validateRequestWithBody(authToken, signature, url, rawBody);
}

/** Reads a form body (application/x-www-form-urlencoded) whole and untrimmed, as the signature covers it. */
export function readForm(rawBody: string): FormValues {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(rawBody)) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? '') : all]));
}

function isForm(contentType: string | undefined): boolean {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}
