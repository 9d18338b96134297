import { shareLinks, shareText } from './share-links.ts';
import type { Shared } from './share-links.ts';

/** Everything it takes to share a link from one's own phone or mail program: no address ever reaches us. */
export type ShareKit = {
  /** For `navigator.share()` (Web Share API). */
  readonly webShare: { readonly title: string; readonly text: string; readonly url: string };
  /** Addresses that open a message with the text in it; nothing is sent before the person says so there. */
  readonly sms: string;
  readonly whatsapp: string;
  /** Takes the address alone: what stands beside it there is the page's card. */
  readonly facebook: string;
  readonly mailto: string;
  /** What a "copy" button puts into the clipboard. */
  readonly copy: string;
  /** A QR code of the link, as an SVG document. */
  readonly qrSvg: string;
};

/** Longer texts are cut: a text message of that length is four or five parts already. */
export const LONGEST_SHARED_LINE = 500;

/** Makes it of a link's address, a line of text and a subject. `qrSvg` draws the code: the drawing is no rule. */
export function shareKit({ url, text, subject }: { url: string; text: string; subject: string }, drawQr: (url: string) => string): ShareKit {
  const shared: Shared = { url, line: whole(text.slice(0, LONGEST_SHARED_LINE)), subject: whole(subject.slice(0, LONGEST_SHARED_LINE)) };
  const { email, sms, whatsapp, facebook } = shareLinks(shared);
  return { webShare: { title: shared.subject, text: shared.line, url }, sms, whatsapp, facebook, mailto: email, copy: shareText(shared), qrSvg: drawQr(url) };
}

/** Without the half of a character that a cut, or a name, may leave. */
function whole(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '').trim();
}
