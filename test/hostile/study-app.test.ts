import { studyApp } from '../../examples/study-app/app.ts';
import { listen } from '../../src/api/listen.ts';

/* The example is copied by customers: what it does with strangers' input and with failures is what theirs will do. */
test('where nothing answers, a person sees neither code nor addresses; what an address brings is text', async () => {
  const server = await listen(studyApp({ flywheelUrl: 'http://127.0.0.1:9', secretKey: 'sk_never_shown' }), { port: 0, host: '127.0.0.1' });
  try {
    const failed = await fetch(`${server.url}/sign-up`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'name=Ana&email=ana%40x.example', redirect: 'manual' });
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toMatch(/\bat |\.ts|node:|sk_never|127\.0\.0\.1|ana@/);
    expect(failed.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(await (await fetch(`${server.url}/?clickId=%22%3E%3Cscript%3Ealert(1)%3C/script%3E`)).text()).not.toContain('<script>');
  } finally {
    await server.close(200);
  }
});
