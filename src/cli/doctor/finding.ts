/** What a finding is about, in the order in which they are shown. */
export const AREAS = ['PostgreSQL', 'schema', 'law', 'Temporal', 'SMTP', 'SMS', 'API', 'lanes', 'outbox', 'clocks', 'workers'] as const;
export type Area = (typeof AREAS)[number];

/** `note`: worth knowing, nothing is wrong. `skipped`: it could not be looked at from here. */
export type Status = 'ok' | 'note' | 'problem' | 'skipped';

/** One thing that was looked at: how it stands, and what to do about it (a sentence or a command) where something is to be done. */
export type Finding = { readonly area: Area; readonly status: Status; readonly says: string; readonly fix: string | null };

export function ok(area: Area, says: string): Finding {
  return { area, status: 'ok', says, fix: null };
}

export function note(area: Area, says: string, fix: string | null = null): Finding {
  return { area, status: 'note', says, fix };
}

export function problem(area: Area, says: string, fix: string): Finding {
  return { area, status: 'problem', says, fix };
}

export function skipped(area: Area, says: string, fix: string): Finding {
  return { area, status: 'skipped', says, fix };
}
