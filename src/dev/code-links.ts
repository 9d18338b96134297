/** A link from a page to the line that declares a name: [`acceptInvites`](../db/write/accept-invites.ts#L49). */
export type CodeLink = { readonly name: string; readonly path: string; readonly line: number };

const LINK = /\[`([\w.]+)`\]\(([\w./-]+)#L(\d+)\)/g;

export function codeLinksOf(page: string): CodeLink[] {
  return [...page.matchAll(LINK)].map(([, name = '', path = '', line = '']) => ({ name, path, line: Number(line) }));
}

/** Does this line of TypeScript or SQL declare the name: a function, constant, type, table, method or field? */
export function declares(line: string, name: string): boolean {
  const declaration = new RegExp(`\\b(?:function|const|let|type|class|table|role|procedure)\\s+${name}\\b`);
  const member = new RegExp(`^\\s+(?:async |readonly )?'?${name}'?(?:\\?)?(?:\\(|: )`);
  return declaration.test(line) || member.test(line);
}

/** The line (from 1) on which a text declares a name: a declaration of its own before a member; null where there is none. */
export function lineDeclaring(text: string, name: string): number | null {
  const lines = text.split('\n');
  const own = lines.findIndex((line) => declares(line, name) && /\b(?:function|const|let|type|class|table|role|procedure)\s/.test(line));
  const any = own === -1 ? lines.findIndex((line) => declares(line, name)) : own;
  return any === -1 ? null : any + 1;
}

/** The page with the line of each link set right; `textOf` reads a linked file, null where it is gone. What cannot be set right stays. */
export function correctLines(page: string, textOf: (path: string) => string | null): string {
  return page.replaceAll(LINK, (link, name: string, path: string) => {
    const text = textOf(path);
    const line = text === null ? null : lineDeclaring(text, name);
    return line === null ? link : `[\`${name}\`](${path}#L${String(line)})`;
  });
}
