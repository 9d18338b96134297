/** A series that an expression reads, with the labels it is matched by. */
export type SeriesRead = { readonly name: string; readonly labels: readonly string[] };

const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'unless', 'offset', 'bool']);
const GROUPINGS: ReadonlySet<string> = new Set(['by', 'without', 'on', 'ignoring']);
const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|(\d[\w.]*)|([a-zA-Z_:][\w:]*)|([(){}[\],]|[=!<>~+\-*/%^]+))/y;

/**
 * Reads as much of PromQL as alerts.rules.yml uses: which series, which labels they are matched by, which labels are grouped
 * by. Throws for what it cannot read and for brackets that do not match.
 */
export function readPromql(expression: string): { series: SeriesRead[]; groupedBy: string[] } {
  const tokens = tokensOf(expression);
  const series: { name: string; labels: string[] }[] = [];
  const groupedBy: string[] = [];
  const open: string[] = [];
  let grouping = false;
  for (const [i, token] of tokens.entries()) {
    const next = tokens[i + 1];
    if ('({['.includes(token)) open.push(token);
    if (')}]'.includes(token)) {
      const opened = open.pop();
      if (`${opened ?? ''}${token}` !== { ')': '()', '}': '{}', ']': '[]' }[token]) throw new Error(`brackets do not match in ${expression}`);
      if (token === ')') grouping = false;
    }
    if (!/^[a-zA-Z_:]/.test(token)) continue;
    if (open.at(-1) === '{') series.at(-1)?.labels.push(token);
    else if (grouping) groupedBy.push(token);
    else if (GROUPINGS.has(token)) grouping = true;
    // Before a bracket or a grouping stands a function.
    else if (next !== '(' && !GROUPINGS.has(next ?? '') && !WORDS.has(token) && open.at(-1) !== '[') series.push({ name: token, labels: [] });
  }
  if (open.length > 0) throw new Error(`a bracket is not closed in ${expression}`);
  return { series, groupedBy };
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < expression.trimEnd().length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [, text, number, word, sign] = TOKEN.exec(expression) ?? [];
    const token = text ?? number ?? word ?? sign;
    if (token === undefined) throw new Error(`cannot be read from ${String(at)}: ${expression}`);
    tokens.push(token);
  }
  return tokens;
}
