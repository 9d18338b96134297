import { z } from 'zod';
import { makeTenant } from '../../../db/write/make-tenant.ts';
import type { NewTenant } from '../../../db/write/make-tenant.ts';
import { command, done, failed, optionName, wrong } from '../command.ts';
import type { Failed } from '../command.ts';
import type { Context } from '../context.ts';
import { actor, list, noFields, text, value, whole } from '../fields.ts';
import { noteDecision } from '../note-decision.ts';

/** A tenant as a file holds it: the fields of `NewTenant`, each of which may be left out where an option gives it. */
const fileSchema = z.strictObject({
  name: z.string(), fromAddress: z.string(), fromName: z.string(), replyTo: z.string(), postalAddress: z.string(), zone: z.string(), publicUrl: z.string(),
  linkHosts: z.array(z.string()), allowedDestinations: z.array(z.string()), sendRules: z.record(z.string(), z.unknown()), senderShards: z.number(),
}).partial();
type Draft = { [K in keyof z.output<typeof fileSchema>]: z.output<typeof fileSchema>[K] | undefined };

const NEEDED = ['name', 'fromAddress', 'fromName', 'postalAddress', 'zone', 'publicUrl', 'allowedDestinations'] as const;
const NAME = 'tenant make';

export const tenantMake = command({
  name: NAME,
  summary: 'make a tenant',
  description: 'Makes a tenant: one app that uses Flywheel. Its fields come from options, from a JSON file with the same names in camelCase, or from both; an option wins. Make its first key next.',
  examples: [
    {
      line: 'npx flywheel tenant make --name Lumen --from-address hello@lumen.example --from-name Lumen --postal-address "Lumen, 12 Harbour Street, 20457 Hamburg" --zone Europe/Berlin --public-url https://go.lumen.example --allowed-destination app.lumen.example',
      does: 'all fields as options',
    },
    { line: 'npx flywheel tenant make --file tenant.json --zone Europe/Paris', does: 'from a file, with another zone' },
  ],
  args: noFields,
  options: z.strictObject({
    file: value('path', 'JSON file with the fields below in camelCase; - reads standard input', text.optional()),
    name: value('text', 'what it is called, for people', text.optional()),
    fromAddress: value('email', 'who its mails are from', text.optional()),
    fromName: value('text', 'the name beside that address', text.optional()),
    replyTo: value('email', 'where answers go, if not to the sender', text.optional()),
    postalAddress: value('text', 'stands in every mail, as the law asks', text.optional()),
    zone: value('zone', 'IANA time zone: its days count, and it stands in for a recipient\'s unknown zone', text.optional()),
    publicUrl: value('url', 'origin under which its links, opt-out and pages are served', text.optional()),
    linkHost: list('host', 'a further host on which its short links may be served'),
    allowedDestination: list('host', 'a host that its links may lead to; at least one'),
    sendRules: value('json', 'the tenant layer of the send rules, as in PATCH /v1/tenant', text.optional()),
    senderShards: value('number', 'over how many lanes its messages are spread', whole(1, 64).optional()),
    actor,
  }),
  async run({ context, options: { file, linkHost, allowedDestination, sendRules, actor: by, ...simple } }) {
    const fromFile = file === undefined ? {} : await readFields(context, file);
    if (isFailed(fromFile)) return fromFile;
    const rules = sendRules === undefined ? undefined : parseJson(sendRules, '--send-rules');
    if (isFailed(rules)) return rules;
    const parsedRules = fileSchema.shape.sendRules.safeParse(rules);
    if (!parsedRules.success) return wrong(NAME, ['--send-rules must be a JSON object']);
    const draft: Draft = withGiven(fromFile, { ...simple, linkHosts: linkHost, allowedDestinations: allowedDestination, sendRules: parsedRules.data });
    const tenant = complete(draft);
    if (tenant === null) return wrong(NAME, NEEDED.filter((field) => draft[field] === undefined).map((field) => `${optionFor(field)} is missing`));
    const owner = context.owner();
    const now = await context.now(owner);
    const made = await makeTenant(owner, tenant, now);
    if (made.outcome === 'refused') return wrong(NAME, made.problems.map(sayProblem));
    const rule = 'Whoever runs this deployment makes tenants.';
    await noteDecision(context, { tenantId: made.tenantId, subjectId: made.tenantId, kind: 'tenant_made', rule, inputs: {}, actor: by, now });
    return done({ tenantId: made.tenantId });
  },
  text: ({ tenantId }) => `${tenantId}\n  → npx flywheel key make --tenant ${tenantId} --name production`,
});

async function readFields(context: Context, path: string): Promise<Draft | Failed> {
  let given: string;
  try {
    given = await context.readText(path);
  } catch {
    return failed(`The file ${path} cannot be read.`, 'Name a file that is there, or - for standard input.');
  }
  const json = parseJson(given, path === '-' ? 'standard input' : path);
  if (isFailed(json)) return json;
  const read = fileSchema.safeParse(json);
  if (read.success) return read.data;
  return wrong(NAME, read.error.issues.map((issue) => (issue.code === 'unrecognized_keys' ? `there is no field ${issue.keys.join(', ')}` : `${issue.path.join('.') || 'the file'}: ${issue.message}`)));
}

function parseJson(given: string, from: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return wrong(NAME, [`${from} is no JSON`]);
  }
}

function isFailed<T>(outcome: T | Failed): outcome is Failed {
  return typeof outcome === 'object' && outcome !== null && 'kind' in outcome && outcome.kind === 'failed' && 'exitCode' in outcome;
}

function withGiven(below: Draft, above: Draft): Draft {
  return { ...below, ...Object.fromEntries(Object.entries(above).filter(([, each]) => each !== undefined)) };
}

function complete({ name, fromAddress, fromName, replyTo, postalAddress, zone, publicUrl, linkHosts, allowedDestinations, sendRules, senderShards }: Draft): NewTenant | null {
  if (name === undefined || fromAddress === undefined || fromName === undefined || postalAddress === undefined || zone === undefined || publicUrl === undefined || allowedDestinations === undefined) return null;
  return {
    name, fromAddress, fromName, postalAddress, zone, publicUrl, allowedDestinations,
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(linkHosts === undefined ? {} : { linkHosts }),
    ...(sendRules === undefined ? {} : { sendRules }),
    ...(senderShards === undefined ? {} : { senderShards }),
  };
}

/** Lists are options that are repeated, so they are named in the singular. */
function optionFor(field: string): string {
  return optionName(field.replace(/s$/, (end) => (field === 'linkHosts' || field === 'allowedDestinations' ? '' : end)));
}

/** `fromAddress: is no …` as the option that was meant. */
function sayProblem(problem: string): string {
  return problem.replace(/^[A-Za-z, ]+(?=[:.])/, (fields) => fields.split(', ').map(optionFor).join(', '));
}
