import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Everything that needs the deployment's secret (FLYWHEEL_SECRET): each purpose has its own key, derived by
 * HKDF-SHA256 (RFC 5869), so that no key serves two ends. Losing the secret loses every sealed address.
 */
export type Keyring = {
  /** Keyed hash (16 bytes) by which a recipient is recognised within a tenant. */
  hashRecipient(tenantId: string, mailbox: string): Buffer;
  /** Keyed hash (16 bytes) of a visitor's address, already cut to /64 where it is IPv6. */
  hashAddress(tenantId: string, address: string): Buffer;
  /** Keyed hash (16 bytes) of whom a rate limit counts for: a network, a key, a recipient's invite. */
  hashLimited(who: string): Buffer;
  /** Keyed hash (16 bytes) of a phone, the same for all tenants: which of them wrote to a phone that answers. */
  hashPhone(phone: string): Buffer;
  /** Keyed hash (16 bytes) by which a means of payment is recognised within a tenant. */
  hashPaymentMeans(tenantId: string, fingerprint: string): Buffer;
  /** AES-256-GCM; the tenant is bound in, so that a sealed value opens for its own tenant only. */
  seal(tenantId: string, plain: string): Buffer;
  /** Throws where the value was altered or belongs to another tenant. */
  open(tenantId: string, sealed: Uint8Array): string;
  /** HMAC-SHA256 for one purpose: short codes, tokens. */
  sign(purpose: 'link' | 'unsubscribe' | 'preference' | 'attempt' | 'landing' | 'member' | 'play', text: string): Buffer;
  /** By which the secret is recognised (16 bytes); tells nothing of it. */
  readonly fingerprint: Buffer;
};

const FORMAT = 1;

/** Builds the keyring from the deployment's secret (at least 32 bytes). */
export function openKeyring(secret: Uint8Array): Keyring {
  if (secret.length < 32) throw new Error('FLYWHEEL_SECRET must hold at least 32 bytes');
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, 'flywheel', purpose, 32));
  const keys = {
    recipient: derive('recipient-hash'),
    address: derive('address-hash'),
    seal: derive('contact-seal'),
    link: derive('link-code'),
    unsubscribe: derive('unsubscribe-token'),
    preference: derive('preference-token'),
    limit: derive('rate-limit'),
    attempt: derive('attempt-token'),
    play: derive('play-token'),
    landing: derive('landing-token'),
    member: derive('member-token'),
    phone: derive('phone-hash'),
    paymentMeans: derive('payment-means-hash'),
  };
  const hash = (key: Buffer, ...parts: string[]): Buffer => createHmac('sha256', key).update(parts.join('\0')).digest();
  return {
    fingerprint: derive('secret-check').subarray(0, 16),
    hashRecipient: (tenantId, mailbox) => hash(keys.recipient, tenantId, mailbox).subarray(0, 16),
    hashAddress: (tenantId, address) => hash(keys.address, tenantId, address).subarray(0, 16),
    hashPhone: (phone) => hash(keys.phone, phone).subarray(0, 16),
    hashPaymentMeans: (tenantId, fingerprint) => hash(keys.paymentMeans, tenantId, fingerprint).subarray(0, 16),
    hashLimited: (who) => hash(keys.limit, who).subarray(0, 16),
    sign: (purpose, text) => hash(keys[purpose], text),
    seal(tenantId, plain) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keys.seal, iv).setAAD(Buffer.from(tenantId));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(FORMAT), iv, cipher.getAuthTag(), body]);
    },
    open(tenantId, sealed) {
      if (sealed[0] !== FORMAT || sealed.length < 29) throw new Error('a sealed value has an unknown format');
      const decipher = createDecipheriv('aes-256-gcm', keys.seal, sealed.subarray(1, 13)).setAAD(Buffer.from(tenantId));
      decipher.setAuthTag(sealed.subarray(13, 29));
      return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8');
    },
  };
}

/** The stored form of a secret that is shown once: an API key, a one-time token. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares without telling by its time where two values differ. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
