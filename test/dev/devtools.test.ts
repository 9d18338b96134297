import { PassThrough } from 'node:stream';
import { z } from 'zod';
import { openDevtools } from '../../src/dev/pictures/devtools.ts';

const asked = z.object({ id: z.number(), method: z.string(), params: z.unknown() });

function browser() {
  const [into, from] = [new PassThrough(), new PassThrough()];
  return { devtools: openDevtools(into, from), heard: () => asked.parse(JSON.parse(String(into.read()).replace('\0', ''))), say: (text: string) => from.write(text) };
}

test('answers reach their own calls, whichever comes first and in however many pieces', async () => {
  const { devtools, heard, say } = browser();
  const first = devtools.call('Page.one', { a: 1 }, z.object({ n: z.number() }));
  const { id } = heard();
  const second = devtools.call('Page.two', {}, z.object({ n: z.number() }));
  say(`{"method":"Page.loaded"}\0{"id":${String(id + 1)},"result":{"n":2}}\0{"id":${String(id)},"res`);
  say('ult":{"n":1}}\0');
  expect(await Promise.all([first, second])).toEqual([{ n: 1 }, { n: 2 }]);
});

test('what the browser refuses fails with its words', async () => {
  const { devtools, heard, say } = browser();
  const call = devtools.call('Page.navigate', { url: 'x' }, z.unknown());
  say(`{"id":${String(heard().id)},"error":{"message":"Cannot navigate"}}\0`);
  await expect(call).rejects.toThrow('Cannot navigate');
});
