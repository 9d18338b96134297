import type { ComposeService } from './compose-file.ts';
import { LOOPBACK } from './free-port.ts';

/** Where this machine has what the compose file calls by a container's name. */
export type Here = {
  readonly postgresPort: number;
  readonly temporalAddress: string;
  /** Its file, in the place of the config that compose would mount. */
  readonly dynamicConfigFile: string;
};

/** Names of variables whose whole value is a container's name or the port inside it. */
const HOSTS = new Set(['PGHOST', 'SQL_HOST', 'POSTGRES_SEEDS']);
const POSTGRES_PORTS = new Set(['PGPORT', 'SQL_PORT', 'DB_PORT']);
const BINDS = new Set(['API_HOST', 'BIND_ON_IP']);

/** A service's variables as compose would set them, but for what only a network of containers has: names, ports, mounted files. */
export function environmentHere(service: ComposeService, here: Here): Record<string, string> {
  return Object.fromEntries(Object.entries(service.environment).map(([name, value]) => [name, valueHere(name, value, here)]));
}

function valueHere(name: string, value: string, { postgresPort, temporalAddress, dynamicConfigFile }: Here): string {
  if (HOSTS.has(name) || BINDS.has(name)) return LOOPBACK;
  if (POSTGRES_PORTS.has(name)) return String(postgresPort);
  if (name === 'DYNAMIC_CONFIG_FILE_PATH') return dynamicConfigFile;
  return value.replace('@postgres:5432/', `@${LOOPBACK}:${String(postgresPort)}/`).replace(/^temporal:7233$/, temporalAddress);
}

/** A health check's command with the ports of this machine in the place of those inside a container. */
export function healthCheckHere(service: ComposeService, ports: ReadonlyMap<string, number>): string[] {
  const [kind, ...command] = service.healthcheck?.test ?? [];
  if (kind !== 'CMD') throw new Error('a health check without a command cannot be done by hand');
  return command.map((word) => word.replace(/127\.0\.0\.1:(\d+)/, (all, port: string) => {
    const other = ports.get(port);
    return other === undefined ? all : `127.0.0.1:${String(other)}`;
  }));
}
