import twilio from 'twilio';

export type Webhook = { readonly url: string; readonly form: Readonly<Record<string, string>> };
export type Posted = { readonly status: number; readonly body: string };

const PATIENCE_MS = 15_000;

/** Posts a form as the vendor does, signed. Null where nobody answered; a webhook's answer is cut after 64 KB. */
export async function postWebhook(authToken: string, { url, form }: Webhook, signal: AbortSignal): Promise<Posted | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, url, form), 'user-agent': 'TwilioProxy/1.1' },
      body: new URLSearchParams(form).toString(),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    return { status: response.status, body: (await response.text()).slice(0, 65_536) };
  } catch {
    return null;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&#39;': "'", '&amp;': '&' };

/** The texts that a webhook's TwiML answer wants sent back. */
export function repliesIn(twiml: string): string[] {
  return [...twiml.matchAll(/<Message>\s*(?:<Body>)?([^<]*)(?:<\/Body>)?\s*<\/Message>/g)].map(([, text]) => (text ?? '').replace(/&(?:lt|gt|quot|apos|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity));
}
