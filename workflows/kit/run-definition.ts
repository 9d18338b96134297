import type { ToldFact } from '../../src/domain/run/fact.ts';

/** A run as data: what its kit, its row and its ops need. Facts are named with their fields: the types of a story follow from it. */
export type RunDefinition = {
  readonly key: string;
  /** Each with what ops read of it in the Temporal UI. */
  readonly stages: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, FactFields>>;
  readonly outcomes: Readonly<Record<string, string>>;
};

type FieldKind = 'text' | 'number' | 'flag';
export type FactFields = Readonly<Record<string, FieldKind>>;
type FieldOf = { text: string; number: number; flag: boolean };

export type StageOf<D extends RunDefinition> = keyof D['stages'] & string;
export type OutcomeOf<D extends RunDefinition> = keyof D['outcomes'] & string;
export type FactKind<D extends RunDefinition> = keyof D['facts'] & string;
/** A fact of one of these kinds; a union that its `kind` tells apart. */
export type FactOf<D extends RunDefinition, Kind extends FactKind<D>> = {
  [K in Kind]: ToldFact & { readonly kind: K; readonly data: { readonly [Name in keyof D['facts'][K]]: FieldOf[D['facts'][K][Name]] } };
}[Kind];

/** The one place where a fact that came from outside becomes a typed one: its kind is one of these and its fields are what the definition says. */
export function isFactOf<D extends RunDefinition, Kind extends FactKind<D>>(definition: D, kinds: readonly Kind[], fact: ToldFact): fact is FactOf<D, Kind> {
  const fields = kinds.some((kind) => kind === fact.kind) ? definition.facts[fact.kind] : undefined;
  return fields !== undefined && Object.entries(fields).every(([name, kind]) => isField(kind, fact.data[name]));
}

function isField(kind: FieldKind, value: unknown): boolean {
  switch (kind) {
    case 'text': return typeof value === 'string';
    case 'number': return typeof value === 'number';
    case 'flag': return typeof value === 'boolean';
  }
}
