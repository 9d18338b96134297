import { z } from 'zod';
import type { Tx } from '../../db/client.ts';
import type { KeyId, TenantId } from '../domain/ids.ts';
import type { CostlyFlow, FlowCost } from './limits/flow-cost.ts';
import { fieldErrors, namesNothing } from './field-errors.ts';
import type { FieldPlace } from './field-errors.ts';
import { problem } from './problems.ts';
import type { FieldError, Problem, ProblemCode } from './problems.ts';
import type { Services } from './services.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Answers = Readonly<Record<number, z.ZodType>>;

/** Path and query are described by objects whose fields can be listed. */
export type Fields = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

/** For a route without parameters, query or body. */
export const none = z.strictObject({});

/** What a handler works with besides the request: one transaction of the caller's tenant, and the time. */
export type Call = { readonly tx: Tx; readonly tenantId: TenantId; readonly keyId: KeyId; readonly now: number; readonly services: Services };

export type Answer = { readonly status: number; readonly body: unknown };
type AnswerOf<A extends Answers> = { [S in keyof A & number]: { status: S; body: DeepReadonly<z.input<A[S]>> } }[keyof A & number];
/** An answer is only read: what was read from the database may be handed over as it is. */
type DeepReadonly<T> = T extends readonly (infer Item)[] ? readonly DeepReadonly<Item>[] : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/**
 * One route, written once: Express and the OpenAPI document both read it. `keyed` routes need an Idempotency-Key
 * (every POST with an effect). A handler runs in one transaction, which commits with whatever it returns: it refuses
 * with `problem(code)`, before it has written anything that must not stay.
 */
export type RouteDefinition<P extends Fields, Q extends Fields, B extends z.ZodType, A extends Answers, C extends ProblemCode> = {
  method: Method;
  /** OpenAPI's form: `/v1/members/{id}`. */
  path: `/v1/${string}`;
  tag: string;
  summary: string;
  description: string;
  params: P;
  query: Q;
  body: B;
  keyed: boolean;
  /** What it costs of its tenant's tier besides one request, and how its body is counted: one unit where it is not. */
  costs?: { readonly flow: CostlyFlow; units?(body: z.output<B>): number };
  answers: A;
  problems: readonly C[];
  handle(call: Call & { params: z.output<P>; query: z.output<Q>; body: z.output<B> }): Promise<AnswerOf<NoInfer<A>> | Problem<NoInfer<C>>>;
};

export type RawRequest = { params: unknown; query: unknown; body: unknown };

/** A request that was read: refused, or what was asked (for the fingerprint) and the doing of it. */
export type Prepared = Problem | { kind: 'ready'; asked: { params: unknown; body: unknown }; cost: FlowCost | null; perform(call: Call): Promise<Answer | Problem> };

/** A route whose types are settled. */
export type Route = Pick<RouteDefinition<Fields, Fields, z.ZodType, Answers, ProblemCode>,
  'method' | 'path' | 'tag' | 'summary' | 'description' | 'params' | 'query' | 'body' | 'keyed' | 'answers' | 'problems'> & {
  prepare(raw: RawRequest): Prepared;
};

/** Settles a definition's types; `handle` gets what its own schemas promise. */
export function route<P extends Fields, Q extends Fields, B extends z.ZodType, A extends Answers, const C extends ProblemCode = never>(
  definition: RouteDefinition<P, Q, B, A, C>,
): Route {
  const { handle, costs, ...described } = definition;
  return {
    ...described,
    prepare(raw) {
      const params = definition.params.safeParse(raw.params);
      if (!params.success && namesNothing(params.error)) return problem('not_found');
      const query = definition.query.safeParse(raw.query);
      const body = definition.body.safeParse(raw.body);
      if (!params.success || !query.success || !body.success) {
        return problem('invalid_request', { errors: [...errorsOf(params, 'path'), ...errorsOf(query, 'query'), ...errorsOf(body, 'body')] });
      }
      return {
        kind: 'ready',
        asked: { params: params.data, body: body.data },
        cost: costs === undefined ? null : { flow: costs.flow, units: costs.units?.(body.data) ?? 1 },
        perform: (call) => handle({ ...call, params: params.data, query: query.data, body: body.data }),
      };
    },
  };
}

function errorsOf(result: z.ZodSafeParseResult<unknown>, place: FieldPlace): FieldError[] {
  return result.success ? [] : fieldErrors(result.error, place);
}
