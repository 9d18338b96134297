import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { composeProblems, dockerfileProblems } from './support/compose-problems.ts';
import type { Project } from './support/compose-problems.ts';
import { ENV_NAMES } from '../../src/config/env.ts';
import { parseYaml } from '../../src/dev/compose-file.ts';
import { REPOSITORY } from './support/source-files.ts';

const read = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');
const COMPOSE = read('docker-compose.yml');
const DOCKERFILE = read('Dockerfile');

/** See fixtures/compose-spec.md for where it comes from. */
const followsSpecification = new Ajv2020({ strict: false }).compile(JSON.parse(read('test/checks/fixtures/compose-spec.schema.json')));

const project: Project = {
  hasFile: (path) => existsSync(join(REPOSITORY, path)),
  dockerfile: DOCKERFILE,
  exampleVariables: [...read('.env.compose.example').matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name),
  productVariables: ENV_NAMES,
  roles: [...(/const ROLES = \[([^\]]*)\]/.exec(read('src/main.ts'))?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, role = '']) => role),
  needed: neededVariables(read('src/main.ts')),
  loginsSql: read('db/logins.sql'),
  scripts: Object.keys(z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json'))).scripts),
};

test('docker-compose.yml follows the Compose specification', () => {
  expect(schemaProblems(COMPOSE)).toEqual([]);
});

test('every variable, command, path, login and port that docker-compose.yml names exists here', () => {
  expect(project.roles).toEqual(['api', 'relay', 'worker', 'migrate']);
  expect(composeProblems(COMPOSE, project)).toEqual([]);
});

test('every path, script and variable that the Dockerfile names exists here', () => {
  expect(dockerfileProblems(DOCKERFILE, read('.dockerignore'), project)).toEqual([]);
});

