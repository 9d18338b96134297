import { z } from 'zod';
import { lawVersion, loadLawBook } from '../../db/read/law-book.ts';
import type { Tx } from '../../db/client.ts';
import { lawFor, nameRules } from '../domain/law/law-for.ts';
import type { LawQuestion, NamedRule } from '../domain/law/law-for.ts';
import type { LawChannel } from '../domain/law/law-book.ts';
import { recipientPlaces, zonesOfRegion } from '../domain/law/places.ts';
import type { SendTimeRules } from '../domain/send-time/plan-send.ts';
import { zoneCandidates } from '../domain/zone/zone-candidates.ts';
import type { ZoneCandidates } from '../domain/zone/zone-candidates.ts';

/** Whom a message would go to, as far as its law depends on it. */
export const recipientIn = z.strictObject({
  country: z.string().regex(/^[A-Za-z]{2}$/, 'Give a country as ISO 3166-1 alpha-2, as in FR').nullish().meta({ description: 'ISO 3166-1 alpha-2, as in `FR`' }),
  region: z.string().regex(/^[A-Za-z]{2}-[A-Za-z0-9]{1,3}$/, 'Give a region as ISO 3166-2, as in US-FL').nullish().meta({ description: 'ISO 3166-2, as in `US-FL`' }),
  phone: z.string().regex(/^\+[1-9]\d{6,14}$/, 'Give a phone number as + and 7 to 15 digits').nullish().meta({ description: 'E.164: its prefix is a hint where nothing better is known' }),
  isMinor: z.boolean().optional().meta({ description: 'Known to be a minor; false when left out' }),
}).meta({ id: 'PreviewRecipient', description: 'Where the recipient is and whether they are a minor, as far as it is known' });

type Asked = { rules: SendTimeRules; zone: string | null; recipient: z.output<typeof recipientIn>; channel: LawChannel };
type Ground = { tenantZone: string; scope: string | null; version: number };

/**
 * The given rules with the law of the recipient's place beside them, and that law by name. Candidate zones that the rules
 * name, or a given zone, count as told; without either they are those of the region, the country, the number, the tenant.
 */
export async function bindByLaw(tx: Tx, { rules, zone, recipient, channel }: Asked): Promise<{ rules: SendTimeRules; law: readonly NamedRule[] }> {
  const [ground] = await tx.sql<Ground[]>`select zone as "tenantZone", limits ->> 'lawScope' as scope, ${lawVersion(tx)} as version from tenants`;
  if (ground === undefined) throw new Error('this tenant is gone');
  const { zones, source } = zonesOf(rules, zone, recipient, ground.tenantZone);
  if (rules.class === 'transactional') return { rules: { ...rules, zones }, law: [] };
  const book = await loadLawBook(tx.sql, ground.version);
  const law = lawFor(book, {
    places: recipientPlaces({ ...recipient, zones, zoneSource: source }),
    channel,
    isMinor: recipient.isMinor ?? false,
    scope: readScope(ground.scope),
  });
  return {
    rules: {
      ...rules,
      zones,
      layers: [...(law.rules.layers ?? []), ...(rules.layers ?? [])],
      blackoutDates: [...(law.rules.blackoutDates ?? []), ...(rules.blackoutDates ?? [])],
    },
    law: nameRules(book, law.ruleIds),
  };
}

function zonesOf(rules: SendTimeRules, zone: string | null, recipient: Asked['recipient'], tenantZone: string): ZoneCandidates {
  const told = rules.zones !== undefined && rules.zones.length > 0 ? rules.zones : zone === null ? [] : [zone];
  if (told.length > 0) return { zones: told, source: 'explicit' };
  const ofRegion = recipient.region == null ? [] : zonesOfRegion(recipient.region);
  if (ofRegion.length > 0) return { zones: ofRegion, source: 'address' };
  return zoneCandidates({ country: recipient.country ?? recipient.region?.slice(0, 2), phone: recipient.phone }, rules.fallbackZone ?? tenantZone);
}

function readScope(text: string | null): LawQuestion['scope'] {
  return text === 'every_channel' ? 'every_channel' : 'as_written';
}
