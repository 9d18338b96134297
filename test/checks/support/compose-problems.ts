import { readEnv } from '../../../src/config/env.ts';
import type { EnvName } from '../../../src/config/env.ts';
import { composeDurationMs, composeVariables, readCompose } from '../../../src/dev/compose-file.ts';
import type { ComposeFile, ComposeService } from '../../../src/dev/compose-file.ts';

/** What the compose file and the Dockerfile may refer to. */
export type Project = {
  hasFile(path: string): boolean;
  readonly dockerfile: string;
  /** Names in .env.compose.example. */
  readonly exampleVariables: readonly string[];
  /** Names in src/config/env.ts. */
  readonly productVariables: readonly string[];
  readonly roles: readonly string[];
  /** Of each role, the variables it reads. */
  readonly needed: ReadonlyMap<string, readonly string[]>;
  readonly loginsSql: string;
  readonly scripts: readonly string[];
};

/** Longest that a role may take to drain: main.ts ends then, or nobody knows what became of a message. */
const DRAIN_MS: Readonly<Record<string, number>> = { api: 36_000, relay: 40_000, worker: 315_000 };
const SECRET_NAME = /PASSWORD$|PASSWD$|PWD$|SECRET$|TOKEN$|KEY$/;
const NOT_PINNED = /^[^:]+$|:latest$|:\d+$/;
const IMAGE_ENTRYPOINT = ['node', '--import', 'tsx'];
/** Values with which what is left to the environment can be read. */
const SAMPLES: Readonly<Record<string, string>> = { FLYWHEEL_SECRET: Buffer.alloc(32, 1).toString('base64'), SMTP_URL: 'smtp://localhost:25' };

/** Everything that docker-compose.yml names and that does not exist or does not fit, one line each. */
export function composeProblems(text: string, project: Project): string[] {
  const asked = composeVariables(text);
  const names = [...new Set(asked.map(({ name }) => name))];
  const marks = Object.fromEntries(asked.filter(({ isRequired }) => isRequired).map(({ name }) => [name, SAMPLES[name] ?? `<${name}>`]));
  const compose = readCompose(text, marks);
  return [
    ...names.filter((name) => !project.exampleVariables.includes(name)).map((name) => `.env.compose.example does not name ${name}`),
    ...project.exampleVariables.filter((name) => !names.includes(name)).map((name) => `.env.compose.example names ${name}, which nothing asks for`),
    ...Object.entries(compose.services).flatMap(([name, service]) => [
      ...imageProblems(name, service),
      ...dependencyProblems(name, service, compose),
      ...portProblems(name, service),
      ...secretProblems(name, service, marks),
      ...volumeProblems(service, compose),
      ...(isOurs(service) ? ourProblems(name, service, project) : []),
    ]),
    ...loginProblems(compose, project),
    ...Object.values(compose.configs).flatMap(({ file }) => (file === undefined || project.hasFile(file) ? [] : [`there is no ${file}`])),
  ];
}

/** The same of the Dockerfile and of what .dockerignore lets through to it. */
export function dockerfileProblems(text: string, ignore: string, project: Project): string[] {
  const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list = '']) => list.split(' ')).filter((path) => path !== '.');
  const command = execForm(text, 'CMD');
  const entrypoint = execForm(text, 'ENTRYPOINT');
  const kept = ignore.split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const bases = [...text.matchAll(/^ARG NODE=(\S+)$/gm)].map(([, image = '']) => image);
  const variables = [...text.matchAll(/^ENV (.+)$/gm)].flatMap(([, line = '']) => [...line.matchAll(/([A-Z_]+)=/g)].map(([, name = '']) => name));
  return [
    ...(entrypoint === null ? ['ENTRYPOINT is not in exec form'] : []),
    ...(command === null ? ['CMD is not in exec form'] : commandProblems('the image', command, project)),
    ...(/^USER (?!root|0)\S+$/m.test(text.slice(text.indexOf(' AS runtime'))) ? [] : ['the image runs as root']),
    ...bases.filter((image) => NOT_PINNED.test(image)).map((image) => `${image} is not pinned`),
    ...(bases.length === 0 ? ['the Dockerfile names no base image'] : []),
    ...copied.filter((path) => !project.hasFile(path)).map((path) => `there is no ${path}`),
    ...kept.filter((path) => !project.hasFile(path)).map((path) => `.dockerignore lets ${path} through, which does not exist`),
    ...[...copied, 'src', 'workflows', 'activities', 'db'].filter((path) => !kept.includes(path)).map((path) => `${path} is not in the build context`),
    ...[...text.matchAll(/npm run (\w+)/g)].flatMap(([, script = '']) => (project.scripts.includes(script) ? [] : [`package.json has no script ${script}`])),
    ...variables.filter((name) => name !== 'NODE_ENV' && !project.productVariables.includes(name)).map((name) => `the image sets ${name}, which the product does not know`),
  ];
}

