/** What relay, worker and ops need to know of an import's run without loading its code. */

export const IMPORT_WORKFLOW = 'importFile';

/** Ids only: the rows stay in Postgres. */
export type ImportInput = { tenantId: string; importId: string };

/** One run an import, ever: its id is never used again. */
export function importWorkflowId({ tenantId, importId }: ImportInput): string {
  return `import/${tenantId}/${importId}`;
}
