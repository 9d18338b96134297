/**
 * What signs link codes, opt-out and preference tokens: one secret in use, and those that signed before it. A code names its
 * secret by one character, so that links in old mails keep working after a rotation. The deployment's keyring is
 * one with a single secret.
 */
export type Signer = {
  /** HMAC-SHA256 under the secret in use. */
  readonly sign: (purpose: SignedPurpose, text: string) => Uint8Array;
  /** Names the secret in use: one character of the code alphabet. The first secret ever is `2`. */
  readonly keyId?: string;
  /** Secrets that signed before; kept for as long as their links must work. */
  readonly earlier?: readonly EarlierSecret[];
};

export type SignedPurpose = 'link' | 'unsubscribe' | 'preference' | 'attempt' | 'landing' | 'play';

/** `untilAt` (epoch ms) is the instant at which the secret was replaced. */
export type EarlierSecret = {
  readonly keyId: string;
  readonly untilAt: number;
  readonly sign: (purpose: SignedPurpose, text: string) => Uint8Array;
};

export type Secret = { readonly keyId: string; readonly sign: (purpose: SignedPurpose, text: string) => Uint8Array };

const FIRST_KEY_ID = '2';

export function secretInUse(signer: Signer): Secret {
  return { keyId: signer.keyId ?? FIRST_KEY_ID, sign: signer.sign };
}

/** The secret a code or token names, or undefined where none has that name (any more). */
export function secretNamed(signer: Signer, keyId: string): Secret | undefined {
  const current = secretInUse(signer);
  return current.keyId === keyId ? current : signer.earlier?.find((secret) => secret.keyId === keyId);
}

/** The secret that was in use at an instant (epoch ms): what was derived then can be derived again. */
export function secretOf(signer: Signer, at: number): Secret {
  const candidates = (signer.earlier ?? []).filter((secret) => at < secret.untilAt);
  return candidates.toSorted((a, b) => a.untilAt - b.untilAt)[0] ?? secretInUse(signer);
}
