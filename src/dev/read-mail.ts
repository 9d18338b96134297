import PostalMime from 'postal-mime';

/** A message taken apart for showing. `html` is foreign: it may only be shown in a sandbox. */
export type ReadableMail = {
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly text: string;
  readonly html: string | undefined;
  /** The http and https addresses in it, each once, in order. */
  readonly links: readonly string[];
};

const HREF = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;
const BARE_LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;
const ENTITY = /&(amp|quot|lt|gt|#39|#x27);/g;
const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', quot: '"', lt: '<', gt: '>', '#39': "'", '#x27': "'" };

function linksIn(text: string, markup: string): string[] {
  const targets = [...markup.matchAll(HREF)].map(([, doubleQuoted, singleQuoted]) => doubleQuoted ?? singleQuoted ?? '');
  const decoded = targets.map((target) => target.replace(ENTITY, (_whole, name: string) => CHARACTERS[name] ?? '').trim());
  const bare = [...text.matchAll(BARE_LINK)].map(([link]) => link);
  return [...new Set([...decoded, ...bare])].filter((link) => /^https?:\/\//i.test(link));
}

/** Takes a raw message apart. A message that is not well formed is shown as its raw text. */
export async function readMail(raw: Buffer): Promise<ReadableMail> {
  try {
    const mail = await PostalMime.parse(raw);
    const headers = mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value }));
    return { headers, text: mail.text ?? '', html: mail.html, links: linksIn(mail.text ?? '', mail.html ?? '') };
  } catch {
    return { headers: [], text: raw.toString('utf8'), html: undefined, links: [] };
  }
}
