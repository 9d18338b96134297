import type { z } from 'zod';
import { previewOut } from '../../src/api/program-preview-body.ts';
import { textIn } from './api.ts';
import type { Reply, TestApi, TestTenant } from './api.ts';
import { makeProgram } from './invites-api.ts';
import { madeByHook, useTenantEach, useTestApi } from './use-test-api.ts';

export type UsedProgram = { readonly api: TestApi; readonly tenant: TestTenant; readonly program: { readonly id: string } };

/** For tests of one program: an API, and for each test a tenant with a program of its own. */
export function useProgram(): UsedProgram {
  const api = useTestApi();
  const tenant = useTenantEach(api);
  const id = madeByHook<string>('the program');
  beforeEach(async () => { id.set(await makeProgram(api, tenant)); });
  return { api, tenant, program: { get id() { return id.get(); } } };
}

export type Preview = z.output<typeof previewOut>;
export type UsedPreviews = UsedProgram & {
  ask(body?: unknown): Promise<Reply>;
  /** Throws where it is refused. */
  preview(body?: unknown): Promise<Preview>;
  patch(terms: unknown): Promise<Reply>;
  /** Stores a member; answers its id. */
  member(name: string, fields?: unknown): Promise<string>;
};

/** For tests of what a program would send: the same, and its previews. */
export function usePreviews(): UsedPreviews {
  const used = useProgram();
  const { api, tenant, program } = used;
  const ask = (body: unknown = {}): Promise<Reply> => api.send(tenant, 'POST', `/v1/programs/${program.id}/preview`, body);
  return {
    ...used, ask,
    async preview(body = {}) {
      const { status, text, body: answered } = await ask(body);
      if (status !== 200) throw new Error(`refused: ${text}`);
      return previewOut.parse(answered);
    },
    patch: (terms) => api.send(tenant, 'PATCH', `/v1/programs/${program.id}`, { terms }),
    async member(name, fields = {}) {
      const put = await api.send(tenant, 'PUT', `/v1/members/${name}`, fields);
      if (put.status >= 300) throw new Error(`refused: ${put.text}`);
      return textIn(put.body, 'id');
    },
  };
}
