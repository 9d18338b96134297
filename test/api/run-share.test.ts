import { textIn } from '../support/api.ts';
import { answerInvitation, makeInvitation, makeLiveProgram, openFresh } from '../support/landing.ts';
import { useLanding } from '../support/use-landing.ts';

const { api, tenant, invite } = useLanding();

const share = (runId: string, query = '') => api.send(tenant, 'GET', `/v1/runs/${runId}/share${query}`);

test('every way to share stands ready in the loop\'s words, with the landing page\'s address, and names nobody', async () => {
  const { code, runId } = await invite();
  const { status, body, text } = await share(runId);
  const url = `https://flywheel.example/i/${code}`;
  expect([status, body['url'], body['language'], body['webShare']]).toEqual([200, url, 'en', { title: 'Can you beat me?', text: 'I have just played this on Kite Club. Can you beat me?', url }]);
  for (const [way, start] of [['sms', 'sms:?&body='], ['whatsapp', 'https://wa.me/?text='], ['mailto', 'mailto:?subject='], ['copy', 'I have just played']] as const) {
    expect(textIn(body, way).startsWith(start)).toBe(true);
    expect(decodeURIComponent(textIn(body, way)).endsWith(url)).toBe(true);
  }
  expect(textIn(body, 'qrSvg')).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*aria-label="QR code of your link"/);
  expect(text).not.toContain('Ana');
});

test('in the language that is asked for, else the member\'s, else English', async () => {
  const { runId, memberId } = await invite();
  expect((await share(runId, '?lang=es')).body['language']).toBe('es');
  await api.database.superuser`update members set locale = 'de-CH' where id = ${memberId}`;
  expect((await share(runId)).body['language']).toBe('de');
  await api.database.superuser`update members set locale = 'fr' where id = ${memberId}`;
  expect((await share(runId)).body['language']).toBe('en');
  expect((await share(runId, '?lang=fr')).status).toBe(400);
});

test('a loop without a landing page has the words of every link', async () => {
  const { runId } = await makeInvitation(api, tenant, await makeLiveProgram(api, tenant, 'study-buddy-nudge'), { loop: 'study-buddy-nudge', input: {} });
  expect(textIn((await share(runId)).body, 'copy')).toContain('I use Kite Club');
});

test('counts what visitors answered, each once a visit', async () => {
  const { code, runId } = await invite();
  await openFresh(api, `/i/${code}`);
  await answerInvitation(api, code, 'accept');
  await answerInvitation(api, code, 'decline');
  await answerInvitation(api, code, 'decline');
  expect((await share(runId)).body['answers']).toEqual({ accept: 1, decline: 2, stop: 0, report: 0 });
});
