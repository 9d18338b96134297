import type { Keyring } from '../src/config/keyring.ts';
import type { TenantId } from '../src/domain/ids.ts';
import type { Invitee } from './write/accept-invites.ts';
import type { MemberChange } from './write/member-state.ts';

/** What was read in a row, as accepting and upserting take it. */
export type RowInput = { kind: 'members'; change: MemberChange } | { kind: 'invitees'; invitee: Invitee };
/** A row as it waits: its cells as they stood in the file; `input` null where it is refused already. */
export type StagedRow = { readonly cells: readonly string[]; readonly input: RowInput | null };

/** Cells and what was read in them hold addresses and names: both stand in the database sealed. */
export function sealRow(keyring: Keyring, tenantId: TenantId, { cells, input }: StagedRow): Buffer {
  return keyring.seal(tenantId, JSON.stringify([cells, input]));
}

/** Throws where the value is not what `sealRow` made: the seal says that nobody else wrote it, so only its shape is looked at. */
export function openRow(keyring: Keyring, tenantId: TenantId, sealed: Uint8Array): StagedRow {
  const read: unknown = JSON.parse(keyring.open(tenantId, sealed));
  if (!isList(read)) throw new Error('a staged row is no list');
  const [cells, input] = read;
  if (!isCells(cells) || (input !== null && !isInput(input))) throw new Error('a staged row cannot be read');
  return { cells, input };
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function isCells(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((cell) => typeof cell === 'string');
}

function isInput(value: unknown): value is RowInput {
  if (!isObject(value)) return false;
  switch (value['kind']) {
    case 'members': return isObject(value['change']) && typeof value['change']['externalId'] === 'string';
    case 'invitees': return isObject(value['invitee']);
    default: return false;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
