import { z } from 'zod';
import { buildName } from '../../config/build.ts';
import { command, done } from '../command.ts';
import { checkDatabase, checkSchema } from '../doctor/database.ts';
import { AREAS, problem } from '../doctor/finding.ts';
import type { Area, Finding, Status } from '../doctor/finding.ts';
import { checkLaw } from '../doctor/law.ts';
import { checkOutbox, readLanes } from '../doctor/lanes.ts';
import type { LaneState } from '../doctor/lanes.ts';
import { checkApi, checkSms, checkSmtp } from '../doctor/outside.ts';
import { checkTemporal } from '../doctor/temporal.ts';
import { checkBuilds, checkClocks } from '../doctor/workers.ts';
import type { Context } from '../context.ts';
import { noFields, value } from '../fields.ts';
import { sayFailure } from '../say-failure.ts';
import { count } from '../text/table.ts';

const ANSWERS_WITHIN_MS = 20_000;

export const doctor = command({
  name: 'doctor',
  summary: 'what is up, what is late, and how to mend it',
  description: 'Looks at PostgreSQL, its roles and schema, Temporal and its workers, the mail server, the SMS vendor and the API; at lanes that are late, the outbox and hand-offs of unknown outcome; at clocks and at the versions that serve. Says how to mend what is wrong. It changes nothing and sends nothing. Exit code 1 if something is wrong.',
  examples: [
    { line: 'npx flywheel doctor', does: 'look at everything that the environment names' },
    { line: 'npx flywheel doctor --api-url https://flywheel.example --json', does: 'the API, too, and for a monitor' },
  ],
  args: noFields,
  options: z.strictObject({ apiUrl: value('url', 'where the API is; left out: it is not asked', z.url({ protocol: /^https?$/, error: 'must be a URL such as http://localhost:3000' }).optional()) }),
  limitMs: 120_000,
  async run({ context, options: { apiUrl } }) {
    const outside = Promise.all([guarded('SMTP', () => checkSmtp(context)), guarded('SMS', () => checkSms(context)), guarded('API', () => checkApi(apiUrl))]);
    const findings = [...(await lookInside(context)), ...(await outside).flat()];
    const inOrder = AREAS.flatMap((area) => findings.filter((finding) => finding.area === area));
    const problems = findings.filter(({ status }) => status === 'problem').length;
    return done({ build: buildName(), healthy: problems === 0, problems, findings: inOrder }, problems > 0);
  },
  text: ({ problems, findings }) => `${AREAS.flatMap((area) => areaText(area, findings)).join('\n')}\n\n${problems === 0 ? 'Nothing is wrong.' : `${count(problems, 'problem')} found.`}`,
});

async function lookInside(context: Context): Promise<Finding[]> {
  const { isThere, findings } = await withinTime(checkDatabase(context), () => ({ isThere: false, findings: [hangs('PostgreSQL')] }));
  if (!isThere) return [...findings, ...(await guarded('Temporal', () => checkTemporal(context, [])))];
  const schema = await guarded('schema', () => checkSchema(context));
  if (schema.some(({ status, fix }) => status === 'problem' && fix === 'npx flywheel migrate')) return [...findings, ...schema, ...(await guarded('Temporal', () => checkTemporal(context, [])))];
  let state: LaneState = { now: 0, services: [], overdue: [] };
  const lanes = await guarded('lanes', async () => {
    const read = await readLanes(context);
    state = read;
    return read.findings;
  });
  const rest = await Promise.all([
    guarded('law', () => checkLaw(context)),
    guarded('outbox', () => checkOutbox(context)),
    guarded('Temporal', () => checkTemporal(context, state.overdue)),
    guarded('clocks', () => checkClocks(context, state.services, state.now)),
    guarded('workers', async () => checkBuilds(state.services, state.now)),
  ]);
  return [...findings, ...schema, ...lanes, ...rest.flat()];
}

/** A check that fails or hangs is a finding, and keeps no other from being made. */
async function guarded(area: Area, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await withinTime(check(), () => [hangs(area)]);
  } catch (error) {
    const { message, todo } = sayFailure(error);
    return [problem(area, `It could not be looked at: ${message}`, todo)];
  }
}

function hangs(area: Area): Finding {
  return problem(area, `There was no answer within ${String(ANSWERS_WITHIN_MS / 1000)} s.`, 'See whether it hangs or is overloaded.');
}

async function withinTime<T>(work: Promise<T>, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<T>((resolve) => { timer = setTimeout(() => resolve(late()), ANSWERS_WITHIN_MS); });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

const MARKS: Readonly<Record<Status, string>> = { ok: 'ok     ', note: 'note   ', problem: 'PROBLEM', skipped: 'skipped' };

function areaText(area: Area, findings: readonly Finding[]): string[] {
  const own = findings.filter((finding) => finding.area === area);
  return own.length === 0 ? [] : [area, ...own.flatMap(({ status, says, fix }) => [`  ${MARKS[status]}  ${says}`, ...(fix === null ? [] : [`           → ${fix}`])])];
}
