import { argumentForm, optionForm, sayField } from './build-program.ts';
import type { Command } from './command.ts';
import { fieldsOf } from './fields.ts';

const INTRODUCTION = `# The command line

\`npx flywheel <command>\` operates a deployment, from a clone after \`npm ci\` or from the image (\`node src/cli/flywheel.mjs <command>\`).
This page is printed by \`npx flywheel help --markdown\`; a test keeps it so.

- **Where it works**: it reads the same variables as the services (\`.env.example\`); \`--env-file <file>\` reads those that are not set from
  a file. Only what makes tenants and keys, and \`migrate\`, needs the owner's login (\`DATABASE_URL\`); the rest works as the app's or
  the relay's role, with \`DATABASE_APP_URL\` and \`DATABASE_RELAY_URL\` alone.
- **For programs**: every command takes \`--json\`. The result is all that is written to standard output; instants are ISO 8601 in
  UTC, lengths of time milliseconds. An error is one line of JSON on standard error: \`{"error":{"message":…,"todo":…}}\`.
- **Exit codes**: 0 fine; 1 a problem was found, or it could not be done; 2 it was asked wrongly.
- What a person decides here stands in the audit under the actor \`cli\`, or \`cli:<label>\` with \`--actor <label>\`.
`;

/** The reference of these commands as Markdown; made from what parsing and help are made from. */
export function reference(commands: readonly Command[]): string {
  const contents = commands.map(({ name, summary }) => `| [\`${name}\`](#flywheel-${name.replaceAll(' ', '-')}) | ${summary} |`);
  return `${INTRODUCTION}\n| command | what it does |\n|---|---|\n${contents.join('\n')}\n\n${commands.map(section).join('\n')}`;
}

function section({ name, description, examples, args, options }: Command): string {
  const positional = fieldsOf(args);
  const given = fieldsOf(options);
  const usage = ['npx flywheel', name, ...positional.map(argumentForm), ...(given.length > 0 ? ['[options]'] : [])].join(' ');
  const rows = [
    ...positional.map((field) => `| \`${argumentForm(field)}\` | ${cell(sayField({ ...field, required: false }))} |`),
    ...given.map((field) => `| \`${optionForm(field)}\` | ${cell(sayField(field))} |`),
  ];
  const table = rows.length === 0 ? '' : `\n| given | meaning |\n|---|---|\n${rows.join('\n')}\n`;
  const shown = examples.map(({ line, does }) => `# ${does}\n${line}`).join('\n');
  return `## flywheel ${name}\n\n${description}\n\n    ${usage}\n${table}\n\`\`\`\n${shown}\n\`\`\`\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
