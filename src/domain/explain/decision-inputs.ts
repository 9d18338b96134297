import type { DecisionFact } from './facts.ts';

/** Reads what a decision's inputs should hold; null where they do not: an old or foreign row must not spoil a story. */
export function textIn({ inputs }: DecisionFact, name: string): string | null {
  const value = inputs[name];
  return typeof value === 'string' ? value : null;
}

export function numberIn({ inputs }: DecisionFact, name: string): number | null {
  const value = inputs[name];
  return typeof value === 'number' ? value : null;
}

export function textsIn({ inputs }: DecisionFact, name: string): string[] {
  const value = inputs[name];
  return Array.isArray(value) ? value.filter((item: unknown) => typeof item === 'string') : [];
}

/** An instant (epoch ms), from ISO 8601 or epoch milliseconds. */
export function instantIn({ inputs }: DecisionFact, name: string): number | null {
  const value = inputs[name];
  const at = typeof value === 'string' ? Date.parse(value) : value;
  return typeof at === 'number' && Number.isFinite(at) ? at : null;
}
