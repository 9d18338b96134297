import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readStartOptions } from './start-options.ts';
import { startProduct } from './start-product.ts';

const ROOT = join(__dirname, '..', '..');

/** `npm start`: the whole product on this machine, until Ctrl-C. */
async function main(): Promise<void> {
  const options = readStartOptions(process.argv.slice(2));
  if ('say' in options) {
    process.stdout.write(`${options.say}\n`);
    process.exitCode = options.exitCode;
    return;
  }
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
  });
  const envFile = join(ROOT, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const product = await startProduct({ ...options, dir: join(ROOT, '.flywheel'), stopAsked: asked });
  await Promise.race([asked, product.failed]);
  process.stdout.write('\nStopping …\n');
  await product.stop();
  process.stdout.write('Stopped. What waits is kept; npm start goes on with it.\n');
  process.exit(0);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
