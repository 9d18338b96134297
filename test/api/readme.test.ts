import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textIn } from '../support/api.ts';
import { useTenant, useTestApi } from '../support/use-test-api.ts';

/** The calls that the README tells people to copy. */
const CALL = /curl -X (?<method>[A-Z]+) +\$API(?<path>\S+)[^']*?(?:-H '[^']*' *)*(?:\\\n)?(?:\s*-H '[^']*' *(?:\\\n)?)*\s*-d '(?<body>[^']+)'/g;
const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');

const api = useTestApi();
const tenant = useTenant(api);

test('the first calls of the README work as they stand', async () => {
  const calls = [...readme.matchAll(CALL)].flatMap(({ groups }) => (groups === undefined ? [] : [groups]));
  expect(calls.map(({ method, path }) => `${method ?? ''} ${path ?? ''}`)).toEqual(['PUT /v1/members/ana', 'POST /v1/programs', 'POST /v1/invites']);
  let program = '';
  for (const { method = '', path = '', body = '' } of calls) {
    const reply = await api.send(tenant, method, path, undefined, { raw: body.replace('prg_…', program), headers: { 'content-type': 'application/json' } });
    expect([path, Math.floor(reply.status / 100)]).toEqual([path, 2]);
    if (path === '/v1/programs') program = textIn(reply.body, 'id');
    if (path === '/v1/invites') expect(reply.body).toMatchObject({ accepted: 1, refused: 0 });
  }
});
