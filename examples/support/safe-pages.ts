import type { ErrorRequestHandler, RequestHandler } from 'express';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What came from outside, made safe to stand in a page. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

/** Pages that load nothing, are framed by nobody and are not kept; `more`: an app's own headers. */
export function safePages(more: Readonly<Record<string, string>> = {}): RequestHandler {
  return (_request, response, next) => {
    response.set({ 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http: https:; frame-ancestors 'none'", 'cache-control': 'no-store', ...more });
    next();
  };
}

/** What failed goes to your log; the person is told to try again, and sees neither code nor answers of others. */
export function sayFailure(page: () => string): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
    response.status(500).type('html').send(page());
  };
}
