/** What is shared: a line of text, the address at its end by itself, and a subject where there is one. */
export type Shared = { readonly url: string; readonly line: string; readonly subject: string };

export const SHARE_CHANNELS = ['email', 'sms', 'whatsapp', 'facebook', 'x', 'linkedin'] as const;
export type ShareChannel = (typeof SHARE_CHANNELS)[number];

/** The text as it is sent: the line, then the address, where every program finds it. */
export function shareText({ line, url }: Shared): string {
  return `${line} ${url}`;
}

/**
 * One address a channel that opens a message with the text in it: `mailto:` (RFC 6068), `sms:` (RFC 5724; `?&` is read by iPhones and
 * by Androids alike), and the vendors' own. Nothing is sent before the person says so there.
 */
export function shareLinks(shared: Shared): Record<ShareChannel, string> {
  const { url, line, subject } = shared;
  const text = encoded(shareText(shared));
  return {
    email: `mailto:?subject=${encoded(subject)}&body=${text}`,
    sms: `sms:?&body=${text}`,
    whatsapp: `https://wa.me/?text=${text}`,
    facebook: `https://www.facebook.com/sharer/sharer.php?u=${encoded(url)}`,
    x: `https://x.com/intent/post?text=${encoded(line)}&url=${encoded(url)}`,
    linkedin: `https://www.linkedin.com/sharing/share-offsite/?url=${encoded(url)}`,
  };
}

/** Half a character, which a name may hold, cannot be encoded. */
function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\u{fffd}'));
}
