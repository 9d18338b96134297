import { z } from 'zod';
import { apiClient } from '../story/api-client.ts';
import type { Places } from './places.ts';

type Somebody = { readonly name: string; readonly zone: string; readonly locale: string; readonly phone?: string };

/** The page that shows the invitation of a program to somebody whom Ana invites. */
export async function previewLink({ apiUrl, secret }: Places, programId: string, somebody: Somebody): Promise<string> {
  const { url } = await apiClient(apiUrl, secret).call('POST', `/v1/programs/${programId}/preview-links`, {
    invitee: { ...somebody, relationship: 'friend', consent: { basis: 'opt_in' } },
    inviter: { externalId: 'ana' },
  }, z.object({ url: z.string() }));
  return url;
}
