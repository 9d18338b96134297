import type { IncomingHttpHeaders } from 'node:http';

/** Which part of a call failed, by the error of Node that ended it. */
export function failureOf(error: unknown): 'dns' | 'tls' | 'connection' {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const call = error instanceof Error && 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : '';
  if (/^(query|getaddrinfo)/.test(call) || code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns';
  if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || /CERT|SIGNATURE|CRL|EPROTO/.test(code)) return 'tls';
  return 'connection';
}

export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** How long the endpoint asks to be left alone, in ms (RFC 9110, 10.2.3); a date is held against the answer's own. Null where it does not say. */
export function retryAfterOf({ 'retry-after': text, date }: IncomingHttpHeaders): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const delayMs = Date.parse(text) - Date.parse(date ?? '');
  return Number.isFinite(delayMs) && delayMs > 0 ? delayMs : null;
}
