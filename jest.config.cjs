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

const setUp = (name) => ({
  globalSetup: `<rootDir>/test/support/global-setup-${name}.ts`,
  globalTeardown: `<rootDir>/test/support/global-teardown-${name}.ts`,
});

// A zone in which nobody develops: what quietly depends on the machine's zone shows everywhere.
process.env.TZ = 'Pacific/Chatham';

module.exports = {
  maxWorkers: 2,
  // For slow and busy machines; no test waits for luck.
  testTimeout: 30_000,
  reporters: ['default', ['summary', { summaryThreshold: 1000 }]],
  projects: [
    // Pure: no process, no network, no file but fixtures.
    tier('rules', ['domain', 'providers', 'workflows', 'config']),
    // What must hold for the repository as a whole.
    tier('checks', ['checks'], setUp('database')),
    // A real PostgreSQL, a database a file.
    tier('database', ['db', 'api', 'activities', 'relay', 'cli', 'hostile', 'telemetry'], setUp('database')),
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
