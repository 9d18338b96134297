import { withPlainFailures } from './plain-failure.ts';
import { sendDue, type SendDueDeps, type SendDueInput, type SendDueReport } from './messages/send-due.ts';

/** Everything workflows may call, built once per worker from what it needs. */
export type Activities = {
  sendDue(input: SendDueInput): Promise<SendDueReport>;
};

export type ActivityDeps = SendDueDeps;

export function createActivities(deps: ActivityDeps): Activities {
  return { sendDue: (input) => withPlainFailures(deps.log, () => sendDue(deps, input)) };
}
