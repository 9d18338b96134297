import { z } from 'zod';
import { runLine } from '../../src/cli/main.ts';

export type CliRun = { readonly code: number; readonly out: string; readonly err: string };

/** Runs a line in this process, as `npx flywheel` would with nothing but these variables set. */
export async function runCli(env: Readonly<Record<string, string>>, words: readonly string[], stdin = ''): Promise<CliRun> {
  let out = '';
  let err = '';
  const code = await runLine(words, { env, out: (text) => { out += text; }, err: (text) => { err += text; }, readStdin: async () => stdin });
  return { code, out, err };
}

/** The same with `--json`: its result, read. Throws where the line failed, with what it said. */
export async function runJson<T>(env: Readonly<Record<string, string>>, words: readonly string[], schema: z.ZodType<T>, stdin = ''): Promise<T> {
  const { out, err } = await runCli(env, [...words, '--json'], stdin);
  if (out === '') throw new Error(err);
  return schema.parse(JSON.parse(out));
}

/** A line as it stands in help, cut into words: quotes keep together what belongs together. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(2);
}

const errorSchema = z.object({ error: z.object({ message: z.string(), todo: z.string() }) });

/** What an error with `--json` said. */
export function errorIn({ err }: CliRun): { message: string; todo: string } {
  return errorSchema.parse(JSON.parse(err)).error;
}
