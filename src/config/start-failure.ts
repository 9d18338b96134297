const AWAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'CONNECT_TIMEOUT', 'CONNECTION_CLOSED']);

/** PostgreSQL's codes (appendix A of its manual) that a wrong URL or a fresh database earns. */
const SQL_STATES: Readonly<Record<string, string>> = {
  '28P01': 'PostgreSQL refused the password of this login: correct user or password in the URL of the database.',
  '28000': 'PostgreSQL refuses this login from here: see its pg_hba.conf, and the user in the URL of the database.',
  '3D000': 'PostgreSQL answers, but there is no such database: make it, or correct the end of the URL.',
  '22023': 'PostgreSQL lacks the roles this version works as: run migrate first.',
  '42P01': 'The database lacks a table that this version needs: run migrate first.',
  '42501': 'The database login may not take the role it needs: db/logins.sql says what to grant.',
  '53300': 'PostgreSQL has no connection left to give: close what is not needed, or raise max_connections.',
  '57P03': 'PostgreSQL is starting: try again in a moment.',
};

/** What an operator is to do about a start that failed for a reason outside the program, without a stack; null where it is a failure of ours. */
export function sayStartFailure(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  if (error instanceof AggregateError) return sayStartFailure(error.errors[0]); // each address of one host was tried
  const code = 'code' in error ? String(error.code) : '';
  const where = 'port' in error ? `${'address' in error ? String(error.address) : 'localhost'}:${String(error.port)}` : '';
  if (code === 'EADDRINUSE') return `Something else listens on ${where}: stop it, or set API_PORT (or HEALTH_PORT, METRICS_PORT) to a free one.`;
  if (code === 'EACCES' && where !== '') return `This user may not listen on ${where}: set API_PORT (or HEALTH_PORT, METRICS_PORT) to a port above 1023.`;
  if (AWAY.has(code)) return `PostgreSQL does not answer${where === '' ? '' : ` at ${where}`} (${code}): see that it runs, and that host and port in the URL of the database are right.`;
  return SQL_STATES[code] ?? null;
}
