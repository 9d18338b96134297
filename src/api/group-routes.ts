import type { z } from 'zod';
import type { ProblemCode, Problem } from './problems.ts';
import { readRequest, type Fields } from './read-request.ts';
import { costOf, none, type AnswerOf, type Answers, type Asking, type Call, type Route, type RouteDefinition } from './route.ts';
import type { Services } from './services.ts';
import type { SharedCall } from './answer-once.ts';
import { shareTransactions, type Asked, type Sent } from './shared-transaction.ts';

type SharedDefinition<B extends z.ZodType, A extends Answers, C extends ProblemCode> = Omit<RouteDefinition<Fields, Fields, B, A, C>, 'params' | 'query' | 'keyed' | 'handle'> & {
  /** Is it small enough to share a transaction? Else it has its own. */
  isSmall(body: z.output<B>): boolean;
  /** Answers each, in their order, and refuses one only before it has written anything of it. */
  handleAll(call: SharedCall, asked: readonly Asked<z.output<B>>[]): Promise<readonly (AnswerOf<NoInfer<A>> | Problem<NoInfer<C>>)[]>;
};

/** Settles a keyed route that many ask at once and that is cheaper done for many: what is small shares a transaction (shared-transaction.ts). */
export function sharedRoute<B extends z.ZodType, A extends Answers, const C extends ProblemCode = never>({ isSmall, handleAll, ...described }: SharedDefinition<B, A, C>): Route {
  const share = shareTransactions<z.output<B>>(handleAll);
  return {
    ...described,
    params: none,
    query: none,
    keyed: true,
    prepare(raw) {
      const read = readRequest({ params: none, query: none, body: described.body }, raw);
      if (read.kind === 'problem') return read;
      const { body } = read;
      return {
        kind: 'ready',
        asked: { params: {}, body },
        cost: costOf(described.costs, body),
        async perform(call) {
          const [answer] = await handleAll(call, [{ keyId: call.keyId, body }]);
          if (answer === undefined) throw new Error('a request was not answered');
          return answer;
        },
        ...(isSmall(body) ? { share: (services: Services, sent: Sent & Pick<Call, 'keyId'>) => share(services, { ...sent, body }) } : {}),
      };
    },
  };
}

type GroupedDefinition<B extends z.ZodType, A extends Answers, C extends ProblemCode> = Omit<RouteDefinition<Fields, Fields, B, A, C>, 'params' | 'query' | 'keyed' | 'costs' | 'handle'> & {
  ask(asking: Asking & { body: z.output<B> }): Promise<AnswerOf<NoInfer<A>> | Problem<NoInfer<C>>>;
};

/** Settles a route that many ask at once and that is cheaper done for many: `ask` puts the request into a group (group-calls.ts), whose transaction it shares. */
export function groupedRoute<B extends z.ZodType, A extends Answers, const C extends ProblemCode = never>({ ask, ...described }: GroupedDefinition<B, A, C>): Route {
  return {
    ...described,
    params: none,
    query: none,
    keyed: false,
    prepare(raw) {
      const read = readRequest({ params: none, query: none, body: described.body }, raw);
      return read.kind === 'problem' ? read : { kind: 'grouped', ask: (asking) => ask({ ...asking, body: read.body }) };
    },
  };
}
