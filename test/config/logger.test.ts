import { createLogger } from '../../src/telemetry/logger.ts';

const lines: string[] = [];
const log = createLogger({ level: 'info', destination: { write: (line) => { lines.push(line); } } });
const logged = (): string => lines.splice(0).join('');

test('a line is JSON with level, time and message by name', () => {
  log.info({ tenantId: 'tnt_1' }, 'hello');
  const line: unknown = JSON.parse(logged());
  expect(line).toEqual({ level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), tenantId: 'tnt_1', msg: 'hello' });
});

test('personal data that slips in under its usual names is cut out', () => {
  log.info({ email: 'ana@x.example', contact: { phone: '+33123' }, invitee: { name: 'Ana' }, headers: { authorization: 'Bearer sk_1' } }, 'x');
  const text = logged();
  for (const personal of ['ana@x', '+33123', 'Ana', 'sk_1']) expect(text).not.toContain(personal);
});

test('of a database\'s error only its code and place are told: its words quote values', () => {
  const error = Object.assign(new Error('duplicate key: Key (email)=(ana@x.example)'), {
    name: 'PostgresError', code: '23505', detail: 'ana@x.example', parameters: ['ana@x.example'], query: 'insert ana', constraint_name: 'contacts_key',
  });
  log.error({ err: error }, 'failed');
  const text = logged();
  expect(text).toContain('23505');
  expect(text).toContain('contacts_key');
  expect(text).not.toContain('ana@');
});

test('of other errors the message and the place are told, and what caused them', () => {
  log.error({ err: new Error('the program is gone', { cause: new Error('first') }) }, 'failed');
  const text = logged();
  expect(text).toContain('the program is gone');
  expect(text).toContain('first');
  expect(text).toContain('logger.test.ts');
});
