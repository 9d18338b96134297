/**
 * Reads `name=value,name=value` with percent-encoded values, the form of OTEL_EXPORTER_OTLP_HEADERS
 * (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). Null where the text is none.
 */
export function readHeaderList(text: string): Readonly<Record<string, string>> | null {
  const pairs = text.split(',').map((pair) => /^\s*([!#$&'*+.^_`|~\w-]+)\s*=(.*)$/.exec(pair));
  const headers: Record<string, string> = {};
  for (const pair of pairs) {
    const [, name, value] = pair ?? [];
    if (name === undefined || value === undefined) return null;
    try {
      headers[name] = decodeURIComponent(value.trim());
    } catch {
      return null; // an escape that cannot be read
    }
  }
  return headers;
}
