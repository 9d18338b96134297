import type { FieldError } from './problems.ts';

type Open = { readonly names: Set<unknown> | null; at: string | number };

const [QUOTE, COLON, COMMA, OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = ['"', ':', ',', '{', '}', '[', ']'].map((sign) => sign.charCodeAt(0));

/**
 * The first member that an object of this JSON names twice, or null. What such an object means is anybody's guess
 * (RFC 8259, 4; RFC 7493 forbids it): a proxy that read the first value and we the last would have let something else
 * pass than what is done. Takes text that JSON.parse has read; one pass, without recursion.
 */
export function findNamedTwice(json: string): FieldError | null {
  const open: Open[] = [];
  for (let at = 0; at < json.length; at += 1) {
    const inside = open.at(-1);
    switch (json.charCodeAt(at)) {
      case OPEN_OBJECT: open.push({ names: new Set(), at: '' }); break;
      case OPEN_LIST: open.push({ names: null, at: 0 }); break;
      case CLOSE_OBJECT:
      case CLOSE_LIST: open.pop(); break;
      case COMMA: if (typeof inside?.at === 'number') inside.at += 1; break;
      case QUOTE: {
        const end = endOfText(json, at);
        if (inside?.names != null && isName(json, end)) {
          const name: unknown = JSON.parse(json.slice(at, end + 1));
          inside.at = String(name);
          if (inside.names.has(name)) return { path: pathOf(open), message: 'This member is named twice in one object.' };
          inside.names.add(name);
        }
        at = end;
        break;
      }
      default: // white space, a number, true, false, null
    }
  }
  return null;
}

/** The quote that ends the text which begins at `start`. */
function endOfText(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at !== -1; at = json.indexOf('"', at + 1)) {
    let escapes = 0;
    while (json[at - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  return json.length;
}

/** In JSON a colon stands behind names alone. */
function isName(json: string, end: number): boolean {
  let at = end + 1;
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at += 1;
  return json.charCodeAt(at) === COLON;
}

function pathOf(open: readonly Open[]): string {
  return open.map(({ at }) => `/${String(at).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
