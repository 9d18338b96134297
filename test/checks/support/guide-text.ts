import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, groups } from '../../../src/cli/commands.ts';
import { readLine } from '../../../src/cli/read-line.ts';
import { parseYaml } from '../../../src/dev/compose-file.ts';
import { ENV_NAMES } from '../../../src/config/env.ts';
import { routes } from '../../../src/api/routes.ts';
import { wordsOf } from '../../support/cli.ts';
import { readFiles, REPOSITORY } from './source-files.ts';

/** What a reader's shell holds while following a page. */
const SHELL: Readonly<Record<string, string>> = { TENANT: 'tnt_01kx7m3p9q2r4s5t6v7w8x9y0z', KEY_ID: 'key_01kx7m3p9q2r4s5t6v7w8x9y0z' };
/** Not read by us: the shell's above, and Node's own. */
const OTHER_WORDS: ReadonlySet<string> = new Set([...Object.keys(SHELL), 'NODE_EXTRA_CA_CERTS']);
const CLI_IN_COMPOSE = /docker compose --env-file \.env\.compose run --rm cli ([^`\n]+)/g;

/** A page of docs/, read. */
export function readPage(name: string): string {
  return readFileSync(join(REPOSITORY, 'docs', name), 'utf8');
}

/** The text of every fenced block of this language. */
export function blocksOf(page: string, language: string): string[] {
  return [...page.matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```$/gm)].flatMap(([, , found = '', text = '']) => (found === language ? [text] : []));
}

/** Every line of the command line that a page shows, in code or in a block. */
export function linesOf(page: string): string[] {
  const plain = [...page.matchAll(/npx flywheel ([^`\n]+)/g), ...page.matchAll(CLI_IN_COMPOSE)].map(([, words = '']) => words.trim());
  return plain.filter((words) => words !== '…').map((words) => `npx flywheel ${words.replaceAll(/\$([A-Z_]+)/g, (all, name: string) => SHELL[name] ?? all)}`);
}

/** What is wrong with a line; null where it is read as a command with nothing missing, or asks for the version. */
export function lineProblem(line: string): string | null {
  const read = readLine(wordsOf(line), { commands, groups, version: 'test' });
  if (read.kind === 'shown') return null;
  if (read.kind === 'wrong') return `${line}: ${read.text.trim()}`;
  const prepared = read.command.prepare(read);
  return prepared.kind === 'ready' ? null : `${line}: ${JSON.stringify(prepared)}`;
}

/** Addresses of the API that a page names and that do not exist, or not with that method. */
export function unknownRoutes(page: string): string[] {
  const served = new Set([...routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`), ...pagesServed()]);
  const paths = new Set([...served].map((each) => each.slice(each.indexOf(' ') + 1)));
  const named = [...page.matchAll(/(?:\b(GET|POST|PUT|PATCH|DELETE) )?(?<![\w.\-}$:])(\/(?:v1|l|u|explain|preview)\/[\w/{}-]*[\w}]|\/(?:healthz|readyz|docs|openapi\.json|docs\/problems)\b)/g)];
  return named.flatMap(([, method, path = '']) => (method === undefined ? paths.has(path) : served.has(`${method} ${path}`)) ? [] : [`${method ?? ''} ${path}`.trim()]);
}

/** Routes beside /v1, by the patterns that their files name. */
function pagesServed(): string[] {
  const text = readFiles(['src/api'], '.ts').map((file) => file.text).join('\n');
  const patterns = [...text.matchAll(/const ROUTE = '([^']+)'/g)].map(([, path = '']) => path);
  const plain = [...text.matchAll(/router\.get\('([^']+)'/g)].map(([, path = '']) => path);
  return [...patterns.flatMap((path) => [`GET ${path}`, ...(/^\/(?:u|explain)\//.test(path) ? [`POST ${path}`] : [])]), ...plain.map((path) => `GET ${path}`)];
}

/** Variables that a page names and that neither the product nor the compose file reads. */
export function unknownVariables(page: string): string[] {
  const compose = [...readFileSync(join(REPOSITORY, '.env.compose.example'), 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name);
  const known = new Set([...ENV_NAMES, ...compose, ...OTHER_WORDS]);
  return [...page.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)].map(([name]) => name).filter((name) => !known.has(name));
}

/** Files of the repository that a page names and that are not there. */
export function missingFiles(page: string): string[] {
  const named = [...page.matchAll(/`((?:src|test|db|docs|workflows|activities)\/[\w./-]*\w\.\w+)`/g), ...page.matchAll(/\]\(([\w./-]+\.\w+)\)/g)];
  return named.map(([, path = '']) => path).filter((path) => !existsSync(join(REPOSITORY, path)) && !existsSync(join(REPOSITORY, 'docs', path)));
}

/** Services that a page's compose lines name and that the compose file does not have. */
export function unknownServices(page: string): string[] {
  const file: unknown = parseYaml(readFileSync(join(REPOSITORY, 'docker-compose.yml'), 'utf8'));
  const services = typeof file === 'object' && file !== null && 'services' in file && typeof file.services === 'object' && file.services !== null ? Object.keys(file.services) : [];
  const one = [...page.matchAll(/docker compose --env-file \.env\.compose (?:run --rm|exec(?: -T)?) ([\w-]+)/g)].map(([, name = '']) => name);
  const many = [...page.matchAll(/docker compose --env-file \.env\.compose stop ([\w -]+)/g)].flatMap(([, names = '']) => names.trim().split(' '));
  const scaled = [...page.matchAll(/--scale ([\w-]+)=/g)].map(([, name = '']) => name);
  return [...one, ...many, ...scaled].filter((name) => !services.includes(name));
}

/** Lines of the log that a page quotes (`log: "…"`) and that nothing writes. */
export function unwrittenLogLines(page: string): string[] {
  const text = readFiles(['src', 'activities', 'db'], '.ts').map((file) => file.text).join('\n');
  return [...page.matchAll(/log: "([^"]+)"/g)].map(([, line = '']) => line).filter((line) => !text.includes(line));
}
