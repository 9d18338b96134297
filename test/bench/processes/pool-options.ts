import type { SMTPPoolOptions } from 'nodemailer';

/** nodemailer's pool as the product's SMTP transport sets it, for those who use it without us. */
export function poolOptions(url: string, connections: number): SMTPPoolOptions & { pool: true } {
  const { hostname, port } = new URL(url);
  return {
    pool: true, host: hostname, port: Number(port), ignoreTLS: true, maxConnections: connections, maxMessages: 1000, maxRequeues: 0,
    disableFileAccess: true, disableUrlAccess: true,
  };
}
