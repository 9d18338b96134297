import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Tx } from '../../db/client.ts';
import type { KeyId, MemberId, TenantId } from '../domain/ids.ts';
import type { Answer, Download, EventStream } from './answer.ts';
import type { WireAnswer } from './answer-once.ts';
import type { Caller } from './authenticate.ts';
import type { CostlyFlow, FlowCost } from './limits/flow-cost.ts';
import { problem } from './problems.ts';
import type { Problem, ProblemCode } from './problems.ts';
import { readRequest } from './read-request.ts';
import type { Fields, RawRequest } from './read-request.ts';
import type { Services } from './services.ts';
import type { Sent } from './shared-transaction.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type Answers = Readonly<Record<number, z.ZodType>>;

/** For a route without parameters, query or body. */
export const none = z.strictObject({});

/** Who asks. */
export type Asking = {
  readonly tenantId: TenantId;
  readonly keyId: KeyId;
  /** On routes for browsers: which member's browser or app asks, for itself alone. Null: a server does, by a secret key, and names the member. */
  readonly asMember: MemberId | null;
  /** When the key or token it came with ends (epoch ms); null: that is not known. */
  readonly until: number | null;
  readonly services: Services;
};
/** What a handler works with besides the request: one transaction of the caller's tenant, and the time. */
export type Call = Asking & { readonly tx: Tx; readonly now: number };

/** What a route may answer: by status what its schema allows; with 200 a file or a stream, too, where it was asked for one. */
export type AnswerOf<A extends Answers> = { [S in keyof A & number]: { status: S; body: DeepReadonly<z.input<A[S]>> | (S extends 200 ? Download | EventStream : never) } }[keyof A & number];
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
  /** It answers with a file of this type (a `Download`) instead of JSON. */
  download?: 'text/csv' | 'application/pdf';
  /** Asked for it (`?format=csv`), it answers with a CSV file instead of JSON. */
  alsoCsv?: true;
  /** A browser or an app may ask, too, with a publishable key and a member's token (browser-caller.ts): for that member alone, see `Call.asMember`. */
  browser?: true;
  /** It answers with events as they happen (an `EventStream`, `text/event-stream`) instead of JSON. */
  streams?: true;
  problems: readonly C[];
  handle(call: Call & { params: z.output<P>; query: z.output<Q>; body: z.output<B> }): Promise<AnswerOf<NoInfer<A>> | Problem<NoInfer<C>>>;
};

/** A request whose body has still to be read. */
export type Incoming = {
  readonly services: Services;
  readonly caller: Caller;
  readonly request: Request;
  readonly response: Response;
  /** Aborts when the caller has been answered without it. */
  readonly signal: AbortSignal;
  /** Has this Idempotency-Key an answer already? Then it will get that one. */
  isAnswered(): Promise<boolean>;
  /** What is known to be refused of a flow, whatever comes. */
  refuseEarly(flow: CostlyFlow): Problem | null;
};
/** What was made of a body. `release` is called when the request was answered, whether or not anything came of it. */
export type Received<T> = { kind: 'body'; value: T; release(): Promise<void> };
/** A body that is no JSON and may be too large to hold: read by its route. */
type UploadOf<T> = { readonly mediaType: string; readonly timeoutMs: number; readonly problems: readonly ProblemCode[]; receive(incoming: Incoming): Promise<Problem | Received<T>> };
export type Upload = Pick<UploadOf<unknown>, 'mediaType' | 'timeoutMs' | 'problems'> & { receive(incoming: Incoming): Promise<Problem | Received<Prepared>> };

/** A request that was read: refused, or what was asked (for the fingerprint) and the doing of it. */
export type Prepared = Problem
  | { kind: 'ready'; asked: { params: unknown; body: unknown }; cost: FlowCost | null; perform(call: Call): Promise<Answer | Problem>; /** Instead of `perform`: in a transaction that requests of its tenant share. */ share?(services: Services, sent: Sent & Pick<Call, 'keyId'>): Promise<WireAnswer> }
  /** Of a grouped route: it has no transaction of its own. */
  | { kind: 'grouped'; ask(asking: Asking): Promise<Answer | Problem> };

/** A route whose types are settled. */
export type Route = Pick<RouteDefinition<Fields, Fields, z.ZodType, Answers, ProblemCode>,
  'method' | 'path' | 'tag' | 'summary' | 'description' | 'params' | 'query' | 'body' | 'keyed' | 'answers' | 'problems'> & {
  readonly download?: 'text/csv' | 'application/pdf';
  readonly alsoCsv?: true;
  readonly browser?: true;
  readonly streams?: true;
  /** Instead of `prepare`. */
  readonly upload?: Upload;
  prepare(raw: RawRequest): Prepared;
};

/** What a request costs of a flow; null: nothing but being one. */
export function costOf<Body>(costs: { readonly flow: CostlyFlow; units?(body: Body): number } | undefined, body: Body): FlowCost | null {
  return costs === undefined ? null : { flow: costs.flow, units: costs.units?.(body) ?? 1 };
}

/** Settles a definition's types; `handle` gets what its own schemas promise. */
export function route<P extends Fields, Q extends Fields, B extends z.ZodType, A extends Answers, const C extends ProblemCode = never>(
  definition: RouteDefinition<P, Q, B, A, C>,
): Route {
  const { handle, costs, ...described } = definition;
  return {
    ...described,
    prepare(raw) {
      const read = readRequest(definition, raw);
      if (read.kind === 'problem') return read;
      const { params, query, body } = read;
      return {
        kind: 'ready',
        asked: { params, body },
        cost: costOf(costs, body),
        perform: (call) => handle({ ...call, params, query, body }),
      };
    },
  };
}

type UploadDefinition<Q extends Fields, A extends Answers, C extends ProblemCode, T> = Omit<RouteDefinition<Fields, Q, z.ZodType, A, C>, 'params' | 'keyed' | 'costs' | 'handle'> & {
  upload: UploadOf<T>;
  /** What the request stands for, small enough for its fingerprint. */
  asked(received: T): unknown;
  costs(received: T): FlowCost;
  perform(call: Call, received: T): Promise<AnswerOf<NoInfer<A>> | Problem<NoInfer<C>>>;
};

/** Settles a keyed POST whose body its own code receives; `perform` gets what that made of it. */
export function uploadRoute<Q extends Fields, A extends Answers, T, const C extends ProblemCode = never>(definition: UploadDefinition<Q, A, C, T>): Route {
  const { upload, asked, costs, perform, ...described } = definition;
  return {
    ...described,
    params: none,
    keyed: true,
    upload: {
      ...upload,
      async receive(incoming) {
        const received = await upload.receive(incoming);
        if (received.kind === 'problem') return received;
        const { value, release } = received;
        return { kind: 'body', release, value: { kind: 'ready', asked: { params: {}, body: asked(value) }, cost: costs(value), perform: (call) => perform(call, value) } };
      },
    },
    prepare: () => problem('csv_expected'),
  };
}