function execForm(text: string, instruction: string): string[] | null {
  const line = new RegExp(`^${instruction} (\\[.*\\])$`, 'm').exec(text)?.[1];
  return line === undefined ? null : [...line.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word);
}

function isOurs(service: ComposeService): boolean {
  return service.image?.startsWith('flywheel:') === true;
}

function imageProblems(name: string, service: ComposeService): string[] {
  if (isOurs(service)) return service['build'] === '.' ? [] : [`${name} is not built from here`];
  return service.image === undefined || NOT_PINNED.test(service.image) ? [`${service.image ?? name} is not pinned`] : [];
}

function dependencyProblems(name: string, service: ComposeService, { services }: ComposeFile): string[] {
  return Object.entries(service.depends_on).flatMap(([other, { condition }]) => {
    const found = services[other];
    if (found === undefined) return [`${name} waits for ${other}, which is no service`];
    return condition === 'service_healthy' && found.healthcheck === undefined ? [`${other} has no health check, and ${name} waits for its health`] : [];
  });
}

function portProblems(name: string, service: ComposeService): string[] {
  const inside = new Set(Object.entries(service.environment).filter(([variable]) => variable.endsWith('_PORT')).map(([, value]) => value));
  const asked = /127\.0\.0\.1:(\d+)/.exec(service.healthcheck?.test.join(' ') ?? '')?.[1];
  return [
    ...service.ports.filter((port) => !port.startsWith('127.0.0.1:')).map((port) => `${port} is not bound to loopback`),
    ...(isOurs(service) ? service.ports.map((port) => port.slice(port.lastIndexOf(':') + 1)).filter((port) => !inside.has(port)).map((port) => `${name} publishes ${port}, where it does not listen`) : []),
    ...(isOurs(service) && asked !== undefined && !inside.has(asked) ? [`${name}: the health check asks port ${asked}, where nothing listens`] : []),
  ];
}

/** A value that stands in the file although its name says that it is a secret, or a URL with a password of its own. */
function secretProblems(name: string, service: ComposeService, marks: Readonly<Record<string, string>>): string[] {
  const given = new Set(Object.values(marks));
  const isSecret = (variable: string, value: string): boolean => {
    const password = URL.canParse(value) ? new URL(value.replaceAll(/[<>]/g, '')).password : '';
    const isGiven = [...given].some((mark) => value.includes(mark));
    return !isGiven && value !== '' && (SECRET_NAME.test(variable) || password !== '');
  };
  return Object.entries(service.environment).filter(([variable, value]) => isSecret(variable, value)).map(([variable]) => `${name} holds a secret: ${variable}`);
}

function volumeProblems(service: ComposeService, compose: ComposeFile): string[] {
  const declared = typeof compose['volumes'] === 'object' && compose['volumes'] !== null ? Object.keys(compose['volumes']) : [];
  const used = Array.isArray(service['volumes']) ? service['volumes'].map(String) : [];
  return used.map((volume) => volume.slice(0, volume.indexOf(':'))).filter((volume) => !declared.includes(volume)).map((volume) => `volume ${volume} is not declared`);
}

