import type { SourceFile } from './source-files.ts';
import { isMember, isName, lineOf, nodesOf } from './syntax-tree.ts';
import type { SyntaxNode } from './syntax-tree.ts';

/** PostgreSQL's own clocks, as functions, keywords and the special inputs that stand for an instant. */
const SQL_CLOCK = /\b(?:now\s*\(|(?:clock|statement|transaction)_timestamp\b|current_(?:timestamp|date|time)\b|localtime(?:stamp)?\b|timeofday\b)|'(?:now|today|tomorrow|yesterday)'/i;

const READS_THE_CLOCK: readonly (readonly [object: string, method: string])[] = [['Date', 'now'], ['DateTime', 'now'], ['Settings', 'now']];
const WITHOUT_ARGUMENTS_NOW: readonly (readonly [object: string, method: string])[] = [['DateTime', 'local'], ['DateTime', 'utc']];

/** Where a TypeScript file reads a clock of its own; one line each. */
export function findClocksInCode(file: SourceFile): string[] {
  return nodesOf(file).flatMap((node) => {
    const what = clockIn(node);
    return what === null ? [] : [`${file.path}:${lineOf(file, node)} reads a clock: ${what}`];
  });
}

/** Where a SQL file reads the database's clock; comments do not count. */
export function findClocksInSql(file: SourceFile): string[] {
  return file.text.split('\n').flatMap((text, index) => {
    const match = SQL_CLOCK.exec(text.replace(/--.*$/, ''));
    return match === null ? [] : [`${file.path}:${index + 1} reads a clock: ${match[0]}`];
  });
}

function clockIn(node: SyntaxNode): string | null {
  switch (node.type) {
    case 'MemberExpression': {
      if (isName(node['property'], 'defaultNow')) return 'defaultNow';
      const read = READS_THE_CLOCK.find(([object, method]) => isMember(node, object, method));
      return read === undefined ? null : read.join('.');
    }
    case 'NewExpression':
      return isName(node['callee'], 'Date') && hasNoArguments(node) ? 'new Date()' : null;
    case 'CallExpression': {
      if (isName(node['callee'], 'Date')) return 'Date()';
      const read = WITHOUT_ARGUMENTS_NOW.find(([object, method]) => isMember(node['callee'], object, method));
      return read !== undefined && hasNoArguments(node) ? read.join('.') : null;
    }
    case 'StringLiteral':
      return clockInText(node['value']);
    case 'TemplateElement':
      return clockInText(node['raw']);
    default:
      return null;
  }
}

function hasNoArguments(node: SyntaxNode): boolean {
  return !Array.isArray(node['arguments']) || node['arguments'].length === 0;
}

function clockInText(text: unknown): string | null {
  return typeof text === 'string' ? (SQL_CLOCK.exec(text)?.[0] ?? null) : null;
}
