import type { Line } from './line.ts';

/** A message's finished sentences, before they become text and HTML: cleaned, addresses not escaped. One source for both. */
export type LaidOutMessage = {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  /** The sentences around the words, where they are in another language. */
  readonly around: { readonly language: string; readonly direction: 'ltr' | 'rtl' } | null;
  readonly subject: Line;
  readonly preheader: Line;
  readonly tenantName: Line;
  readonly programTitle: Line;
  readonly heading: Line;
  readonly greeting: Line;
  readonly paragraphs: readonly Line[];
  readonly callToAction: Line;
  readonly linkUrl: string;
  readonly linkHint: Line;
  /** A second link, for others: its address, and what opens a message with it on the reader's own phone. Left out: there is none. */
  readonly share?: { readonly words: Line; readonly url: string; readonly ways: readonly { readonly label: string; readonly url: string }[] };
  /** Null where nothing ends. */
  readonly expiry: Line | null;
  readonly reason: Line;
  /** Null where it went to somebody the tenant knows. */
  readonly ignore: Line | null;
  readonly optOut: Line;
  readonly unsubscribeUrl: string;
  /** Null where a message has no such link. */
  readonly preferences: { readonly words: Line; readonly url: string } | null;
  /** Who writes, and where they can be written to on paper. */
  readonly signature: readonly Line[];
};
