import { parseSync } from '@swc/core';
import type { SourceFile } from './source-files.ts';

/** A node of the syntax tree, as plain data: its kind in `type`, everything else by name. */
export type SyntaxNode = { readonly type: string; readonly [field: string]: unknown };

/** Every node of a TypeScript file, parents before children. Throws where the file does not parse. */
export function nodesOf(file: SourceFile): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  collect(parseSync(file.text, { syntax: 'typescript', target: 'es2023' }), nodes);
  return nodes;
}

function collect(value: unknown, into: SyntaxNode[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, into);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) into.push(value);
  for (const field of Object.values(value)) collect(field, into);
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Whether the node is the name `name` itself. */
export function isName(value: unknown, name: string): boolean {
  return isNode(value) && value.type === 'Identifier' && value['value'] === name;
}

/** Whether the node reads `object.property`, written either way. */
export function isMember(node: unknown, object: string, property: string): boolean {
  if (!isNode(node) || node.type !== 'MemberExpression' || !isName(node['object'], object)) return false;
  const written = node['property'];
  if (isName(written, property)) return true;
  return isNode(written) && written.type === 'Computed' && textOf(written['expression']) === property;
}

/** The text of a string literal; null for everything else. */
export function textOf(value: unknown): string | null {
  return isNode(value) && value.type === 'StringLiteral' && typeof value['value'] === 'string' ? value['value'] : null;
}

/** The line (from 1) where a node begins. Positions are bytes from 1. */
export function lineOf(file: SourceFile, node: SyntaxNode): number {
  const span = node['span'];
  if (typeof span !== 'object' || span === null || !('start' in span) || typeof span.start !== 'number') return 1;
  return Buffer.from(file.text).subarray(0, span.start - 1).toString('utf8').split('\n').length;
}
