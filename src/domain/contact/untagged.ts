/**
 * An address without what stands behind a plus, in small letters. Only the provider knows whether two tags are one mailbox;
 * for telling that somebody invites himself the likelihood is enough.
 */
export function untagged(address: string): string {
  return address.toLowerCase().replace(/\+[^@]*(?=@)/, '');
}
