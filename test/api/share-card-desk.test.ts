import { openCardDesk } from '../../src/api/share-card-desk.ts';
import type { Card } from '../../src/providers/card/card.ts';

const card = (heading: string): Card => ({ tenantName: 'Lumen', heading, figures: [] });

/** A painter whose pictures come when the test says so. */
function slowPainter(bytes = 10) {
  const painted: string[] = [];
  const finish: (() => void)[] = [];
  let most = 0;
  let now = 0;
  return {
    painted, finish, mostAtOnce: () => most,
    paint: async ({ heading }: Card): Promise<Buffer> => {
      painted.push(heading);
      most = Math.max(most, (now += 1));
      await new Promise<void>((done) => { finish.push(done); });
      now -= 1;
      if (heading === 'broken') throw new Error('no paint');
      return Buffer.alloc(bytes, heading);
    },
  };
}
const LIMITS = { mostBytes: 25, atOnce: 1, mostWaiting: 2 };
const turn = (): Promise<void> => new Promise((done) => { setImmediate(done); });

test('those who ask for the same card at once wait for one picture, and the next gets it as it was kept', async () => {
  const painter = slowPainter();
  const desk = openCardDesk(painter, LIMITS);
  const asked = [desk.pictureOf(card('a')), desk.pictureOf(card('a')), desk.pictureOf(card('a'))];
  painter.finish.shift()?.();
  await Promise.all(asked);
  await desk.pictureOf(card('a'));
  expect(painter.painted).toEqual(['a']);
});

test('no more are painted at once than it says, and beyond so many waiting nobody waits', async () => {
  const painter = slowPainter();
  const desk = openCardDesk(painter, LIMITS);
  const asked = ['a', 'b', 'c', 'd'].map((heading) => desk.pictureOf(card(heading)));
  expect(await asked[3]).toBeNull();
  for (let i = 0; i < 3; i += 1) {
    painter.finish.shift()?.();
    await asked[i];
    await turn();
  }
  expect([painter.mostAtOnce(), painter.painted]).toEqual([1, ['a', 'b', 'c']]);
});

test('keeps so many bytes, and lets go of what was asked for longest ago', async () => {
  const painter = slowPainter();
  const desk = openCardDesk(painter, LIMITS);
  for (const heading of ['a', 'b', 'a', 'c', 'a', 'b']) {
    const picture = desk.pictureOf(card(heading));
    painter.finish.shift()?.();
    await picture;
  }
  expect(painter.painted).toEqual(['a', 'b', 'c', 'b']);
});

test('a card that cannot be painted fails for those who asked, and for nobody after them', async () => {
  const painter = slowPainter();
  const desk = openCardDesk(painter, LIMITS);
  const broken = desk.pictureOf(card('broken'));
  const next = desk.pictureOf(card('a'));
  painter.finish.shift()?.();
  await expect(broken).rejects.toThrow('no paint');
  await turn();
  painter.finish.shift()?.();
  expect(await next).toHaveLength(10);
});
