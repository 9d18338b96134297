/** The closed set of words that copy may leave open. */
export const PLACEHOLDERS = ['inviterName', 'inviteeName', 'tenantName', 'programTitle', 'expiryDate'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];
export type PlaceholderValues = Readonly<Record<Placeholder, string>>;

const SLOT = /\{\{\s*([^{}]*?)\s*\}\}/g;

function isPlaceholder(name: string): name is Placeholder {
  return PLACEHOLDERS.some((known) => known === name);
}

/** Fills every `{{name}}` in one pass, so that a value which itself looks like a placeholder stays as it is. Throws on an unknown one. */
export function fillPlaceholders(template: string, values: PlaceholderValues): string {
  return fillSlots(template, values);
}

/** The same for any set of words left open. Throws on one that has no value. */
export function fillSlots(template: string, values: Readonly<Record<string, string | undefined>>): string {
  return template.replace(SLOT, (_slot, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`unknown placeholder {{${name.slice(0, 40)}}}`);
    return value;
  });
}

/** The words that a template leaves open. */
export function slotsIn(template: string): string[] {
  return [...template.matchAll(SLOT)].map((match) => match[1] ?? '');
}

export function holdsPlaceholder(template: string, wanted: Placeholder): boolean {
  return slotsIn(template).includes(wanted);
}

/** What is wrong with a template's placeholders, in words; empty when nothing is. */
export function placeholderProblems(template: string): string[] {
  const problems = slotsIn(template)
    .filter((name) => !isPlaceholder(name))
    .map((name) => `the placeholder {{${name.slice(0, 40)}}} is not known; known are ${PLACEHOLDERS.map((known) => `{{${known}}}`).join(', ')}`);
  if (/\{\{|\}\}/.test(template.replace(SLOT, ''))) problems.push('"{{" and "}}" do not match');
  return problems;
}
