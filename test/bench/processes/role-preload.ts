import { handed, replaceSmtp } from './no-op-transport.ts';
import { profileCommands } from './profile-commands.ts';
import { answerCommands } from './serve-commands.ts';

/** Loaded before `src/main.ts`: what is measured is the very role that is shipped, which moreover answers the bench's questions. */
if (process.argv.includes('no-op')) replaceSmtp();
answerCommands({
  ...profileCommands(),
  count: () => handed.length,
  handed: () => handed,
  forget: () => { handed.length = 0; },
});
