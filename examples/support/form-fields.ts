import type { Request } from 'express';

/** Reads a form's fields by name; empty: not there. */
export function fieldOf(request: Request<Record<string, string>>): (name: string) => string {
  const body: unknown = request.body;
  const fields = new Map<string, unknown>(Object.entries(typeof body === 'object' && body !== null ? body : {}));
  return (name) => text(fields.get(name));
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, 200) : '';
}
