/** A message's finished sentences, before they become text and HTML: cleaned, nothing escaped. One source for both. */
export type LaidOutMessage = {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  /** The sentences around the words, where they are in another language. */
  readonly around: { readonly language: string; readonly direction: 'ltr' | 'rtl' } | null;
  readonly subject: string;
  readonly preheader: string;
  readonly tenantName: string;
  readonly programTitle: string;
  readonly heading: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly callToAction: string;
  readonly linkUrl: string;
  readonly linkHint: string;
  readonly expiry: string;
  readonly reason: string;
  readonly ignore: string;
  readonly optOut: string;
  readonly unsubscribeUrl: string;
  /** Who writes, and where they can be written to on paper. */
  readonly signature: readonly string[];
};
