const markup: unique symbol = Symbol('markup');

/** Text that is HTML already. Only `html` makes it, so that nothing reaches a page unescaped. */
export type Html = { readonly [markup]: string };

type Part = string | number | Html | readonly Html[];

/** Builds HTML; every value put in is escaped, unless it is HTML from here. Write attributes in double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { [markup]: strings.reduce((text, literal, i) => text + written(parts[i - 1] ?? '') + literal) };
}

export function textOf(page: Html): string {
  return page[markup];
}

function written(part: Part): string {
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return markup in part ? part[markup] : part.map(textOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}
