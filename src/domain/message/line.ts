/** A finished line, as it is and as each layout shows it: what many messages say alike is wrapped and escaped once. */
export type Line = { readonly plain: string; readonly wrapped: string; readonly escaped: string };

export function lineOf(plain: string): Line {
  return { plain, wrapped: wrap(plain), escaped: escapeHtml(plain) };
}

const COLUMNS = 72;

/** Breaks at spaces before column 72; a longer word (a link, a script without spaces) stays whole. */
export function wrap(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Safe in element content and in a double-quoted attribute. */
export function escapeHtml(raw: string): string {
  return raw.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
