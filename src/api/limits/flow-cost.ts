import type { Flow } from '../../domain/limits/tiers.ts';

export type CostlyFlow = Exclude<Flow, 'requests' | 'writes'>;

/** What a request costs besides being one: so many units of a flow of its tenant. */
export type FlowCost = { readonly flow: CostlyFlow; readonly units: number };
