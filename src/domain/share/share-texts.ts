import type { PageLanguage } from '../preference/page-language.ts';
import type { Shared } from './share-links.ts';

/** What a member says to friends. `{name}`: the tenant. Promises nothing: what there is to earn is the program's to say. */
const TEXTS: Readonly<Record<PageLanguage, { readonly line: string; readonly subject: string }>> = {
  en: { line: 'I use {name} and think you might like it too. This is my link:', subject: 'Have a look at {name}' },
  de: { line: 'Ich nutze {name} und kann es empfehlen. Das ist mein Link:', subject: 'Ein Blick auf {name}' },
  es: { line: 'Uso {name} y lo recomiendo. Este es mi enlace:', subject: 'Un vistazo a {name}' },
  fr: { line: 'J’utilise {name} et je le recommande. Voici mon lien :', subject: 'Un coup d’œil à {name}' },
};

/** The texts in a member's language, for this link of theirs. */
export function shareTexts(lang: PageLanguage, { tenantName, url }: { tenantName: string; url: string }): Shared {
  const { line, subject } = TEXTS[lang];
  const named = (text: string): string => text.replaceAll('{name}', () => tenantName);
  return { url, line: named(line), subject: named(subject) };
}
