import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { systemEnv } from '../config/env.ts';
import { composeDurationMs } from './compose-file.ts';
import type { ComposeFile, ComposeService } from './compose-file.ts';
import { environmentHere } from './production-here.ts';
import type { Here } from './production-here.ts';
import { findTemporalBinary } from './temporal-binary.ts';

export type ProductionOptions = {
  readonly composeFile: string;
  /** Programs that images would bring. */
  readonly temporalServer: string;
  readonly temporalSqlTool: string;
  /** What the image would hold: its commands are run there. */
  readonly app: string;
  /** Who runs them; left out: who runs this. */
  readonly user: string | undefined;
  readonly dir: string;
  readonly cacheDir: string;
  say(line: string): void;
};

export type Stage = { readonly options: ProductionOptions; readonly compose: ComposeFile; readonly here: Here; readonly tools: string; readonly stops: (() => Promise<void>)[] };

/** The programs under the names that the images give them. */
export async function toolsFolder({ dir, cacheDir, temporalServer, temporalSqlTool }: ProductionOptions): Promise<string> {
  const tools = join(dir, 'bin');
  mkdirSync(tools);
  const temporal = await findTemporalBinary(cacheDir, () => {});
  for (const [name, program] of [['temporal', temporal], ['temporal-server', temporalServer], ['temporal-sql-tool', temporalSqlTool], ['node', process.execPath]] as const) {
    if (program.includes('/')) symlinkSync(program, join(tools, name));
  }
  return tools;
}

export function serviceOf({ compose }: Stage, name: string): ComposeService {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`the compose file has no service ${name}`);
  return service;
}

/** How a service's own program would be started: the image's entry point where it names none, its variables, its user. */
export function programOf(stage: Stage, name: string, more: Readonly<Record<string, string>> = {}) {
  const { options, here, tools } = stage;
  const service = serviceOf(stage, name);
  const isOurs = service.image?.startsWith('flywheel:') === true;
  const bundle = join(options.app, 'dist/workflows.cjs');
  const [command = '', ...args] = [...(service.entrypoint.length > 0 ? service.entrypoint : isOurs ? ['node', '--import', 'tsx'] : []), ...service.command];
  return {
    what: name,
    command: command.startsWith('/') ? command : join(tools, command),
    args,
    cwd: isOurs ? options.app : options.dir,
    env: {
      ...systemEnv(), PATH: `${tools}:/usr/bin:/bin`,
      ...(isOurs ? { NODE_ENV: 'production', ...(existsSync(bundle) ? { WORKFLOW_BUNDLE: bundle } : {}) } : {}),
      ...environmentHere(service, here), ...more,
    },
    logFile: join(options.dir, `${name}.log`),
    stopSignal: 'SIGTERM' as const,
    graceMs: composeDurationMs(service.stop_grace_period),
    ...(isOurs && options.user !== undefined ? userIds(options.user) : {}),
  };
}

function userIds(user: string): { uid: number; gid: number } {
  const [uid = 0, gid = 0] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' })));
  return { uid, gid };
}
