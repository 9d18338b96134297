/**
 * For health checks where no HTTP client is installed: `node src/telemetry/check-health.mjs http://127.0.0.1:3002/healthz`
 * ends with 0 when the address answers 200 within four seconds, else with 1 and what was wrong. Plain Node, so that it starts fast.
 */
const WITHIN_MS = 4000;

const [, , url] = process.argv;
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS) });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
