import { customType } from 'drizzle-orm/pg-core';

/** timestamptz as epoch milliseconds. */
export const instant = customType<{ data: number; driverData: number }>({ dataType: () => 'timestamp with time zone' });

/** Raw bytes: hashes and sealed values. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

/** A calendar day, `2026-06-10`. */
export const day = customType<{ data: string; driverData: string }>({ dataType: () => 'date' });
