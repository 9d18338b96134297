import type { z } from 'zod';
import type { Context } from './context.ts';
import { fieldsOf } from './fields.ts';
import type { Fields } from './fields.ts';

/** A line that works as it stands, and what it does. */
export type Example = { readonly line: `npx flywheel ${string}`; readonly does: string };

/** 1: a problem was found, or it could not be done. 2: it was asked wrongly. */
export type Failed = { readonly kind: 'failed'; readonly exitCode: 1 | 2; readonly message: string; readonly todo: string };

/** It was done. `problem`: what it found is one, so the exit code is 1. */
export type Done<R> = { readonly kind: 'done'; readonly result: R; readonly problem: boolean };

/**
 * One command, written once: parsing, help, reference and `--json` read it. `result` is what `--json` prints: plain data,
 * instants as ISO 8601 in UTC; `text` tells the same to people.
 */
export type CommandDefinition<A extends Fields, O extends Fields, R> = {
  /** `tenant make`: at most one group before it. */
  name: string;
  summary: string;
  description: string;
  examples: readonly [Example, ...Example[]];
  /** Positional, in this order. */
  args: A;
  options: O;
  /** How long it may take before it is given up (ms); null: as long as it takes. 60,000 when left out. */
  limitMs?: number | null;
  run(call: { readonly context: Context; readonly args: z.output<A>; readonly options: z.output<O> }): Promise<Done<R> | Failed>;
  text(result: R): string;
};

export type Answer = { readonly kind: 'done'; readonly result: unknown; readonly text: string; readonly exitCode: 0 | 1 } | Failed;
export type Prepared = Failed | { readonly kind: 'ready'; perform(context: Context): Promise<Answer> };

/** A command whose types are settled. */
export type Command = Pick<CommandDefinition<Fields, Fields, unknown>, 'name' | 'summary' | 'description' | 'examples' | 'args' | 'options'> & {
  readonly limitMs: number | null;
  /** Reads what was given; nothing is done before `perform`. */
  prepare(given: { args: Readonly<Record<string, unknown>>; options: Readonly<Record<string, unknown>> }): Prepared;
};

const LIMIT_MS = 60_000;

export function command<A extends Fields, O extends Fields, R>(definition: CommandDefinition<A, O, R>): Command {
  const { run, text, ...shown } = definition;
  return {
    ...shown,
    limitMs: definition.limitMs === undefined ? LIMIT_MS : definition.limitMs,
    prepare(given) {
      const args = definition.args.safeParse(given.args);
      const options = definition.options.safeParse(given.options);
      if (!args.success || !options.success) {
        return wrong(definition.name, [...(args.error?.issues ?? []).map(sayArgument(definition.args)), ...(options.error?.issues ?? []).map(sayOption)]);
      }
      return {
        kind: 'ready',
        async perform(context) {
          const outcome = await run({ context, args: args.data, options: options.data });
          if (outcome.kind === 'failed') return outcome;
          return { kind: 'done', result: outcome.result, text: text(outcome.result), exitCode: outcome.problem ? 1 : 0 };
        },
      };
    },
  };
}

export function done<R>(result: R, problem = false): Done<R> {
  return { kind: 'done', result, problem };
}

export function failed(message: string, todo: string): Failed {
  return { kind: 'failed', exitCode: 1, message, todo };
}

/** It was asked wrongly: every problem, a line each. */
export function wrong(name: string, problems: readonly string[]): Failed {
  return { kind: 'failed', exitCode: 2, message: problems.join('\n'), todo: `npx flywheel ${name} --help` };
}

/** `fromAddress` as people write it: `--from-address`. */
export function optionName(field: string): string {
  return `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

type Issue = z.core.$ZodIssue;

function sayOption(issue: Issue): string {
  const [field] = issue.path;
  if (issue.code === 'unrecognized_keys') return `there is no option ${issue.keys.map(optionName).join(', ')}`;
  return `${optionName(String(field))} ${isMissing(issue) ? 'is missing' : issue.message}`;
}

function sayArgument(fields: Fields): (issue: Issue) => string {
  return (issue) => {
    const named = fieldsOf(fields).find(({ name }) => name === issue.path[0]);
    return `<${named?.placeholder ?? 'argument'}> ${isMissing(issue) ? 'is missing' : issue.message}`;
  };
}

function isMissing(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.input === undefined && issue.path.length === 1;
}
