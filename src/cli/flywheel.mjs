#!/usr/bin/env node
/** What `npx flywheel` runs: loads the TypeScript as it is, in this process. */
import { createRequire } from 'node:module';
import 'tsx';

const { main } = createRequire(import.meta.url)('./main.ts');
process.exitCode = await main(process.argv.slice(2));
// A server that hangs keeps its connection open; it must not keep whoever asked.
setTimeout(() => process.exit(), 1000).unref();
