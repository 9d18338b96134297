import { z } from 'zod';
import type { BenchTenant } from './bench-tenant.ts';
import type { HttpLoad } from './http-load.ts';

const named = z.object({ id: z.string() });

/** A program of a live loop, with its own terms. Returns its id. */
export async function makeLoopProgram(load: HttpLoad, { secret }: BenchTenant, loop: string): Promise<string> {
  const answer = await load.send({ method: 'POST', path: '/v1/programs', secret, body: JSON.stringify({ loop, title: 'Measured' }) });
  if (answer.status !== 201) throw new Error(`a program was answered ${String(answer.status)}: ${answer.text.slice(0, 500)}`);
  return named.parse(JSON.parse(answer.text)).id;
}

/** Members `member-0` and on. */
export async function makeMembers(load: HttpLoad, { secret }: BenchTenant, count: number): Promise<void> {
  const AT_ONCE = 1_000;
  for (let from = 0; from < count; from += AT_ONCE) {
    const members = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_none, n) => ({ externalId: `member-${String(from + n)}` }));
    const answer = await load.send({ method: 'POST', path: '/v1/members/batch', secret, body: JSON.stringify({ members }) });
    if (answer.status !== 200) throw new Error(`members were answered ${String(answer.status)}: ${answer.text.slice(0, 500)}`);
  }
}