function ourProblems(name: string, service: ComposeService, project: Project): string[] {
  const check = service.healthcheck?.test ?? [];
  const variables = Object.keys(service.environment);
  const unknown = variables.filter((variable) => !project.productVariables.includes(variable));
  const role = service.command[1] ?? '';
  const needed = project.needed.get(role) ?? [];
  return [
    ...unknown.map((variable) => `${name} sets ${variable}, which the product does not know`),
    ...commandProblems(name, [...service.entrypoint.slice(1), ...service.command], project),
    ...check.filter((word) => word.includes('/') && !word.includes('://')).filter((path) => !project.hasFile(path)).map((path) => `there is no ${path}`),
    ...needed.filter((variable) => !variables.includes(variable) && isMissing(variable, project)).map((variable) => `${name} does not set ${variable}`),
    ...variables.flatMap((variable) => valueProblems(name, variable, service.environment[variable] ?? '', project)),
    ...(project.needed.has(role) && role !== 'migrate' && check.length === 0 ? [`${name} has no health check`] : []),
    ...(composeDurationMs(service.stop_grace_period) < (DRAIN_MS[role] ?? 0) ? [`${name} is given ${String(composeDurationMs(service.stop_grace_period) / 1000)} s to drain, and may need ${String((DRAIN_MS[role] ?? 0) / 1000)}`] : []),
  ];
}

function commandProblems(name: string, command: readonly string[], project: Project): string[] {
  const [script = '', role = ''] = command.filter((word) => !IMAGE_ENTRYPOINT.includes(word));
  if (!project.hasFile(script)) return [`${name} runs ${script}: there is no ${script}`];
  return script === 'src/main.ts' && !project.roles.includes(role) ? [`${name} runs ${script} ${role}, which is no role`] : [];
}

function isMissing(variable: string, project: Project): boolean {
  return project.productVariables.filter(isEnvName(variable)).some((name) => complaint(name, undefined) !== null);
}

function valueProblems(name: string, variable: string, value: string, project: Project): string[] {
  // The mark in the place of a password is no part of a valid URL.
  const sample = value.replaceAll(/<\w+>/g, 'password');
  return project.productVariables.filter(isEnvName(variable)).flatMap((known) => {
    const problem = complaint(known, sample);
    return problem === null ? [] : [`${name}: ${problem}`];
  });
}

function isEnvName(variable: string): (name: string) => name is EnvName {
  return (name): name is EnvName => name === variable;
}

/** What the product itself says to such a value. */
function complaint(name: EnvName, value: string | undefined): string | null {
  try {
    readEnv([name], { [name]: value });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Each login that a URL signs in as is made by db/logins.sql, with the password that the job hands to it. */
function loginProblems({ services }: ComposeFile, { loginsSql }: Project): string[] {
  const made = new Map([...loginsSql.matchAll(/\('(\w+)', current_setting\('([\w.]+)'/g)].map(([, login = '', setting = '']) => [login, setting]));
  const options = services['logins']?.environment['PGOPTIONS'] ?? '';
  const handed = new Map([...options.matchAll(/-c (\S+)=(\S+)/g)].map(([, setting = '', value = '']) => [setting, value]));
  const used = Object.entries(services).flatMap(([name, { environment }]) => [
    ...Object.values(environment).flatMap((value) => [...value.matchAll(/^postgres:\/\/(\w+):([^@]+)@/g)].map(([, login = '', password = '']) => ({ name, login, password }))),
    ...[['SQL_USER', 'SQL_PASSWORD'], ['POSTGRES_USER', 'POSTGRES_PWD']].flatMap(([user = '', password = '']) =>
      environment[user] === undefined ? [] : [{ name, login: environment[user], password: environment[password] ?? '' }]),
  ]);
  return [
    ...[...made.values()].filter((setting) => !handed.has(setting)).map((setting) => `logins does not set ${setting}`),
    ...used.flatMap(({ name, login, password }) => {
      const setting = made.get(login);
      if (setting === undefined) return [`db/logins.sql makes no login ${login}, as which ${name} signs in`];
      return handed.get(setting) === password ? [] : [`${name} signs in as ${login} with a password that logins does not give it`];
    }),
  ];
}
