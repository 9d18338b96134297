import { z } from 'zod';
import { migrate as runMigrations } from '../../../db/migrate.ts';
import { readMigrationState } from '../../../db/read/migration-state.ts';
import { command, done, failed } from '../command.ts';
import { flag, noFields } from '../fields.ts';

export const migrate = command({
  name: 'migrate',
  summary: 'bring the database to this version\'s schema',
  description: 'Applies the migrations that are missing, as the owner, each in a transaction of its own. Safe beside another that does the same, and while the older version runs. With --plan nothing is changed: what would be applied is listed.',
  examples: [
    { line: 'npx flywheel migrate --plan', does: 'look first' },
    { line: 'npx flywheel migrate', does: 'apply' },
  ],
  args: noFields,
  options: z.strictObject({ plan: flag('only list what would be applied') }),
  // A migration of a large table takes what it takes.
  limitMs: null,
  async run({ context, options: { plan } }) {
    const { pending, altered, unknown, applied } = await readMigrationState(context.owner());
    if (altered.length > 0) {
      return failed(`Applied migrations were changed afterwards: ${altered.join(', ')}.`, 'Put the files back as they were, and add a new migration for the change.');
    }
    const report = plan ? { applied: [], already: applied.length } : await runMigrations(context.env(['DATABASE_URL']).DATABASE_URL, (name) => context.say(`applied ${name}`));
    return done({ planned: plan, pending: plan ? pending : [], ...report, newerThanThis: unknown });
  },
  text: ({ planned, pending, applied, already, newerThanThis }) => [
    ...(planned ? pending.map((name) => `would apply ${name}`) : []),
    planned ? `${String(pending.length)} to apply, ${String(already)} already there` : `${String(applied.length)} applied, ${String(already)} already there`,
    ...(newerThanThis.length > 0 ? [`The database has migrations of a newer version: ${newerThanThis.join(', ')}`] : []),
  ].join('\n'),
});
