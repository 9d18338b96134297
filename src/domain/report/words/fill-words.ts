import type { Plural } from './report-words.ts';

/** `{name}` becomes the value of that name, once: what a value says is not looked at again. Throws where a value is missing. */
export function fillWords(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_slot, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the words of a report lack a value for {${name}}`);
    return value;
  });
}

/** The form for a count in the language of a locale. `said`: the number as it is written. */
export function fillPlural(forms: Plural, count: number, said: string, locale: string): string {
  return fillWords(new Intl.PluralRules(locale).select(count) === 'one' ? forms.one : forms.other, { n: said });
}
