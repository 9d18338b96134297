import { dirname } from 'node:path';
import { Router } from 'express';
import helmet from 'helmet';
import { PROBLEM_CODES, PROBLEM_KINDS } from './problems.ts';

const FOUND_AT = dirname(require.resolve('swagger-ui-dist/package.json'));
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/** `/openapi.json`, the readable page `/docs` made of it, and `/docs/problems`. All from here: no other host is asked. */
export function docsRouter(document: unknown): Router {
  const router = Router();
  router.get('/openapi.json', (_request, response) => { response.json(document); });
  router.use('/docs', helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"], // Swagger UI sets styles on its elements
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  }));
  router.get('/docs', (_request, response) => { response.type('html').send(DOCS_PAGE); });
  router.get('/docs/start.js', (_request, response) => { response.type('js').send(START_SCRIPT); });
  router.get('/docs/problems', (_request, response) => { response.type('html').send(problemsPage()); });
  for (const asset of ASSETS) {
    router.get(`/docs/${asset}`, (_request, response) => { response.sendFile(asset, { root: FOUND_AT, maxAge: '1d' }); });
  }
  return router;
}

const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Flywheel API</title>
  <link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
  <div id="api"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>
`;

const START_SCRIPT = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null, defaultModelsExpandDepth: 0 });\n`;

function problemsPage(): string {
  const rows = PROBLEM_CODES.map((code) => {
    const { status, title, advice } = PROBLEM_KINDS[code];
    return `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${readable(title)}</td><td>${readable(advice)}</td></tr>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Flywheel API: problems</title>
  <style>
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-bottom: 1px solid #d8dee4; }
    tr:target { background: #fff8c5; }
    code { font: .9em ui-monospace, monospace; }
  </style>
</head>
<body>
  <h1>Problems</h1>
  <p>Every refusal is <code>application/problem+json</code> (RFC 9457). Decide by <code>code</code>: it keeps its meaning. Quote <code>requestId</code> when you report something. <a href="/docs">All routes</a></p>
  <table>
    <thead><tr><th>code</th><th>status</th><th>what happened</th><th>what to do</th></tr></thead>
    <tbody>
${rows.join('\n')}
    </tbody>
  </table>
</body>
</html>
`;
}

/** Our own words as HTML, with \`code\` marked up. */
function readable(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  return escaped.replace(/`([^`]+)`/g, '<code>$1</code>');
}
