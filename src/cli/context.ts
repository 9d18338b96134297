import { readFile } from 'node:fs/promises';
import { openDatabaseClock } from '../../db/clock.ts';
import { openDatabase } from '../../db/client.ts';
import type { Database, Sql } from '../../db/client.ts';
import { readEnv } from '../config/env.ts';
import type { Env, EnvName } from '../config/env.ts';

/** What commands need from outside. Connections are made when first used, each in the least role that suffices. */
export type Context = {
  /** Row-level security, one tenant a transaction. */
  app(): Database;
  /** Outbox and due scans of all tenants: ids, lanes and instants. */
  relay(): Database;
  /** Makes tenants and keys. */
  owner(): Sql;
  /** The database's clock (epoch ms), asked through `sql`. */
  now(sql: Sql): Promise<number>;
  /** Variables that a command needs besides; throws EnvError. */
  env<Name extends EnvName>(names: readonly Name[]): Pick<Env, Name>;
  /** A file's text; `-` is standard input. */
  readText(path: string): Promise<string>;
  /** A line about what goes on, for a person who waits. */
  say(line: string): void;
  close(): Promise<void>;
};

export type ContextSource = { readonly env?: Readonly<Record<string, string | undefined>>; readStdin(): Promise<string>; say(line: string): void };

const CONNECTIONS = 4;
const NAME = 'flywheel cli';

export function openContext({ env: source, readStdin, say }: ContextSource): Context {
  const open = new Map<string, Database>();
  const env = <Name extends EnvName>(names: readonly Name[]): Pick<Env, Name> => readEnv(names, source);
  const database = (name: string, make: () => Database): Database => {
    const found = open.get(name) ?? make();
    open.set(name, found);
    return found;
  };
  return {
    env, say,
    app: () => database('app', () => openDatabase({ url: env(['DATABASE_APP_URL']).DATABASE_APP_URL, role: 'flywheel_app', max: CONNECTIONS, name: NAME })),
    relay: () => database('relay', () => openDatabase({ url: env(['DATABASE_RELAY_URL']).DATABASE_RELAY_URL, role: 'flywheel_relay', max: 1, name: NAME })),
    owner: () => database('owner', () => openDatabase({ url: env(['DATABASE_URL']).DATABASE_URL, max: 1, name: NAME })).sql,
    async now(sql) {
      const clock = await openDatabaseClock(sql);
      clock.close();
      return clock.now();
    },
    readText: (path) => (path === '-' ? readStdin() : readFile(path, 'utf8')),
    async close() {
      await Promise.allSettled([...open.values()].map((each) => each.close()));
      open.clear();
    },
  };
}
