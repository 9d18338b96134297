import type { Client } from '@temporalio/client';
import type { Database } from '../../../db/client.ts';
import type { RoleName } from '../../../src/dev/roles.ts';
import type { RunningSink } from '../../../src/dev/sink.ts';
import type { RunningSmsStandIn } from '../../../src/dev/sms/stand-in.ts';
import type { KillableRole } from './killable-role.ts';

/** A server that can be killed and started again where it was, or made to hang and let go on. */
export type KillableServer = {
  readonly port: number;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** SIGSTOP of all its processes. */
  freeze(): Promise<void>;
  /** SIGCONT; does nothing where it is not frozen. */
  thaw(): void;
};

/** The whole product with real parts, each a process of its own, and handles to kill them by. */
export type WholeStack = {
  readonly apiUrl: string;
  readonly roles: Record<RoleName, KillableRole>;
  readonly postgres: KillableServer;
  /** `forget`: its store is lost, search attributes and all. Only between kill and start. */
  readonly temporal: KillableServer & { forget(): void };
  readonly sink: RunningSink;
  /** The stand-in of the SMS vendor. */
  readonly sms: RunningSmsStandIn;
  /** The sink's own folder: its file is the judge. */
  readonly sinkDir: string;
  /** SMTP connections of a worker's pool. */
  readonly connections: number;
  readonly env: Readonly<Record<string, string>>;
  /** Each role's log, `<role>.log`. */
  readonly logDir: string;
  /** What the after-check waits for: see after-fault.ts. */
  readonly afterCheck: 'full' | 'quick';
  /** Sees everything; its pool finds a restarted server by itself. */
  readonly superuser: Database;
  /** Makes tenants and keys. */
  readonly owner: Database;
  readonly client: Client;
  /** One more worker beside the first. */
  startWorker(): Promise<KillableRole>;
  /** One more of a role, with a log and an environment of its own; gone with the stack at the latest. */
  startBeside(role: RoleName, name: string, env: Readonly<Record<string, string>>): Promise<KillableRole & { readonly logFile: string }>;
  close(): Promise<void>;
};
