import { parse } from 'yaml';
import { z } from 'zod';

const words = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const service = z.looseObject({
  image: z.string().optional(),
  entrypoint: words.default([]),
  command: words.default([]),
  environment: z.record(z.string(), z.coerce.string()).default({}),
  ports: z.array(z.string()).default([]),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  stop_grace_period: z.string().default('10s'),
});
const composeFile = z.looseObject({
  services: z.record(z.string(), service),
  configs: z.record(z.string(), z.object({ file: z.string().optional(), content: z.string().optional() })).default({}),
});

export type ComposeService = z.output<typeof service>;
export type ComposeFile = z.output<typeof composeFile>;

/** `${NAME}`, `${NAME:-default}`, `${NAME:?message}`; `$$` is a dollar sign. */
const REFERENCE = /\$(?:(\$)|\{([A-Z][A-Z0-9_]*)(?::([-?])([^}]*))?\})/g;

export type ComposeVariable = { readonly name: string; readonly default: string | null; readonly isRequired: boolean };

/** Every variable that a compose file's text asks its environment for. */
export function composeVariables(text: string): ComposeVariable[] {
  return [...text.matchAll(REFERENCE)].flatMap(([, dollar, name, kind, rest]) =>
    dollar !== undefined || name === undefined ? [] : [{ name, default: kind === '-' ? (rest ?? '') : null, isRequired: kind === '?' }]);
}

/** The document with anchors and merges resolved, and nothing else. */
export function parseYaml(text: string): unknown {
  return parse(text, { merge: true });
}

/**
 * What compose would run: anchors, merges and variables resolved. Throws what compose would say when a required
 * variable is missing, and for a file of another shape.
 */
export function readCompose(text: string, variables: Readonly<Record<string, string>>): ComposeFile {
  return composeFile.parse(fill(parseYaml(text), variables));
}

function fill(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return fillText(value, variables);
  if (Array.isArray(value)) return value.map((each) => fill(each, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fill(each, variables)]));
}

function fillText(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(REFERENCE, (_all, dollar: string | undefined, name: string, kind: string | undefined, rest: string | undefined) => {
    if (dollar !== undefined) return '$';
    const given = variables[name];
    if (given !== undefined && given !== '') return given;
    if (kind === '?') throw new Error(`required variable ${name} is missing a value: ${rest ?? ''}`);
    return kind === '-' ? (rest ?? '') : '';
  });
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** `5m30s` in milliseconds. */
export function composeDurationMs(text: string): number {
  const parts = [...text.matchAll(/(\d+)([hms])/g)];
  if (parts.map(([all]) => all).join('') !== text || text === '') throw new Error(`${text} is no duration like 1m30s`);
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS_MS[unit] ?? 0), 0);
}
