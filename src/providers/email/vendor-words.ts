const LIMIT = 200;

/**
 * A server's reply or an error's message as it may be kept: one line, at most 200 characters, without anything
 * that looks like an e-mail address (servers like to repeat the recipient).
 */
export function vendorWords(raw: string): string {
  return raw
    .slice(0, 4000)
    .replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/gu, '…')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, LIMIT);
}
