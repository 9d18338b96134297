import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { createPreviewLink } from '../../db/write/create-preview-link.ts';
import { idIn, instantOut, iso } from './fields.ts';
import { previewMessage } from './preview-message.ts';
import { PREVIEW_LINK_LIVES_MS, previewPath } from './preview-token.ts';
import { problem } from './problems.ts';
import { previewAgain, previewBody, previewIn, previewOut } from './program-preview-body.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Programs';
const byId = z.strictObject({ id: idIn('prg') });
const LONGEST_REQUEST = 100_000;

const preview = route({
  method: 'post',
  path: '/v1/programs/{id}/preview',
  tag,
  summary: 'Preview any message for anybody',
  description: 'Subject, text, HTML, planned time and everything that stands against it, for a member or an invented person, of any step and version, also with terms that are not saved yet. Written, planned and judged by what sends; it stores nothing, sends nothing, counts in no cap and needs no key for the request. Its links are samples that lead nowhere.',
  params: byId,
  query: none,
  body: previewIn,
  keyed: false,
  costs: { flow: 'previews' },
  answers: { 200: previewOut },
  problems: ['not_found', 'invalid_request', 'invalid_send_rules', 'invalid_terms'],
  async handle({ params, body, ...call }) {
    const made = await previewMessage(call, params.id, body);
    return 'kind' in made ? made : { status: 200 as const, body: previewBody(made) };
  },
});

const createLink = route({
  method: 'post',
  path: '/v1/programs/{id}/preview-links',
  tag,
  summary: 'Make a link to a page that shows a preview',
  description: 'The same request as a preview, shown in a browser at the widths of a desktop and a phone, without a key. The page can be opened for one hour, as often as you like, and shows what holds at that moment. Its address holds a random token and nothing of the person.',
  params: byId,
  query: none,
  body: previewIn,
  keyed: true,
  costs: { flow: 'page-links' },
  answers: { 201: z.object({ url: z.string().meta({ description: 'To be opened in a browser. Whoever has it can look at the preview' }), expiresAt: instantOut }).meta({ id: 'PreviewLink' }) },
  problems: ['not_found', 'invalid_request', 'invalid_send_rules', 'invalid_terms'],
  async handle({ params, body, ...call }) {
    const made = await previewMessage(call, params.id, body);
    if ('kind' in made) return made;
    const { tx, tenantId, now, services: { keyring } } = call;
    const request = JSON.stringify(previewAgain(body));
    if (request.length > LONGEST_REQUEST) return problem('invalid_request', { errors: [{ path: '', message: 'A preview for a page must not be longer than 100 KB.' }] });
    const { path, hash } = previewPath(tenantId, randomBytes(24));
    const expiresAt = now + PREVIEW_LINK_LIVES_MS;
    const { publicUrl } = await createPreviewLink(tx, { tenantId, programId: params.id, tokenHash: hash, requestSealed: keyring.seal(tenantId, request), expiresAt });
    return { status: 201 as const, body: { url: `${publicUrl.replace(/\/+$/, '')}${path}`, expiresAt: iso(expiresAt) } };
  },
});

export const programPreviewRoutes: readonly Route[] = [preview, createLink];
