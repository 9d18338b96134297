import { EnvError, makeSecret, readEnv, readGivenEnv } from '../../src/config/env.ts';

const good = { DATABASE_URL: 'postgres://o:p@localhost/f', TEMPORAL_ADDRESS: 'localhost:7233', SMTP_URL: 'smtp://localhost:25', FLYWHEEL_SECRET: makeSecret() };

test.each<[string, string, RegExp]>([
  ['DATABASE_URL', 'mysql://localhost/f', /^DATABASE_URL must be a URL like postgres:/],
  ['DATABASE_URL', 'nonsense', /^DATABASE_URL must be a URL like postgres:/],
  ['TEMPORAL_ADDRESS', 'http://localhost:7233', /^TEMPORAL_ADDRESS must be host:port/],
  ['SMTP_URL', 'localhost', /^SMTP_URL must be a URL like smtp:/],
  ['FLYWHEEL_SECRET', 'c2hvcnQ=', /^FLYWHEEL_SECRET must be at least 32 random bytes/],
  ['API_PORT', 'eighty', /^API_PORT must be a whole number from 0 to 65535/],
  ['API_PORT', '70000', /^API_PORT must be a whole number from 0 to 65535/],
  ['TEMPORAL_TLS', 'yes', /^TEMPORAL_TLS must be true or false/],
  ['LOG_LEVEL', 'loud', /^LOG_LEVEL must be one of fatal/],
])('a wrong %s (%s) is a plain message that names it', (name, value, says) => {
  expect(() => readGivenEnv({ ...good, [name]: value })).toThrow(EnvError);
  expect(() => readGivenEnv({ ...good, [name]: value })).toThrow(says);
});

test('a message never repeats a value: it may be a secret', () => {
  expect(() => readGivenEnv({ FLYWHEEL_SECRET: 'hunter2' })).toThrow(/^(?!.*hunter2)/s);
});

test('what a role needs and is not set is named; what others need is not asked for', () => {
  expect(() => readEnv(['DATABASE_URL', 'SMTP_URL'], {})).toThrow('DATABASE_URL is not set\nSMTP_URL is not set');
  expect(readEnv(['DATABASE_URL', 'API_PORT', 'TEMPORAL_API_KEY'], { DATABASE_URL: good.DATABASE_URL, SMTP_URL: 'nonsense' })).toEqual({ DATABASE_URL: good.DATABASE_URL, API_PORT: 3000 });
});

test('the owner\'s login serves where a role has none of its own, and the message says so', () => {
  const own = 'postgres://flywheel_api:p@localhost/f';
  expect(readEnv(['DATABASE_APP_URL'], { DATABASE_URL: good.DATABASE_URL })).toEqual({ DATABASE_APP_URL: good.DATABASE_URL });
  expect(readEnv(['DATABASE_APP_URL'], { DATABASE_URL: good.DATABASE_URL, DATABASE_APP_URL: own })).toEqual({ DATABASE_APP_URL: own });
  expect(readEnv(['DATABASE_APP_URL'], { DATABASE_APP_URL: own })).toEqual({ DATABASE_APP_URL: own });
  expect(() => readEnv(['DATABASE_RELAY_URL'], { DATABASE_APP_URL: own })).toThrow('DATABASE_RELAY_URL is not set, nor DATABASE_URL, which would serve');
  expect(() => readEnv(['DATABASE_RELAY_URL'], { DATABASE_URL: 'nonsense' })).toThrow(/^DATABASE_URL must be a URL/);
  expect(readGivenEnv({ DATABASE_URL: good.DATABASE_URL }).DATABASE_APP_URL).toBeUndefined();
});

test('an empty variable counts as not set', () => {
  expect(readGivenEnv({ SMTP_URL: '', API_PORT: '3001' })).toEqual({ API_PORT: 3001, raw: { API_PORT: '3001' } });
});
