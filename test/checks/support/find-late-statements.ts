import type { SourceFile } from './source-files.ts';
import { isMember, isName, isNode, lineOf, nodesOf, type SyntaxNode } from './syntax-tree.ts';

/**
 * Statements of one `Promise.all` that leave later than they stand: one that is written out is sent when somebody waits for it, a call beside it sends its own at once. A lock
 * that stands before a call is then taken after what the call reads. `.execute()` sends it where it stands.
 */
export function findLateStatements(file: SourceFile): string[] {
  return nodesOf(file).flatMap((node) => {
    const together = listOfAll(node);
    const lastCall = together.findLastIndex((each) => each.type === 'CallExpression' && !isSentHere(each));
    return together.flatMap((each, place) => (place < lastCall && isWrittenOut(each) ? [`${file.path}:${String(lineOf(file, each))}`] : []));
  });
}

/** What is given to `Promise.all([…])`; nothing for other nodes. */
function listOfAll(node: SyntaxNode): SyntaxNode[] {
  if (node.type !== 'CallExpression' || !isMember(node['callee'], 'Promise', 'all')) return [];
  return expressionsOf(node['arguments']).flatMap((list) => (list.type === 'ArrayExpression' ? expressionsOf(list['elements']) : []));
}

function expressionsOf(values: unknown): SyntaxNode[] {
  if (!Array.isArray(values)) return [];
  return values.flatMap((value: unknown) => {
    const expression = typeof value === 'object' && value !== null && 'expression' in value ? value.expression : null;
    return isNode(expression) ? [expression] : [];
  });
}

/** sql`…`, tx.sql`…`, or a choice that may be one. */
function isWrittenOut(node: SyntaxNode): boolean {
  if (node.type === 'ConditionalExpression') return [node['consequent'], node['alternate']].some((branch) => isNode(branch) && isWrittenOut(branch));
  if (node.type !== 'TaggedTemplateExpression') return false;
  const { tag } = node;
  return isName(tag, 'sql') || (isNode(tag) && tag.type === 'MemberExpression' && isName(tag['property'], 'sql'));
}

/** sql`…`.execute() */
function isSentHere({ callee }: SyntaxNode): boolean {
  return isNode(callee) && callee.type === 'MemberExpression' && isName(callee['property'], 'execute') && isNode(callee['object']) && isWrittenOut(callee['object']);
}
