import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { SourceFile } from './source-files.ts';
import { isName, isNode, lineOf, nodesOf, textOf } from './syntax-tree.ts';
import type { SyntaxNode } from './syntax-tree.ts';

/** One import of a file. `target` is a path in the repository for our own files, else the specifier. */
export type Import = {
  readonly from: string;
  readonly line: number;
  readonly target: string;
  readonly kind: 'own' | 'node' | 'package';
  /** True where nothing of it is left when the types are stripped. */
  readonly typeOnly: boolean;
  /** What is imported, by its name there; `default`, or `*` for all of it. Empty for a bare or a dynamic import. */
  readonly names: readonly string[];
};

/** Every import, re-export, `import()`, `require()` and `import('…')` type of a file. */
export function importsOf(file: SourceFile): Import[] {
  return nodesOf(file).flatMap((node) => {
    const found = readImport(node);
    return found === null ? [] : [{ from: file.path, line: lineOf(file, node), ...resolveTarget(file.path, found.specifier), ...found }];
  });
}

/** Stands for the target of an `import(expression)`: no table can allow it. */
const COMPUTED = '(computed)';

type Found = { readonly specifier: string; readonly typeOnly: boolean; readonly names: readonly string[] };

function readImport(node: SyntaxNode): Found | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return readDeclaration(node);
    case 'TsImportType':
      return found(textOf(node['argument']), true);
    case 'TsExternalModuleReference':
      return found(textOf(node['expression']), false);
    case 'CallExpression': {
      const callee = node['callee'];
      const isImport = (isNode(callee) && callee.type === 'Import') || isName(callee, 'require');
      return isImport ? found(firstArgument(node) ?? COMPUTED, false) : null;
    }
    default:
      return null;
  }
}

function readDeclaration(node: SyntaxNode): Found | null {
  const specifiers = Array.isArray(node['specifiers']) ? node['specifiers'].filter(isNode) : [];
  const allTypes = specifiers.length > 0 && specifiers.every((specifier) => specifier['isTypeOnly'] === true);
  const names = node.type === 'ExportAllDeclaration' ? ['*'] : specifiers.map(importedName);
  return found(textOf(node['source']), node['typeOnly'] === true || allTypes, names);
}

function found(specifier: string | null, typeOnly: boolean, names: readonly string[] = []): Found | null {
  return specifier === null ? null : { specifier, typeOnly, names };
}

function importedName(specifier: SyntaxNode): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  const named = specifier['imported'] ?? specifier['orig'] ?? specifier['local'];
  const isNamed = specifier.type === 'ImportSpecifier' || specifier.type === 'ExportSpecifier';
  return isNamed && isNode(named) && typeof named['value'] === 'string' ? named['value'] : '*';
}

function firstArgument(node: SyntaxNode): string | null {
  const first: unknown = Array.isArray(node['arguments']) ? node['arguments'][0] : null;
  return typeof first === 'object' && first !== null && 'expression' in first ? textOf(first.expression) : null;
}

function resolveTarget(from: string, specifier: string): Pick<Import, 'target' | 'kind'> {
  if (specifier.startsWith('.')) return { kind: 'own', target: posix.join(posix.dirname(from), specifier) };
  return { kind: isBuiltin(specifier) ? 'node' : 'package', target: specifier };
}
