import { z } from 'zod';
import type { Route } from '../../../src/api/route.ts';

/** JSON Schema as far as it says where texts stand. */
type Shape = {
  $ref?: string | undefined; type?: unknown; enum?: readonly unknown[] | undefined; const?: unknown; minimum?: number | undefined; minItems?: number | undefined;
  required?: readonly string[] | undefined; properties?: Record<string, Shape> | undefined; items?: Shape | undefined; additionalProperties?: Shape | boolean | undefined; anyOf?: readonly Shape[] | undefined; oneOf?: readonly Shape[] | undefined;
};
type Step = { readonly key: string | number; readonly parent: Shape };

/** One place in a route's body where a text may stand. */
export type TextField = { readonly path: string; readonly put: (body: unknown, text: string) => unknown };

const DEEPEST = 8;
const shape: z.ZodType<Shape> = z.lazy(() => z.looseObject({
  $ref: z.string().optional(), type: z.unknown().optional(), enum: z.array(z.unknown()).optional(), const: z.unknown().optional(), minimum: z.number().optional(), minItems: z.number().optional(),
  required: z.array(z.string()).optional(), properties: z.record(z.string(), shape).optional(), items: shape.optional(), additionalProperties: z.union([z.boolean(), shape]).optional(), anyOf: z.array(shape).optional(), oneOf: z.array(shape).optional(),
}));

/** Every place in the body of a route that takes a text, found in its schema; and a body with all that must be there. */
export function textFieldsOf(route: Route): { fields: TextField[]; minimal: unknown } {
  const json = z.toJSONSchema(route.body, { io: 'input', unrepresentable: 'any' });
  const defs = z.record(z.string(), shape).catch({}).parse(json.$defs);
  const root = shape.parse(json);
  const resolve = (one: Shape): Shape[] => {
    if (one.$ref !== undefined) return resolve(defs[one.$ref.slice(one.$ref.lastIndexOf('/') + 1)] ?? {});
    const choices = one.anyOf ?? one.oneOf;
    return choices === undefined ? [one] : choices.flatMap(resolve);
  };
  const minimal = (one: Shape): unknown => {
    const [first = {}] = resolve(one);
    if (first.enum !== undefined) return first.enum[0];
    if (first.const !== undefined) return first.const;
    switch (first.type) {
      case 'object': return Object.fromEntries((first.required ?? []).map((name) => [name, minimal(first.properties?.[name] ?? {})]));
      case 'array': return (first.minItems ?? 0) > 0 ? [minimal(first.items ?? {})] : [];
      case 'integer':
      case 'number': return Math.max(1, first.minimum ?? 1);
      case 'boolean': return true;
      default: return 'x';
    }
  };
  const found: Step[][] = [];
  const walk = (one: Shape, steps: readonly Step[]): void => {
    if (steps.length > DEEPEST) return;
    for (const parent of resolve(one)) {
      if (parent.type === 'string' && parent.enum === undefined && parent.const === undefined) found.push([...steps]);
      for (const [key, inner] of Object.entries(parent.properties ?? {})) walk(inner, [...steps, { key, parent }]);
      if (parent.items !== undefined) walk(parent.items, [...steps, { key: 0, parent }]);
      if (typeof parent.additionalProperties === 'object') walk(parent.additionalProperties, [...steps, { key: 'de', parent }]);
    }
  };
  walk(root, []);
  const put = (body: unknown, steps: readonly Step[], text: string): unknown => {
    const [step, ...rest] = steps;
    if (step === undefined) return text;
    if (typeof step.key === 'number') return [put(Array.isArray(body) ? body[0] : minimal(step.parent.items ?? {}), rest, text)];
    const base = z.record(z.string(), z.unknown()).catch({}).parse(typeof body === 'object' ? body : minimal(step.parent));
    return { ...base, [step.key]: put(base[step.key], rest, text) };
  };
  const fields = found.map((steps) => ({ path: steps.map(({ key }) => `/${String(key)}`).join(''), put: (body: unknown, text: string) => put(body, steps, text) }));
  return { fields: fields.filter((field, place) => fields.findIndex((other) => other.path === field.path) === place), minimal: minimal(root) };
}

/** What stands at a place (`/a/0/b`) of a JSON value; undefined where there is nothing. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('/').slice(1).reduce<unknown>((at, key) => (Array.isArray(at) ? at[Number(key)] : z.record(z.string(), z.unknown()).catch({}).parse(at)[key]), value);
}
