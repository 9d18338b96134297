import { newId } from '../../src/config/new-id.ts';
import { parseEmailAddress } from '../../src/domain/contact/email-address.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Tier } from '../../src/domain/limits/tiers.ts';
import { sendRulesProblems } from '../../src/domain/send-time/plan-send.ts';
import type { SendTimeRules } from '../../src/domain/send-time/plan-send.ts';
import { zoneOffsets } from '../../src/domain/send-time/zone-offsets.ts';
import type { Sql } from '../client.ts';

export type NewTenant = {
  name: string;
  /** Who its mails are from, and where answers go. */
  fromAddress: string;
  fromName: string;
  replyTo?: string;
  /** Stands in every mail (CAN-SPAM, 16 CFR 316.2(p)). */
  postalAddress: string;
  /** IANA; its days and the times of recipients whose zone nobody knows. */
  zone: string;
  /** Origin under which its links, opt-out and pages are served: `https://flywheel.example`. */
  publicUrl: string;
  linkHosts?: readonly string[];
  allowedDestinations: readonly string[];
  sendRules?: SendTimeRules;
  senderShards?: number;
  /** How much it may ask for; `scale` when left out. */
  tier?: Tier;
};

export type MadeTenant = { outcome: 'made'; tenantId: TenantId } | { outcome: 'refused'; problems: string[] };

/** Makes a tenant, as the owner. Refuses with every problem, each with the field's name. */
export async function makeTenant(owner: Sql, tenant: NewTenant, now: number): Promise<MadeTenant> {
  const problems = tenantProblems(tenant);
  if (problems.length > 0) return { outcome: 'refused', problems };
  const tenantId = newId('tnt', now);
  await owner`
    insert into tenants (id, name, from_address, from_name, reply_to, postal_address, zone, public_url, link_hosts, allowed_destinations, send_rules, sender_shards, tier, created_at)
    values (${tenantId}, ${tenant.name.trim()}, ${tenant.fromAddress}, ${tenant.fromName.trim()}, ${tenant.replyTo ?? null}, ${tenant.postalAddress.trim()},
            ${tenant.zone}, ${originOf(tenant.publicUrl) ?? ''}, ${lowered(tenant.linkHosts ?? [])}::text[], ${lowered(tenant.allowedDestinations)}::text[],
            ${JSON.stringify(tenant.sendRules ?? {})}, ${tenant.senderShards ?? 1}, ${tenant.tier ?? 'scale'}, ${now})`;
  return { outcome: 'made', tenantId };
}

const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/i;

function tenantProblems(tenant: NewTenant): string[] {
  const shards = tenant.senderShards ?? 1;
  return [
    ...length('name', tenant.name, 1, 120),
    ...address('fromAddress', tenant.fromAddress),
    ...length('fromName', tenant.fromName, 1, 120),
    ...(tenant.replyTo === undefined ? [] : address('replyTo', tenant.replyTo)),
    ...length('postalAddress', tenant.postalAddress, 8, 400),
    ...(zoneOffsets(tenant.zone) !== null ? [] : ['zone: is no IANA time zone such as Europe/Paris']),
    ...(originOf(tenant.publicUrl) === null ? ['publicUrl: must be an http(s) origin such as https://flywheel.example'] : []),
    ...[...tenant.linkHosts ?? [], ...tenant.allowedDestinations].flatMap((host) => (HOST.test(host) ? [] : ['linkHosts, allowedDestinations: give bare hosts such as app.example.com'])),
    ...sendRulesProblems(tenant.sendRules ?? {}).map((problem) => `sendRules.${problem}`),
    ...(Number.isInteger(shards) && shards >= 1 && shards <= 64 ? [] : ['senderShards: 1 to 64 is possible']),
  ];
}

function length(field: string, text: string, min: number, max: number): string[] {
  const { length: has } = text.trim();
  return has >= min && has <= max ? [] : [`${field}: must have ${String(min)} to ${String(max)} characters`];
}

function address(field: string, text: string): string[] {
  const parsed = parseEmailAddress(text);
  return parsed.outcome === 'ok' ? [] : [`${field}: is no usable e-mail address (${parsed.reason})`];
}

function originOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, origin } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? origin : null;
}

function lowered(hosts: readonly string[]): string[] {
  return hosts.map((host) => host.toLowerCase());
}
