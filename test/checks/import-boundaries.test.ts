import { checkImports } from './support/check-imports.ts';
import { CODE_FOLDERS, readFiles } from './support/source-files.ts';

const check = (path: string, text: string): string[] => checkImports([{ path, text }]);

test('every file imports only what the table of areas allows', () => {
  expect(checkImports(readFiles(CODE_FOLDERS, '.ts'))).toEqual([]);
});

describe('the check bites', () => {
  test.each([
    ['rules that read the database', 'src/domain/caps.ts', "import { sql } from '../../db/client.ts';"],
    ['rules that take a type from outside', 'src/domain/caps.ts', "import type { Tx } from '../../db/client.ts';"],
    ['rules that use the platform', 'src/domain/caps.ts', "import { randomBytes } from 'node:crypto';"],
    ['rules that use the platform under its old name', 'src/domain/caps.ts', "import { readFileSync } from 'fs';"],
    ['rules that take more than a pure function', 'src/domain/caps.ts', "import { timingSafeEqual, randomBytes } from 'node:crypto';"],
    ['rules that take a whole module under a pure name', 'src/domain/caps.ts', "import * as isIPv4 from 'node:net';"],
    ['rules that parse with zod', 'src/domain/caps.ts', "import { z } from 'zod';"],
    ['a loop that runs an activity itself', 'workflows/invite/workflow.ts', "import { sendDue } from '../../activities/messages/send-due.ts';"],
    ['a loop that takes a value beside types', 'workflows/invite/workflow.ts', "import { type A, sendDue } from '../../activities/messages/send-due.ts';"],
    ['a loop that reaches into its neighbour', 'workflows/invite/workflow.ts', "import { x } from '../streak-rescue/definition.ts';"],
    ['a loop with zod in its bundle', 'workflows/system/sender/workflow.ts', "import { z } from 'zod';"],
    ['a loop with the schema in its bundle', 'workflows/invite/workflow.ts', "import { pgTable } from 'drizzle-orm/pg-core';"],
    ['a loop that uses the platform', 'workflows/invite/workflow.ts', "import { join } from 'node:path';"],
    ['a loop that reads the configuration', 'workflows/kit/open-run.ts', "import { log } from '../../src/telemetry/log.ts';"],
    ['the database knows the API', 'db/write/accept.ts', "import { page } from '../../src/api/page.ts';"],
    ['the schema uses more than types of the rules', 'db/schema/people.ts', "import { isId } from '../../src/domain/ids.ts';"],
    ['the API calls a provider', 'src/api/invites.ts', "import { openSmtp } from '../providers/email/smtp.ts';"],
    ['the API talks to Temporal itself', 'src/api/invites.ts', "import { Client } from '@temporalio/client';"],
    ['an activity talks to Temporal itself', 'activities/messages/send-due.ts', "import { Client } from '@temporalio/client';"],
    ['the worker knows the API', 'src/worker/main.ts', "import { app } from '../api/app.ts';"],
    ['the product uses the development stack', 'src/api/app.ts', "import { startPostgres } from '../dev/postgres.ts';"],
    ['the product uses a test', 'src/worker/main.ts', "import { x } from '../../test/support/x.ts';"],
    ['a re-export passes something on', 'src/domain/caps.ts', "export * from '../../db/client.ts';"],
    ['an import at run time', 'src/domain/caps.ts', "export const late = () => import('node:fs');"],
    ['an import of a computed name', 'src/domain/caps.ts', 'export const late = (name: string) => import(name);'],
    ['a require', 'src/domain/caps.ts', "export const fs = require('node:fs');"],
    ['an import type', 'src/domain/caps.ts', "export type T = import('../../db/client.ts').Tx;"],
    ['a file outside the areas', 'src/misc/helper.ts', ''],
  ])('%s is found', (_what, path, text) => {
    expect(check(path, text)).toEqual([expect.stringContaining(path)]);
  });

  test.each([
    ['a rule uses a rule', 'src/domain/caps/daily.ts', "import { isId } from '../ids.ts';"],
    ['a rule compares in constant time', 'src/domain/link/code.ts', "import { timingSafeEqual } from 'node:crypto';"],
    ['a loop takes the types of an activity', 'workflows/invite/workflow.ts', "import type { Activities } from '../../activities/create.ts';"],
    ['a loop uses the kit, its own files and rules', 'workflows/invite/workflow.ts', "import { a } from '../kit/a.ts'; import { b } from './copy.ts'; import { c } from '../../src/domain/c.ts';"],
    ['an activity reads a definition', 'activities/messages/render.ts', "import { copy } from '../../workflows/invite/copy.ts';"],
    ['the relay starts workflows', 'src/relay/nudge.ts', "import { Client } from '@temporalio/client';"],
  ])('%s: allowed', (_what, path, text) => {
    expect(check(path, text)).toEqual([]);
  });
});
