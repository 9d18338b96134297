import { z } from 'zod';
import { findText, repositoryFiles } from './support/repository-files.ts';
import { CODE_FOLDERS, readFiles } from './support/source-files.ts';

const files = repositoryFiles();
const lockFile = z.object({ packages: z.record(z.string(), z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() })) });

/** Hosts that serve packages, and anything that stands in for one on a private network. */
const PACKAGE_HOST = /\b(?:registry\.[\w-]+\.[a-z]{2,}|(?:npmjs|pypi|verdaccio|artifactory|nexus)\.(?:org|com|io|net)|repo\d?\.maven\.|proxy\.golang\.|[\w-]+[.-](?:mirror|registry)\.[\w-]+\.?[a-z]{2,})/i;
/** Absolute paths of somebody's machine. */
const MACHINE_PATH = /(?<![\w./~<-])\/(?:root|home|work|Users|mnt)\/[\w.-]+|\b[A-Z]:\\\w+/;
const SWITCHED_OFF = /(?:oxlint|eslint)-(?:disable|enable)|@ts-(?:ignore|expect-error|nocheck)|prettier-ignore/;
const LONGEST_FILE_LINES = 300;

test('the repository names no package host: each machine asks the registry it is set up for', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(findText(files, PACKAGE_HOST)).toEqual([]);
});

test('the lock file holds no address from which a package once came', () => {
  const lock = files.filter((file) => file.path === 'package-lock.json');
  expect(lock).toHaveLength(1);
  expect(findText(lock, /"resolved":/)).toEqual([]);
  expect(findText(files.filter((file) => file.path === '.npmrc'), /omit-lockfile-registry-resolved=true/)).toHaveLength(1);
});

test('the lock file names every optional part of a package, for whatever machine: or "npm ci" refuses it', () => {
  const { packages } = lockFile.parse(JSON.parse(files.find((file) => file.path === 'package-lock.json')?.text ?? ''));
  const locked = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)));
  const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
});

test('the repository names no path of one machine', () => {
  expect(findText(files, MACHINE_PATH)).toEqual([]);
});

test('no lint rule and no type check is switched off in a file', () => {
  const code = CODE_FOLDERS.flatMap((folder) => files.filter((file) => file.path.startsWith(`${folder}/`) && file.path !== 'test/checks/repository.test.ts'));
  expect(findText(code, SWITCHED_OFF)).toEqual([]);
});

test(`no file of code is longer than ${LONGEST_FILE_LINES} lines`, () => {
  const code = ['.ts', '.mjs', '.cjs', '.sql'].flatMap((ending) => readFiles(CODE_FOLDERS, ending));
  const long = code.map((file) => ({ path: file.path, lines: file.text.trimEnd().split('\n').length })).filter((file) => file.lines > LONGEST_FILE_LINES);
  expect(long).toEqual([]);
});

describe('the checks bite', () => {
  const at = (text: string): readonly { path: string; text: string }[] => [{ path: 'x', text }];

  // Put together here, for this file is part of the repository, too.
  const host = (...parts: string[]): string => parts.join('.');
  const path = (...parts: string[]): string => ['', ...parts].join('/');

  test.each([host('registry', 'npmjs', 'org'), `https://${host('registry', 'example', 'org')}/x`, host('repo1', 'maven', 'org'), host('npm-registry', 'acme', 'internal'), `https://${host('pypi', 'org')}/simple`])(
    '%s is a package host',
    (text) => expect(findText(at(text), PACKAGE_HOST)).toHaveLength(1),
  );
  test.each([`'${path('root', 'x')}'`, `cd ${path('home', 'ada', 'flywheel')}`, `"${path('Users', 'ada')}"`, ['C:', 'Users', 'ada'].join('\\')])(
    '%s is a path of a machine',
    (text) => expect(findText(at(text), MACHINE_PATH)).toHaveLength(1),
  );
  test.each(['https://example.org/home/page', './workflows/x', '/api/work/1', '~/work/x', 'src/work/x', 'workflows/registry.ts', 'pypi.log'])('%s is none of them', (text) => {
    expect([...findText(at(text), MACHINE_PATH), ...findText(at(text), PACKAGE_HOST)]).toEqual([]);
  });
});
