import { z } from 'zod';
import type { LinkView } from '../../db/read/links.ts';
import { LINK_KINDS } from '../../db/schema/links.ts';
import { inviteId, isId } from '../domain/ids.ts';
import type { MemberId, ProgramId } from '../domain/ids.ts';
import { LONGEST_DESTINATION } from '../domain/link/check-destination.ts';
import { readCode } from '../domain/link/code.ts';
import { NAMES_NOTHING } from './field-errors.ts';
import { instantOut, iso, isoOrNull, textIn } from './fields.ts';

const campaign = (what: string) => textIn(200).optional().meta({ description: `Becomes \`utm_${what}\`` });

const utm = z.strictObject({
  source: campaign('source'), medium: campaign('medium'), campaign: campaign('campaign'), term: campaign('term'), content: campaign('content'),
});

/** A member's id in a body or query: text that is none is a mistake to name, not a 404. */
export const memberIdIn = z.string().transform((text, context): MemberId => {
  if (isId('mbr', text)) return text;
  context.addIssue({ code: 'custom', message: 'This is no mbr_ id' });
  return z.NEVER;
}).meta({ description: 'An id that begins with `mbr_`' });

const programIdIn = z.string().transform((text, context): ProgramId => {
  if (isId('prg', text)) return text;
  context.addIssue({ code: 'custom', message: 'This is no prg_ id' });
  return z.NEVER;
}).meta({ description: 'The program for which a sign-up by this link counts; left out: your oldest open one of the loop `referral`, else your oldest open one' });

export const resourceIn = textIn(200).meta({ description: 'What the link is for, in your own words: a project, a row, a result' });

export const newLinkIn = z.strictObject({
  destination: z.string().min(1).max(LONGEST_DESTINATION).meta({
    description: 'Where it leads: an `https://` address whose host is on the tenant\'s list. Its query and fragment are kept; `clickId` and the campaign fields are appended',
  }),
  memberId: memberIdIn.optional(),
  externalId: textIn(200).optional().meta({ description: 'The member by your own id, instead of `memberId`' }),
  resource: resourceIn.optional(),
  programId: programIdIn.optional(),
  utm: utm.optional(),
}).refine((body) => body.memberId === undefined || body.externalId === undefined, { message: 'Name the member by memberId or by externalId, not by both', path: ['externalId'] })
  .meta({ examples: [{ destination: 'https://app.example.com/join', externalId: 'user-17', resource: 'project-4', utm: { source: 'share', medium: 'link', campaign: 'spring' } }] });

export const codeIn = z.string().transform((text, context): string => {
  const code = readCode(text);
  if (code !== null) return code;
  context.addIssue({ code: 'custom', message: 'This is no code of a link', params: NAMES_NOTHING });
  return z.NEVER;
}).meta({ description: 'The code of a link: 16 digits and letters; capitals and hyphens do not matter' });

const openings = z.number().int().min(0);

export const linkOut = z.object({
  code: z.string(),
  url: z.string().meta({ description: 'What to share' }),
  kind: z.enum(LINK_KINDS),
  inviteId: z.string().nullable().meta({ description: 'The invite whose link this is' }),
  memberId: z.string().nullable(),
  resource: z.string().nullable(),
  programId: z.string().nullable().meta({ description: 'The program it names' }),
  destination: z.string(),
  utm: z.object({ source: z.string().optional(), medium: z.string().optional(), campaign: z.string().optional(), term: z.string().optional(), content: z.string().optional() }),
  clicks: openings.meta({ description: 'Openings by people; a visitor counts once an hour' }),
  views: openings.meta({ description: 'How often the app reported that it was seen (`link_viewed`)' }),
  notCounted: z.object({ head: openings, prefetch: openings, preview: openings, bot: openings, repeat: openings })
    .meta({ description: 'Openings that are kept but do not count: HEAD requests, prefetching, link previews, other programs, repeats' }),
  createdAt: instantOut,
  revokedAt: instantOut.nullable(),
}).meta({ id: 'Link', description: 'A short link and what became of it' });

/** The address of a link as it is shared. */
export function linkUrl(publicUrl: string, code: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/l/${code}`;
}

export function linkBody(link: LinkView): z.input<typeof linkOut> {
  return {
    code: link.code,
    url: linkUrl(link.publicUrl, link.code),
    kind: link.kind,
    inviteId: link.batchId === null || link.n === null ? null : inviteId({ batchId: link.batchId, n: link.n }),
    memberId: link.memberId,
    resource: link.resource,
    programId: link.programId,
    destination: link.destination,
    utm: link.utm,
    clicks: link.clicks,
    views: link.views,
    notCounted: link.notCounted,
    createdAt: iso(link.createdAt),
    revokedAt: isoOrNull(link.revokedAt),
  };
}