describe('the checks bite', () => {
  const change = (from: string | RegExp, to: string, text = COMPOSE): string => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`nothing to change: ${String(from)}`);
    return changed;
  };

  test.each([
    ['a wrong key', change('restart: unless-stopped', 'restarts: unless-stopped')],
    ['a condition that does not exist', change('condition: service_healthy', 'condition: service_happy')],
    ['a duration that is none', change('stop_grace_period: 45s', 'stop_grace_period: [45]')],
  ])('the schema finds %s', (_what, text) => {
    expect(schemaProblems(text)).not.toEqual([]);
  });

  test.each([
    ['an unknown variable', change('HEALTH_PORT:', 'HEALTHY_PORT:'), 'relay sets HEALTHY_PORT, which the product does not know'],
    ['a variable that nobody can fill in', change('${SMTP_URL:?', '${MAIL_URL:?'), '.env.compose.example does not name MAIL_URL'],
    ['a variable left over in the example', change(/\$\{TRUST_PROXY:-0\}/, '0'), '.env.compose.example names TRUST_PROXY, which nothing asks for'],
    ['a value that is not taken', change("API_DRAIN_MS: '5000'", 'API_DRAIN_MS: soon'), 'api: API_DRAIN_MS must be a whole number'],
    ['a variable that a role needs', change(/ {6}DATABASE_RELAY_URL:.*\n/, ''), 'relay does not set DATABASE_RELAY_URL'],
    ['an unknown command', change('[src/main.ts, relay]', '[src/main.ts, relays]'), 'relay runs src/main.ts relays, which is no role'],
    ['a path that does not exist', change('src/telemetry/check-health.mjs', 'src/telemetry/check.mjs'), 'there is no src/telemetry/check.mjs'],
    ['a mounted file that does not exist', change('./db/logins.sql', './db/login.sql'), 'there is no ./db/login.sql'],
    ['a port that nobody listens on', change('http://127.0.0.1:3002/healthz', 'http://127.0.0.1:3003/healthz'), 'the health check asks port 3003'],
    ['a published port that nobody listens on', change(':-3000}:3000', ':-3000}:3001'), 'api publishes 3001'],
    ['a port open to everybody', change("'127.0.0.1:${API_PORT", "'${API_PORT"), 'is not bound to loopback'],
    ['a login that is not made', change('postgres://flywheel_outbox:', 'postgres://flywheel_relay:'), 'db/logins.sql makes no login flywheel_relay'],
    ['another login\'s password', change('flywheel_outbox:${FLYWHEEL_RELAY_PASSWORD:?', 'flywheel_outbox:${FLYWHEEL_API_PASSWORD:?'), 'relay signs in as flywheel_outbox with a password that logins does not give it'],
    ['a password that is not handed on', change(/ {8}-c logins.worker=.*\n/, ''), 'logins does not set logins.worker'],
    ['a secret in the file', change('POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it in .env.compose, made with openssl rand -hex 24}', 'POSTGRES_PASSWORD: hunter2'), 'postgres holds a secret: POSTGRES_PASSWORD'],
    ['an image without a version', change('temporalio/ui:2.54.1', 'temporalio/ui:latest'), 'temporalio/ui:latest is not pinned'],
    ['a dependency on nothing', change('depends_on: { postgres:', 'depends_on: { database:'), 'logins waits for database, which is no service'],
    ['a wait for a health that nobody looks at', change('healthcheck:\n      # Over TCP', 'x-healthcheck:\n      # Over TCP'), 'postgres has no health check'],
    ['a volume that is not declared', change("volumes: ['postgres:/var", "volumes: ['postgresql:/var"), 'volume postgresql is not declared'],
    ['a place for the drain that is too short', change('stop_grace_period: 5m30s', 'stop_grace_period: 10s'), 'worker is given 10 s to drain'],
  ])('the look-up finds %s', (_what, text, problem) => {
    expect(composeProblems(text, project).join('\n')).toContain(problem);
  });

  test.each([
    ['a script that does not exist', change('npm run build', 'npm run bundle', DOCKERFILE), 'no script bundle'],
    ['an entry that does not exist', change('"src/main.ts", "api"', '"src/start.ts", "api"', DOCKERFILE), 'there is no src/start.ts'],
    ['a role that does not exist', change('"src/main.ts", "api"', '"src/main.ts", "apis"', DOCKERFILE), 'no role'],
    ['a shell between the signal and the process', change('ENTRYPOINT ["node", "--import", "tsx"]', 'ENTRYPOINT node --import tsx', DOCKERFILE), 'ENTRYPOINT is not in exec form'],
    ['root', change('USER node\n', '', DOCKERFILE), 'runs as root'],
    ['an unknown variable', change('WORKFLOW_BUNDLE=', 'WORKFLOWS_BUNDLE=', DOCKERFILE), 'WORKFLOWS_BUNDLE'],
    ['a base image without a version', change('node:24.21.0-bookworm-slim', 'node:24', DOCKERFILE), 'node:24 is not pinned'],
    ['a copied file that does not exist', change('COPY package.json', 'COPY packages.json', DOCKERFILE), 'there is no packages.json'],
  ])('in the Dockerfile, %s', (_what, text, problem) => {
    expect(dockerfileProblems(text, read('.dockerignore'), project).join('\n')).toContain(problem);
  });

  test('a context that lacks what is run', () => {
    expect(dockerfileProblems(DOCKERFILE, change('!db\n', '', read('.dockerignore')), project).join('\n')).toContain('db is not in the build context');
  });
});

function schemaProblems(text: string): string[] {
  return followsSpecification(parseYaml(text)) ? [] : (followsSpecification.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}

/** Of each role, the variables it reads, by main.ts. */
function neededVariables(main: string): Map<string, string[]> {
  return new Map([...main.matchAll(/case '(\w+)': \{[\s\S]*?readEnv\(\[([^\]]*)\]\)/g)].map(([, role = '', list = '']) => [role, [...list.matchAll(/'(\w+)'/g)].map(([, name = '']) => name)]));
}
