/** What the files of one area may import. An area's files may always import each other, unless `self` names less. */
export type Area = {
  /** Own files, by the beginning of their path; `*` stands for one name. */
  readonly own: readonly string[];
  /** Own files of which only types may be imported. */
  readonly ownTypes?: readonly string[];
  /** Packages by name, `node:` for the platform's modules, `module#name` for no more than one function of it. */
  readonly packages: readonly string[];
  /** A loop's own folder alone belongs to it, not its neighbours. */
  readonly self?: string;
};

const ANYWHERE_BUT_IN_RULES = ['src/config/', 'src/telemetry/'];
/** Functions of their arguments alone: no input, no output, no clock, no chance. */
const PURE_PLATFORM_FUNCTIONS = ['node:crypto#timingSafeEqual', 'node:net#isIP', 'node:net#isIPv4', 'node:net#isIPv6', 'node:url#domainToASCII'];
const DEFINITIONS = ['workflows/registry.ts', 'workflows/*/definition.ts', 'workflows/*/copy.ts'];
/** Names, ids and message types of a workflow, without its code. */
const CONTRACTS = ['workflows/*/contract.ts', 'workflows/system/*/contract.ts'];
const LOOP: Area = {
  self: 'workflows/*/',
  own: ['src/domain/', 'workflows/kit/'],
  ownTypes: ['activities/'],
  packages: ['@temporalio/workflow', '@temporalio/common'],
};

/**
 * The table of who may import what: rules know nobody, loops know rules, nothing reaches back. The longest beginning
 * of a file's path says which area it belongs to; a file outside all areas may not be.
 */
export const IMPORT_TABLE: Readonly<Record<string, Area>> = {
  'src/domain/': { own: [], packages: ['luxon', 'countries-and-timezones', 'isbot', 'libphonenumber-js', ...PURE_PLATFORM_FUNCTIONS] },
  'workflows/': LOOP,
  'workflows/kit/': { own: ['src/domain/'], ownTypes: ['activities/'], packages: ['@temporalio/workflow', '@temporalio/common'] },
  'workflows/system/': { ...LOOP, self: 'workflows/system/*/' },
  'workflows/registry.ts': { self: 'workflows/registry.ts', own: DEFINITIONS, ownTypes: ['src/domain/'], packages: [] },
  'workflows/index.ts': { self: 'workflows/index.ts', own: ['workflows/*/workflow.ts', 'workflows/system/*/workflow.ts'], packages: [] },
  'activities/': {
    own: ['src/domain/', 'src/providers/', 'db/', ...DEFINITIONS, ...CONTRACTS, ...ANYWHERE_BUT_IN_RULES],
    packages: ['@temporalio/activity', '@temporalio/common', 'node:'],
  },
  'db/': { own: ['src/domain/', ...ANYWHERE_BUT_IN_RULES], packages: ['postgres', 'drizzle-orm', 'node:'] },
  'db/schema/': { own: [], ownTypes: ['src/domain/'], packages: ['drizzle-orm'] },
  'db/read/': { own: ['db/*.ts', 'db/schema/', 'src/domain/', ...ANYWHERE_BUT_IN_RULES], packages: ['postgres', 'drizzle-orm', 'node:'] },
  'db/write/': { own: ['db/*.ts', 'db/schema/', 'db/read/', 'src/domain/', ...ANYWHERE_BUT_IN_RULES], packages: ['postgres', 'drizzle-orm', 'node:'] },
  'src/api/': {
    own: ['src/providers/card/', 'src/providers/sms/twilio-signature.ts', 'src/providers/sms/twilio-events.ts', 'src/providers/webhook/check-url.ts', 'src/providers/webhook/sign.ts', 'src/providers/billing/', 'src/providers/pdf/', 'src/domain/', 'db/', 'src/relay/', 'workflows/registry.ts', ...CONTRACTS, 'package.json', ...ANYWHERE_BUT_IN_RULES],
    packages: ['csv-parse', 'express', 'helmet', 'isbot', 'qrcode-generator', 'swagger-ui-dist', 'zod', 'node:'],
  },
  'src/relay/': {
    own: ['db/', ...CONTRACTS, ...ANYWHERE_BUT_IN_RULES],
    ownTypes: ['src/domain/', 'workflows/'],
    packages: ['@temporalio/client', '@temporalio/common', 'node:'],
  },
  'src/providers/': { own: [...ANYWHERE_BUT_IN_RULES], packages: ['nodemailer', 'twilio', 'zod', 'node:'] },
  'src/providers/card/': { own: [], packages: ['satori', '@resvg/resvg-js', '@fontsource/inter', 'node:'] },
  'src/providers/payout/': { own: ['src/providers/webhook/', ...ANYWHERE_BUT_IN_RULES], ownTypes: ['src/domain/'], packages: ['zod', 'node:'] },
  'src/providers/pdf/': { own: ['src/domain/', ...ANYWHERE_BUT_IN_RULES], packages: ['pdfkit', 'node:'] },
  'src/providers/billing/': { own: ['src/domain/', ...ANYWHERE_BUT_IN_RULES], packages: ['zod', 'node:'] },
  'src/worker/': {
    own: ['src/domain/', 'src/providers/', 'src/relay/', 'activities/', 'db/', 'workflows/', ...ANYWHERE_BUT_IN_RULES],
    packages: ['@temporalio/worker', '@temporalio/client#Connection', '@temporalio/common', '@temporalio/activity', 'nodemailer', 'node:'],
  },
  'src/main.ts': { own: ['src/api/', 'src/relay/', 'src/worker/', 'db/', ...ANYWHERE_BUT_IN_RULES], packages: ['node:'] },
  'src/cli/': {
    own: ['src/domain/', 'src/providers/', 'db/', 'src/api/explain-body.ts', 'src/api/explain-referral-body.ts', 'src/worker/bundle-workflows.ts', ...CONTRACTS, ...ANYWHERE_BUT_IN_RULES],
    packages: ['commander', 'zod', '@temporalio/client', '@temporalio/worker', 'node:'],
  },
  'src/config/': { own: ['src/domain/'], packages: ['zod', 'node:'] },
  'src/telemetry/': { own: ['src/config/'], packages: ['pino', 'prom-client', '@opentelemetry/api', '@opentelemetry/resources', '@opentelemetry/sdk-trace-base', '@opentelemetry/exporter-trace-otlp-http', 'node:'] },
  'src/dev/': { own: [''], packages: ['*'] },
  'examples/': { own: [], packages: ['express', 'node:'] },
  'test/': { own: [''], packages: ['*'] },
};
