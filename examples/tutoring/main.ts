import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tutoringApp } from './app.ts';
import { textAt } from './answers.ts';
import { caller } from './call.ts';
import { flywheel } from './flywheel.ts';
import { setUp } from './set-up.ts';

const { FLYWHEEL_URL = 'http://127.0.0.1:3000', FLYWHEEL_SECRET_KEY = keyOfNpmStart(), PORT = '3030' } = process.env;

/** The key of the tenant that `npm start` made on this machine. */
function keyOfNpmStart(): string {
  try {
    return textAt(JSON.parse(readFileSync(join(__dirname, '..', '..', '.flywheel', 'demo.json'), 'utf8')), 'secret');
  } catch {
    return '';
  }
}

async function main(): Promise<void> {
  if (FLYWHEEL_SECRET_KEY === '') throw new Error('FLYWHEEL_SECRET_KEY is not set: npm start prints one.');
  const appUrl = `http://127.0.0.1:${PORT}`;
  const call = caller(FLYWHEEL_URL, FLYWHEEL_SECRET_KEY);
  const { programId, webhookSecret } = await setUp(call, appUrl);
  tutoringApp({ growth: flywheel(call), programId, webhookSecret }).listen(Number(PORT), '127.0.0.1', () => {
    process.stdout.write(`The tutoring app is on ${appUrl}\n`);
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
