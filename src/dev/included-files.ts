const PLACE = /(<!-- file: (\S+) -->\n)[\s\S]*?(<!-- end of file -->)/g;
const LANGUAGES: Readonly<Record<string, string>> = { ts: 'ts', json: 'json', sql: 'sql' };

/** A page with each file that it has a place for, word for word: what it shows is what runs. `read`: a file as the page names it; null where it is gone. */
export function includeFiles(text: string, read: (path: string) => string | null): string {
  return text.replace(PLACE, (_all, begins: string, path: string, ends: string) => {
    const file = read(path);
    if (file === null) throw new Error(`a page of docs/ shows ${path}, which is not there`);
    return `${begins}\n\`\`\`${LANGUAGES[path.split('.').at(-1) ?? ''] ?? ''}\n${file.trimEnd()}\n\`\`\`\n\n${ends}`;
  });
}
