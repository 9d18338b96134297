/** The time in a workflow (epoch ms): in its sandbox this is Temporal's, recorded with each task, the same in every replay. */
export function workflowNow(): number {
  return Date.now();
}
