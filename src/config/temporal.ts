import type { Env } from './env.ts';

type Settings = Pick<Env, 'TEMPORAL_ADDRESS' | 'TEMPORAL_TLS' | 'TEMPORAL_API_KEY'>;

/** Connection options that client and worker share; an API key means Temporal Cloud, which is always TLS. */
export function temporalConnection(env: Settings): { address: string; tls: boolean; apiKey?: string } {
  return {
    address: env.TEMPORAL_ADDRESS,
    tls: env.TEMPORAL_TLS || env.TEMPORAL_API_KEY !== undefined,
    ...(env.TEMPORAL_API_KEY === undefined ? {} : { apiKey: env.TEMPORAL_API_KEY }),
  };
}
