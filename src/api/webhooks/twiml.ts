const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';

/** The answer to an inbound message: one reply, or none (https://www.twilio.com/docs/messaging/twiml). */
export function twiml(reply: string | null): string {
  return reply === null ? `${HEAD}<Response/>` : `${HEAD}<Response><Message>${escaped(reply)}</Message></Response>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** What XML 1.0 (2.2) cannot hold is left out. */
function escaped(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '').replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}
