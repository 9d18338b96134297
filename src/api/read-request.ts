import type { z } from 'zod';
import { fieldErrors, namesNothing } from './field-errors.ts';
import type { FieldPlace } from './field-errors.ts';
import { problem } from './problems.ts';
import type { FieldError, Problem } from './problems.ts';

/** Path and query are described by objects whose fields can be listed. */
export type Fields = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

export type RawRequest = { params: unknown; query: unknown; body: unknown };

/** What a request asks for, by its schemas; or all that is wrong with it, each with its place. */
export function readRequest<P extends Fields, Q extends Fields, B extends z.ZodType>(schemas: { params: P; query: Q; body: B }, raw: RawRequest): Problem | { kind: 'read'; params: z.output<P>; query: z.output<Q>; body: z.output<B> } {
  const params = schemas.params.safeParse(raw.params);
  if (!params.success && namesNothing(params.error)) return problem('not_found');
  const query = schemas.query.safeParse(raw.query);
  const body = schemas.body.safeParse(raw.body);
  if (params.success && query.success && body.success) return { kind: 'read', params: params.data, query: query.data, body: body.data };
  return problem('invalid_request', { errors: [...errorsOf(params, 'path'), ...errorsOf(query, 'query'), ...errorsOf(body, 'body')] });
}

function errorsOf(result: z.ZodSafeParseResult<unknown>, place: FieldPlace): FieldError[] {
  return result.success ? [] : fieldErrors(result.error, place);
}
