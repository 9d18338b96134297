import type { Result } from './pages.ts';

/** A user of this app. `memberId`: how Flywheel calls them; `told`: what it told of them by webhook. */
export type User = { readonly id: string; readonly memberId: string; readonly name: string; readonly results: Map<string, Result>; readonly told: string[] };
