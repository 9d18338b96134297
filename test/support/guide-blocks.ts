import { spawn } from 'node:child_process';
import { z } from 'zod';

/** One block to copy, and what the guide says it prints: a JSON document or lines of text. */
export type Example = { readonly heading: string; readonly script: string; readonly says: { readonly kind: 'json' | 'text'; readonly text: string } | null };

const FENCE = /^(?:## (?<heading>.+)|```(?<kind>sh|json|text)\n(?<text>[\s\S]*?)^```)$/gm;
const ENDS_WITHIN_MS = 15_000;

/** The `sh` blocks of a page in order, each with the `json` or `text` block that follows before the next. */
export function examplesOf(page: string): Example[] {
  const examples: Example[] = [];
  let heading = '';
  for (const { groups } of page.matchAll(FENCE)) {
    const { heading: found, kind, text = '' } = groups ?? {};
    const last = examples.at(-1);
    if (found !== undefined) heading = found;
    else if (kind === 'sh') examples.push({ heading, script: text, says: null });
    else if ((kind === 'json' || kind === 'text') && last !== undefined && last.says === null) examples.splice(-1, 1, { ...last, says: { kind, text } });
  }
  return examples;
}

/** Does an answer hold what an excerpt says? Fields may be left out, lists may go on, and `…` in a text stands for anything. */
export function holds(excerpt: unknown, answer: unknown): boolean {
  if (typeof excerpt === 'string') return typeof answer === 'string' && likeText(excerpt).test(answer);
  if (Array.isArray(excerpt)) return Array.isArray(answer) && (excerpt.length > 0 || answer.length === 0) && excerpt.every((item, place) => holds(item, answer[place]));
  const [wanted, given] = [fields.safeParse(excerpt), fields.safeParse(answer)];
  if (!wanted.success) return excerpt === answer;
  return given.success && Object.entries(wanted.data).every(([name, value]) => name in given.data && holds(value, given.data[name]));
}

const fields = z.record(z.string(), z.unknown());

/** A line in which `…` stands for anything, found as a whole. */
export function likeText(line: string): RegExp {
  return new RegExp(`^${line.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('.*')}$`, 'ms');
}

export type Shell = { run(script: string): Promise<string>; close(): Promise<void> };

/** One bash that keeps its variables from block to block, as a reader's terminal does. `run` throws when the last command fails or time is over. */
export function openShell(env: Readonly<Record<string, string>>): Shell {
  const shell = spawn('bash', ['--noprofile', '--norc'], { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => { shell.once('close', () => resolve()); });
  let printed = '';
  let blocks = 0;
  let look: () => void = () => {};
  for (const stream of [shell.stdout, shell.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { printed += text; look(); });
  return {
    async run(script) {
      const mark = `@@ block ${String(blocks += 1)} ended with`;
      printed = '';
      shell.stdin.write(`${script}\nprintf '\\n%s %s\\n' '${mark}' "$?"\n`);
      const [, output = '', code = ''] = await new Promise<RegExpExecArray>((resolve, reject) => {
        const timer = setTimeout(() => { shell.kill('SIGKILL'); reject(new Error(`a block did not end within ${String(ENDS_WITHIN_MS / 1000)} s:\n${script}\n${printed}`)); }, ENDS_WITHIN_MS);
        look = () => {
          const found = new RegExp(`^([\\s\\S]*)\\n${mark} (\\d+)\\n`).exec(printed);
          if (found === null) return;
          clearTimeout(timer);
          resolve(found);
        };
      });
      if (code !== '0') throw new Error(`a block ended with ${code}:\n${script}\n${output}`);
      return output.trim();
    },
    async close() {
      shell.stdin.end();
      await ended;
    },
  };
}
