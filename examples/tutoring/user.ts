import type { Request } from 'express';
import { at } from './answers.ts';
import type { Result } from './pages.ts';

/** A user of this app. `memberId`: how Flywheel calls them; `told`: what it told of them by webhook. */
export type User = { readonly id: string; readonly memberId: string; readonly name: string; readonly results: Map<string, Result>; readonly told: string[] };

/** Reads a form's fields by name; empty: not there. */
export function fieldOf(request: Request<Record<string, string>>): (name: string) => string {
  const body: unknown = request.body;
  return (name) => text(at(body, name));
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, 200) : '';
}
