import { fnv1a32 } from '../experiment/bucket.ts';
import type { LandingLanguage } from '../landing/page-words.ts';

/** Words of one length in every language, in an order that stays: a name that was drawn is kept as a number. */
type NameWords = { readonly adjectives: readonly string[]; readonly animals: readonly string[]; say(adjective: string, animal: string): string };

const NAME_WORDS: Readonly<Record<LandingLanguage, NameWords>> = {
  en: {
    adjectives: ['Brave', 'Swift', 'Cheerful', 'Kind', 'Nimble', 'Bold', 'Clever', 'Happy', 'Strong', 'Noble', 'Bright', 'Elegant', 'Careful', 'Patient', 'Steady', 'Wise'],
    animals: ['Fox', 'Eagle', 'Bear', 'Badger', 'Dolphin', 'Falcon', 'Hare', 'Hedgehog', 'Lynx', 'Otter', 'Panda', 'Raven', 'Tiger', 'Beaver', 'Wolf', 'Kingfisher'],
    say: (adjective, animal) => `${adjective} ${animal}`,
  },
  // Adjectives with one form for both genders.
  es: {
    adjectives: ['valiente', 'veloz', 'alegre', 'amable', 'ágil', 'audaz', 'genial', 'feliz', 'fuerte', 'noble', 'brillante', 'elegante', 'prudente', 'paciente', 'constante', 'sagaz'],
    animals: ['Zorro', 'Águila', 'Oso', 'Tejón', 'Delfín', 'Halcón', 'Liebre', 'Erizo', 'Lince', 'Nutria', 'Panda', 'Cuervo', 'Tigre', 'Castor', 'Lobo', 'Martín pescador'],
    say: (adjective, animal) => `${animal} ${adjective}`,
  },
  // Animals of one gender.
  de: {
    adjectives: ['Mutiger', 'Schneller', 'Fröhlicher', 'Netter', 'Flinker', 'Kühner', 'Schlauer', 'Heiterer', 'Starker', 'Edler', 'Heller', 'Eleganter', 'Umsichtiger', 'Geduldiger', 'Beständiger', 'Weiser'],
    animals: ['Fuchs', 'Adler', 'Bär', 'Dachs', 'Delfin', 'Falke', 'Hase', 'Igel', 'Luchs', 'Otter', 'Panda', 'Rabe', 'Tiger', 'Biber', 'Wolf', 'Eisvogel'],
    say: (adjective, animal) => `${adjective} ${animal}`,
  },
};
const WORDS = 16;
const NUMBERS = 100;

/** How many names there are. Two of a large cohort may share one: ranks and scores are told by rows, not by names. */
export const NAMES = WORDS * WORDS * NUMBERS;

/** The name of somebody on a board: the same again for the same run and person, another on another board, and it holds nothing of theirs. */
export function drawName(runId: string, personId: string): number {
  // Twice, so that ids that differ in their last letters alone are mixed as well.
  return fnv1a32(String(fnv1a32(`${runId} ${personId}`))) % NAMES;
}

/** A drawn name in a language: "Brave Fox 17". */
export function sayName(drawn: number, lang: LandingLanguage): string {
  const { adjectives, animals, say } = NAME_WORDS[lang];
  const words = Math.floor(drawn / NUMBERS);
  return `${say(adjectives[Math.floor(words / WORDS) % WORDS] ?? '', animals[words % WORDS] ?? '')} ${String(drawn % NUMBERS + 1)}`;
}
