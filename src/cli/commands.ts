import type { Groups } from './build-program.ts';
import type { Command } from './command.ts';
import { audit } from './commands/audit.ts';
import { breakerCommands } from './commands/breakers.ts';
import { doctor } from './commands/doctor.ts';
import { explain } from './commands/explain.ts';
import { held } from './commands/held.ts';
import { helpCommand } from './commands/help.ts';
import { keyCommands } from './commands/keys.ts';
import { lanes } from './commands/lanes.ts';
import { lawCommands } from './commands/law.ts';
import { ledgerCommands } from './commands/ledger.ts';
import { migrate } from './commands/migrate.ts';
import { outbox } from './commands/outbox.ts';
import { publishableKeyCommands } from './commands/publishable-keys.ts';
import { replay } from './commands/replay.ts';
import { report } from './commands/report.ts';
import { runs } from './commands/runs.ts';
import { tenantCommands } from './commands/tenants.ts';

/** What is said of the commands that share a first word. */
export const groups: Groups = {
  tenant: 'make, list, show, limit, pause and resume tenants',
  key: 'make, list, rotate and revoke the keys of tenants',
  breakers: 'list and reset the circuit breakers of providers',
  ledger: 'prove the books of tenants',
  law: 'show, check, publish and list editions of the law',
};

/** Every command, in the order in which help and reference show them. */
export const commands: readonly Command[] = [
  doctor, migrate, ...tenantCommands, ...keyCommands, ...publishableKeyCommands, explain, audit, held, outbox, lanes, runs, ...breakerCommands, ...lawCommands, ...ledgerCommands, report, replay,
  helpCommand(() => ({ commands, groups })),
];
