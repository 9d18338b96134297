/** One project a tier: what a tier needs running is started once by its global set-up. */
const tier = (displayName, folders, more = {}) => ({
  displayName,
  testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
  testEnvironment: 'node',
  // Properties are tried on the same random cases each time: what is red once stays red.
  setupFiles: ['<rootDir>/test/support/seeded-properties.ts'],
  cacheDirectory: '<rootDir>/.flywheel/cache/jest',
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } }],
  },
  ...more,
});

/** The same files, many of them read as one, and some apart: what `npm test` runs. See test/support/read-together.ts. */
const together = (tierName, folders, apart, more = {}) => {
  const whole = tier(`${tierName}-together`, [`together/${tierName}`], more);
  return { ...whole, testMatch: [...whole.testMatch, ...apart.map((file) => `<rootDir>/test/${file}`)], globals: { flywheelTier: { folders, apart } } };
};

const setUp = (name) => ({
  globalSetup: `<rootDir>/test/support/global-setup-${name}.ts`,
  globalTeardown: `<rootDir>/test/support/global-teardown-${name}.ts`,
});

// A zone in which nobody develops: what quietly depends on the machine's zone shows everywhere.
process.env.TZ = 'Pacific/Chatham';

const RULES = ['domain', 'providers', 'config'];
const ON_A_DATABASE = ['db', 'api', 'activities', 'relay', 'cli', 'hostile', 'telemetry'];
/** What looks at code while it is loaded; what publishes law, of which a process keeps each version, for the one database it knows; and what takes a minute by itself. */
const APART_ON_A_DATABASE = ['hostile/regexes.test.ts', 'hostile/naughty-strings.test.ts', 'api/law.test.ts', 'cli/law.test.ts', 'db/publish-law.test.ts'];

module.exports = {
  maxWorkers: 2,
  // For slow and busy machines; no test waits for luck.
  testTimeout: 30_000,
  reporters: ['default', ['summary', { summaryThreshold: 1000 }]],
  projects: [
    // Pure: no process, no network, no file but fixtures.
    tier('rules', RULES),
    together('rules', RULES, []),
    // Pure too, and with stand-ins for modules: each file apart.
    tier('workflows', ['workflows']),
    // What must hold for the repository as a whole.
    tier('checks', ['checks'], setUp('database')),
    // A real PostgreSQL, a database a file.
    tier('database', ON_A_DATABASE, setUp('database')),
    together('database', ON_A_DATABASE, APART_ON_A_DATABASE, setUp('database')),
    // Recorded histories against today's workflow code.
    tier('replay', ['replay'], setUp('replay')),
    // Workflows on a server that skips time: most with stand-ins for their activities, a referral's years with the real ones.
    tier('loops', ['loops'], setUp('loops')),
    // Everything real: PostgreSQL, Temporal, SMTP, HTTP, processes that are killed.
    tier('stack', ['stack', 'dev'], setUp('stack')),
    // What people see, in a real Chromium.
    tier('browser', ['browser'], setUp('stack')),
    // Long forms of what the stack tier shows in short; `npm run chaos`, no part of `npm test`.
    tier('chaos', ['chaos'], setUp('stack')),
  ],
};
