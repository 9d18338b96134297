import { z } from 'zod';
import { buildProgram } from '../build-program.ts';
import type { Groups } from '../build-program.ts';
import { command, done, optionName, wrong } from '../command.ts';
import type { Command } from '../command.ts';
import { fieldsOf, flag, list } from '../fields.ts';
import { reference } from '../reference.ts';

/** Help about all commands or one; the reference as Markdown; or, with `--json`, the commands as data. */
export function helpCommand(table: () => { commands: readonly Command[]; groups: Groups }): Command {
  return command({
    name: 'help',
    summary: 'show help, for all commands or for one',
    description: 'Shows help. With --markdown it prints the whole reference, as in docs/command-line.md.',
    examples: [
      { line: 'npx flywheel help key rotate', does: 'about one command' },
      { line: 'npx flywheel help --markdown', does: 'the reference' },
    ],
    args: z.strictObject({ command: list('command', 'which command; left out: all') }),
    options: z.strictObject({ markdown: flag('print the reference of all commands as Markdown') }),
    async run({ args, options: { markdown } }) {
      const { commands, groups } = table();
      const named = (args.command ?? []).join(' ');
      const shown = commands.filter(({ name }) => named === '' || name === named || name.startsWith(`${named} `));
      if (shown.length === 0) return wrong('help', [`there is no command ${named}`]);
      const text = markdown ? reference(shown) : helpOf(named, { commands, groups });
      return done({ text, commands: shown.map(asData) });
    },
    text: ({ text }) => text,
  });
}

function helpOf(named: string, table: { commands: readonly Command[]; groups: Groups }): string {
  const program = buildProgram({ ...table, version: '' }, { chosen: () => {}, out: () => {}, err: () => {} });
  const words = named === '' ? [] : named.split(' ');
  const found = words.reduce((at, word) => at.commands.find((inner) => inner.name() === word) ?? at, program);
  return textOfHelp(found);
}

function textOfHelp(program: ReturnType<typeof buildProgram>): string {
  let text = '';
  program.configureOutput({ writeOut: (more) => { text += more; } }).outputHelp();
  return text;
}

function asData({ name, summary, description, examples, args, options }: Command) {
  const plain = (fields: Command['args'], say: (name: string) => string) =>
    fieldsOf(fields).map(({ kind, say: means, required, name: field, placeholder }) => ({ name: say(field), kind, placeholder, means, required }));
  return { name, summary, description, examples, arguments: plain(args, (field) => field), options: plain(options, optionName) };
}
