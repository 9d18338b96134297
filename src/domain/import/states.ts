/** An import's life: `receiving` while the file comes in, then `queued` until its run begins. The last three are ends. */
export const IMPORT_STATES = ['receiving', 'queued', 'running', 'completed', 'failed', 'canceled'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];
