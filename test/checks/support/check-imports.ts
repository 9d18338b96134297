import { IMPORT_TABLE } from './import-table.ts';
import type { Area } from './import-table.ts';
import { importsOf } from './imports.ts';
import type { Import } from './imports.ts';
import type { SourceFile } from './source-files.ts';

/** One line for each import that the table does not allow; empty where all is well. */
export function checkImports(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const found = areaOf(file.path);
    if (found === null) return [`${file.path} lies in no area of the import table`];
    return importsOf(file)
      .filter((item) => !mayImport(found.name, found.area, item))
      .map((item) => `${file.path}:${item.line} (${found.name}) may not import ${item.typeOnly ? 'the type of ' : ''}${item.target}`);
  });
}

function areaOf(path: string): { name: string; area: Area } | null {
  const [longest] = Object.entries(IMPORT_TABLE)
    .filter(([name]) => path.startsWith(name))
    .toSorted(([a], [b]) => b.length - a.length);
  return longest === undefined ? null : { name: longest[0], area: longest[1] };
}

function mayImport(areaName: string, area: Area, item: Import): boolean {
  if (item.kind !== 'own') {
    return area.packages.includes('*') || area.packages.includes(packageOf(item)) || onlyNamed(area, item);
  }
  const self = ownFolder(area.self ?? areaName, item.from);
  const allowed = [...area.own, ...(item.typeOnly ? (area.ownTypes ?? []) : [])];
  return item.target.startsWith(self) || allowed.some((beginning) => beginningOf(beginning).test(item.target));
}

function onlyNamed(area: Area, item: Import): boolean {
  return item.names.length > 0 && item.names.every((name) => area.packages.includes(`${item.target}#${name}`));
}

function packageOf(item: Import): string {
  if (item.kind === 'node') return 'node:';
  return item.target.split('/').slice(0, item.target.startsWith('@') ? 2 : 1).join('/');
}

/** The folder a file shares with its own kind: `workflows/invite/` for one of that loop. Outside of any, the file itself. */
function ownFolder(pattern: string, path: string): string {
  return beginningOf(pattern).exec(path)?.[0] ?? path;
}

function beginningOf(pattern: string): RegExp {
  const escaped = pattern.split('*').map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[^/]+')}`);
}
