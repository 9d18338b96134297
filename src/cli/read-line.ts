import { CommanderError } from 'commander';
import { buildProgram } from './build-program.ts';
import type { Chosen, Groups } from './build-program.ts';
import type { Command } from './command.ts';

/** What a line asks for: a command; something to read (help, version); or nothing that there is, said in words. */
export type Line = ({ readonly kind: 'command' } & Chosen) | { readonly kind: 'shown'; readonly text: string } | { readonly kind: 'wrong'; readonly text: string };

export type Table = { readonly commands: readonly Command[]; readonly groups: Groups; readonly version: string };

/** Reads a line's words, without doing anything. */
export function readLine(words: readonly string[], table: Table): Line {
  let chosen: Chosen | undefined;
  let text = '';
  const add = (more: string): void => { text += more; };
  const program = buildProgram(table, { chosen: (found) => { chosen = found; }, out: add, err: add });
  try {
    program.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: error.exitCode === 0 ? 'shown' : 'wrong', text };
  }
  return chosen === undefined ? { kind: 'wrong', text } : { kind: 'command', ...chosen };
}
