import { readFileSync } from 'node:fs';
import { WORKFLOWS_INDEX, workflowsIndex } from '../../src/dev/workflows-index.ts';
import { importsOf } from './support/imports.ts';
import { CODE_FOLDERS, readFiles } from './support/source-files.ts';

const workflowFiles = readFiles(['workflows'], '/workflow.ts').map((file) => file.path);
const registry = readFiles(['workflows'], 'registry.ts').flatMap(importsOf);
const entry = readFiles(['workflows'], 'workflows/index.ts').flatMap(importsOf);

test('the bundle holds every workflow there is: a missing one would bundle in silence and never run', () => {
  expect(workflowFiles.length).toBeGreaterThan(0);
  expect(entry.map((item) => item.target).toSorted()).toEqual(workflowFiles);
});

test('the entry of the bundle is what the folders say (`npm run docs` writes it)', () => {
  expect(readFileSync(WORKFLOWS_INDEX, 'utf8')).toBe(workflowsIndex());
});

test('every loop has its line in the registry, definition and words', () => {
  const parts = [...readFiles(['workflows'], '/definition.ts'), ...readFiles(['workflows'], '/copy.ts')].map((file) => file.path);
  expect(parts.length).toBeGreaterThan(0);
  expect(registry.map((item) => item.target)).toEqual(expect.arrayContaining(parts));
});

test('only the relay starts or signals workflows: none starts or signals another', () => {
  const reaching = readFiles(CODE_FOLDERS.filter((folder) => folder !== 'test'), '.ts')
    .flatMap(importsOf)
    .filter((item) => item.target === '@temporalio/workflow')
    .filter((item) => item.names.some((name) => ['*', 'startChild', 'executeChild', 'getExternalWorkflowHandle'].includes(name)));
  expect(reaching).toEqual([]);
});
