import type { Client, Connection } from '@temporalio/client';
import { temporalConnection } from '../config/temporal.ts';
import { failed } from './command.ts';
import type { Failed } from './command.ts';
import type { Context } from './context.ts';
import { reasonOf } from './say-failure.ts';

const CONNECT_MS = 5_000;
const CALL_MS = 10_000;
/** google.rpc.Code */
export const NOT_FOUND = 5;

export type Temporal = { readonly client: Client; readonly connection: Connection; readonly namespace: string };

/**
 * Connects to Temporal for the length of `work`. What it says no with comes back as a failure in plain words; what `work`
 * fails with otherwise is thrown. The SDK is loaded when first needed: other commands start without it.
 */
export async function withTemporal<T>(context: Context, work: (temporal: Temporal) => Promise<T>): Promise<{ kind: 'answered'; value: T } | Failed> {
  const env = context.env(['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_TLS', 'TEMPORAL_API_KEY']);
  const { Client: TemporalClient, Connection: TemporalConnection } = await import('@temporalio/client');
  let connection: Connection;
  try {
    connection = await TemporalConnection.connect({ ...temporalConnection(env), connectTimeout: CONNECT_MS });
  } catch (error) {
    return sayAway(env.TEMPORAL_ADDRESS, error);
  }
  try {
    const client = new TemporalClient({ connection, namespace: env.TEMPORAL_NAMESPACE });
    return { kind: 'answered', value: await work({ client, connection, namespace: env.TEMPORAL_NAMESPACE }) };
  } catch (error) {
    const said = sayStatus(error, env);
    if (said === null) throw error;
    return said;
  } finally {
    await connection.close();
  }
}

/** Gives up the calls that `work` makes after ten seconds. */
export function soon<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  // gRPC deadlines are read off this machine's own clock.
  return connection.withDeadline(performance.timeOrigin + performance.now() + CALL_MS, work);
}

function sayAway(address: string, error: unknown): Failed {
  const status = sayStatus(error, { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: '' });
  return status ?? failed(`Temporal does not answer at ${address}.`, 'See that it runs, and that TEMPORAL_ADDRESS and TEMPORAL_TLS are right.');
}

/** google.rpc.Code, as far as an operator meets it. */
function sayStatus(error: unknown, { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace }: { TEMPORAL_ADDRESS: string; TEMPORAL_NAMESPACE: string }): Failed | null {
  switch (grpcCode(error)) {
    case 3: return failed(`Temporal refuses the question: ${reasonOf(causeOf(error))}`, 'Correct --query; it is a list filter, as the Temporal UI takes it.');
    case 4: return failed(`Temporal at ${address} did not answer in time.`, 'See whether it is overloaded or hangs.');
    case NOT_FOUND: return failed(`Temporal knows no namespace "${namespace}".`, `Create it (temporal operator namespace create ${namespace}), or correct TEMPORAL_NAMESPACE.`);
    case 7:
    case 16: return failed('Temporal refuses our credentials.', 'Correct TEMPORAL_API_KEY, and see what it may do in this namespace.');
    case 14: return failed(`Temporal does not answer at ${address}.`, 'See that it runs, and that TEMPORAL_ADDRESS and TEMPORAL_TLS are right.');
    default: return null;
  }
}

/** The status a call failed with, by its shape: clients wrap it, or do not. */
export function grpcCode(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('code' in error && typeof error.code === 'number') return error.code;
  // The client's own classes for the two things that may not be found carry no cause.
  if (error instanceof Error && /^(?:Namespace|Workflow)NotFoundError$/.test(error.name)) return NOT_FOUND;
  return 'cause' in error ? grpcCode(error.cause) : null;
}

function causeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error && error.cause !== undefined ? error.cause : error;
}
