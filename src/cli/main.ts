import { text } from 'node:stream/consumers';
import { buildName } from '../config/build.ts';
import { loadEnvFile } from '../config/load-env-file.ts';
import type { Answer, Failed, Prepared } from './command.ts';
import { failed, wrong } from './command.ts';
import { commands, groups } from './commands.ts';
import { openContext } from './context.ts';
import type { Context } from './context.ts';
import { readLine } from './read-line.ts';
import { sayFailure } from './say-failure.ts';

/** Where a command reads and writes. `env` left out: this process's own. */
export type CliIo = {
  out(text: string): void;
  err(text: string): void;
  readStdin(): Promise<string>;
  readonly env?: Readonly<Record<string, string | undefined>>;
};

/** Runs one line and answers its exit code: 0 fine, 1 a problem was found or it could not be done, 2 it was asked wrongly. Never throws. */
export async function runLine(words: readonly string[], io: CliIo): Promise<0 | 1 | 2> {
  const line = readLine(words, { commands, groups, version: buildName() });
  if (line.kind === 'shown') {
    io.out(line.text);
    return 0;
  }
  if (line.kind === 'wrong') {
    io.err(line.text.startsWith('error:') ? `${line.text}  → npx flywheel help\n` : line.text);
    return 2;
  }
  const unread = line.envFile === undefined ? null : loadEnvFile(line.envFile);
  const prepared = unread === null ? line.command.prepare(line) : wrong(line.command.name, [`--env-file: ${unread}`]);
  const answer = prepared.kind === 'ready' ? await perform(prepared, line.command.limitMs, io) : prepared;
  return tell(answer, line.json, io);
}

async function perform(prepared: Extract<Prepared, { kind: 'ready' }>, limitMs: number | null, io: CliIo): Promise<Answer> {
  const context = openContext({ ...(io.env === undefined ? {} : { env: io.env }), readStdin: io.readStdin, say: (line) => io.err(`${line}\n`) });
  try {
    return await withinLimit(prepared.perform(context), limitMs);
  } catch (error) {
    return sayFailure(error);
  } finally {
    await closeSoon(context);
  }
}

const CLOSES_WITHIN_MS = 2_000;

/** Something that hangs must not hang whoever asked. */
async function closeSoon(context: Context): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([context.close(), new Promise<void>((resolve) => { timer = setTimeout(resolve, CLOSES_WITHIN_MS); })]);
  clearTimeout(timer);
}

async function withinLimit(work: Promise<Answer>, limitMs: number | null): Promise<Answer> {
  if (limitMs === null) return work;
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<Failed>((resolve) => {
    timer = setTimeout(() => resolve(failed(`There was no answer within ${String(limitMs / 1000)} seconds.`, 'npx flywheel doctor shows what does not answer.')), limitMs);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** The result goes to standard output and nothing else does: a program can read it, a file can take it. */
function tell(answer: Answer, json: boolean, io: CliIo): 0 | 1 | 2 {
  if (answer.kind === 'done') {
    io.out(json ? `${JSON.stringify(answer.result, null, 2)}\n` : withEnd(answer.text));
    return answer.exitCode;
  }
  const { message, todo } = answer;
  io.err(json ? `${JSON.stringify({ error: { message, todo } })}\n` : `${message}\n  → ${todo}\n`);
  return answer.exitCode;
}

function withEnd(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** The program: this process's own arguments, streams and environment. */
export async function main(words: readonly string[]): Promise<number> {
  // Whoever reads may stop reading (`| head`).
  process.stdout.on('error', () => process.exit(0));
  return runLine(words, {
    out: (given) => { process.stdout.write(given); },
    err: (given) => { process.stderr.write(given); },
    readStdin: () => text(process.stdin),
  });
}
