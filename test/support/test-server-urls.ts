/** The migrated database from which every test file gets its copy. */
export const TEMPLATE_DATABASE = 'flywheel_template';

export type TestServer = { readonly superuserUrl: string; readonly ownerUrl: string };

/** The global set-up tells the processes that run the test files by their environment. */
export function tellTestServer(server: TestServer): void {
  process.env['FLYWHEEL_TEST_SUPERUSER_URL'] = server.superuserUrl;
  process.env['FLYWHEEL_TEST_OWNER_URL'] = server.ownerUrl;
}

/** Throws where no global set-up has started a server: the file lies outside the tiers that have a database. */
export function readTestServer(): TestServer {
  const superuserUrl = process.env['FLYWHEEL_TEST_SUPERUSER_URL'];
  const ownerUrl = process.env['FLYWHEEL_TEST_OWNER_URL'];
  if (superuserUrl === undefined || ownerUrl === undefined) {
    throw new Error('no test database is running: move this test into a folder of the database tier (see jest.config.cjs)');
  }
  return { superuserUrl, ownerUrl };
}
