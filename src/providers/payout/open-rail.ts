import type { RailKind } from '../../domain/payout/rails.ts';
import type { CallOptions } from './guarded-call.ts';
import { manualRail } from './manual-rail.ts';
import { ownSystemRail } from './own-system-rail.ts';
import type { PayoutRail } from './payout-rail.ts';
import { transfersApiRail } from './transfers-api-rail.ts';

/** `address`: null for a rail that has none. */
export type RailSettings = { readonly kind: RailKind; readonly address: { readonly url: string; readonly secret: string } | null };
export type OpenRail = (settings: RailSettings) => PayoutRail;

/** The adapter for a tenant's rail. Throws where its settings are not whole: nobody can have saved them so. */
export function openRailWith(options: CallOptions): OpenRail {
  return ({ kind, address }) => {
    switch (kind) {
      case 'manual': return manualRail();
      case 'own_system': return ownSystemRail(needed(kind, address), options);
      case 'transfers_api': return transfersApiRail(needed(kind, address), options);
    }
  };
}

function needed<T>(kind: RailKind, address: T | null): T {
  if (address === null) throw new Error(`the rail ${kind} has no address`);
  return address;
}
