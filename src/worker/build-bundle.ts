import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { bundleWorkflows } from './bundle-workflows.ts';

const DEFAULT_FILE = 'dist/workflows.cjs';

/** `npm run build [-- file]`: writes the workflow bundle that a worker loads by the variable WORKFLOW_BUNDLE. */
async function main(): Promise<void> {
  const file = resolve(process.argv[2] ?? DEFAULT_FILE);
  const code = await bundleWorkflows();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
  process.stdout.write(`${relative(process.cwd(), file)}: ${String(Math.round(Buffer.byteLength(code) / 1024))} KiB\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
