import { Argument, Command as Program, Option } from 'commander';
import type { Command } from './command.ts';
import { optionName } from './command.ts';
import { fieldsOf } from './fields.ts';
import type { NamedField } from './fields.ts';

/** A command that the line named, with what was given to it as plain text. */
export type Chosen = { readonly command: Command; readonly args: Readonly<Record<string, unknown>>; readonly options: Readonly<Record<string, unknown>>; readonly json: boolean; readonly envFile: string | undefined };

export type Groups = Readonly<Record<string, string>>;

type Hooks = { chosen(chosen: Chosen): void; out(text: string): void; err(text: string): void };

/** Commander's tree of the commands: it splits a line into words and writes the help; what the words mean is the schemas' business. */
export function buildProgram({ commands, groups, version }: { commands: readonly Command[]; groups: Groups; version: string }, hooks: Hooks): Program {
  const program = new Program('flywheel').description('Operate Flywheel.').version(version, '--version', 'show which build this is').helpCommand(false);
  settle(program, hooks);
  const parents = new Map<string, Program>();
  for (const definition of commands) {
    const [first = '', second] = definition.name.split(' ');
    const parent = second === undefined ? program : parents.get(first) ?? addGroup(program, first, groups, hooks);
    if (second !== undefined) parents.set(first, parent);
    const leaf = parent.command(second ?? first);
    settle(leaf, hooks);
    describe(leaf, definition);
    leaf.action(() => {
      const { json, envFile, ...options } = leaf.opts<Record<string, unknown>>();
      const given: readonly unknown[] = leaf.processedArgs;
      const args = Object.fromEntries(fieldsOf(definition.args).map(({ name }, place) => [name, given[place]]));
      hooks.chosen({ command: definition, args, options, json: json === true, envFile: typeof envFile === 'string' ? envFile : undefined });
    });
  }
  return program;
}

function addGroup(program: Program, name: string, groups: Groups, hooks: Hooks): Program {
  const group = program.command(name).description(groups[name] ?? '').helpCommand(false);
  settle(group, hooks);
  return group;
}

function settle(program: Program, { out, err }: Hooks): void {
  program.exitOverride().allowExcessArguments(false).showHelpAfterError(false).configureOutput({ writeOut: out, writeErr: err, outputError: (text, write) => write(text) });
}

function describe(leaf: Program, { summary, description, examples, args, options }: Command): void {
  leaf.summary(summary).description(description);
  for (const field of fieldsOf(args)) leaf.addArgument(new Argument(argumentForm(field), field.say));
  for (const field of fieldsOf(options)) leaf.addOption(toOption(field));
  leaf.option('--json', 'print the result as JSON, for programs');
  leaf.option('--env-file <file>', 'read variables that are not set from this file (see .env.example)');
  leaf.addHelpText('after', `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.map(({ line, does }) => `  # ${does}\n  ${line}`).join('\n')}`);
}

export function argumentForm({ placeholder, kind, required }: NamedField): string {
  const inner = kind === 'list' ? `${placeholder}...` : placeholder;
  return required ? `<${inner}>` : `[${inner}]`;
}

export function optionForm(field: NamedField): string {
  return field.kind === 'flag' ? optionName(field.name) : `${optionName(field.name)} <${field.placeholder}>`;
}

/** What help says of a field: its meaning, and whether it must be given or may be repeated. */
export function sayField({ say, required, kind }: NamedField): string {
  return `${say}${required ? ' (required)' : ''}${kind === 'list' ? ' (may be repeated)' : ''}`;
}

function toOption(field: NamedField): Option {
  const option = new Option(optionForm(field), sayField(field));
  return field.kind === 'list' ? option.argParser((given: string, before: readonly string[] | undefined) => [...before ?? [], given]) : option;
}
