import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const WORKFLOWS = join(__dirname, '..', '..', 'workflows');
export const WORKFLOWS_INDEX = join(WORKFLOWS, 'index.ts');

/** A workflow is a function, or the life of a run: `export async function sender(`, `export const referral = lifeOf(`, `export const rescue = liveLife(`. */
const WORKFLOW = /^export (?:async function (\w+)\s*\(|const (\w+) = (?:lifeOf|liveLife)\()/gm;

/** The entry of the workflow bundle as the folders have it: `npm run docs` writes it, a check compares. Throws for a file without a workflow. */
export function workflowsIndex(): string {
  const files = readdirSync(WORKFLOWS, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/')).filter((file) => file.endsWith('/workflow.ts')).toSorted();
  return [
    '/** Entry of the workflow bundle: every workflow type, by its export\'s name. Written by `npm run docs` from the folders; a check compares. */',
    ...files.map((file) => `export { ${workflowsIn(file).join(', ')} } from './${file}';`),
    '',
  ].join('\n');
}

function workflowsIn(file: string): string[] {
  const names = [...readFileSync(join(WORKFLOWS, file), 'utf8').matchAll(WORKFLOW)].flatMap(([, life, run]) => life ?? run ?? []);
  if (names.length === 0) throw new Error(`workflows/${file} holds no workflow: export an async function, or a const made by lifeOf or liveLife`);
  return names;
}
