/** The GSM 7-bit default alphabet in the order of its codes, the escape (0x1B) left out (3GPP TS 23.038, 6.2.1). */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** Its extension table: these travel as the escape and one more septet (6.2.1.1). */
const EXTENSION = '\f^{}\\[~]|€';

const SEPTETS: ReadonlyMap<string, 1 | 2> = new Map([
  ...Array.from(BASIC).map((character) => [character, 1] as const),
  ...Array.from(EXTENSION).map((character) => [character, 2] as const),
]);

/** How many septets a character takes, null where the alphabet does not have it. */
export function septetsOf(character: string): 1 | 2 | null {
  return SEPTETS.get(character) ?? null;
}
