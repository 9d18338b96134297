import { createHash } from 'node:crypto';
import type { Card, CardPainter } from '../providers/card/card.ts';

/** Raise it with every change of a card's look: pictures are kept elsewhere by what is on them. */
const LOOK = 'card/1';

/** By which a card is known: the same content, the same picture. 32 characters of hex. */
export function cardDigest({ tenantName, heading, figures }: Card): string {
  const content = JSON.stringify([LOOK, tenantName, heading, figures.map(({ label, value }) => [label, value])]);
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}

export type CardDesk = {
  /** The picture; null: so many others are waited for that nobody should wait for this one. */
  pictureOf(card: Card): Promise<Buffer | null>;
};

/** `mostBytes`: of pictures that are kept; `atOnce`: how many are painted at the same time; `mostWaiting`: beside them. */
export type CardDeskLimits = { readonly mostBytes: number; readonly atOnce: number; readonly mostWaiting: number };

/** A picture takes some 30 ms of processor time, so one is painted at a time: the rest of the process goes on in between. */
const LIMITS: CardDeskLimits = { mostBytes: 16 * 1_048_576, atOnce: 1, mostWaiting: 100 };

/** Paints each card once: those who ask for it meanwhile wait for the same picture, those who ask later get the one that was kept. What was asked for longest ago goes first. */
export function openCardDesk(painter: CardPainter, { mostBytes, atOnce, mostWaiting }: CardDeskLimits = LIMITS): CardDesk {
  const kept = new Map<string, Buffer>();
  const coming = new Map<string, Promise<Buffer>>();
  const waiting: (() => void)[] = [];
  let bytes = 0;
  let underWay = 0;

  const keep = (digest: string, picture: Buffer): void => {
    kept.set(digest, picture);
    bytes += picture.length;
    for (const [oldest, { length }] of kept) {
      if (bytes <= mostBytes) return;
      kept.delete(oldest);
      bytes -= length;
    }
  };
  const paint = async (digest: string, card: Card): Promise<Buffer> => {
    if (underWay >= atOnce) await new Promise<void>((begin) => { waiting.push(begin); });
    else underWay += 1;
    try {
      const picture = await painter.paint(card);
      keep(digest, picture);
      return picture;
    } finally {
      coming.delete(digest);
      const next = waiting.shift();
      if (next === undefined) underWay -= 1;
      else next();
    }
  };
  return {
    async pictureOf(card) {
      const digest = cardDigest(card);
      const known = kept.get(digest);
      if (known !== undefined) {
        kept.delete(digest);
        kept.set(digest, known);
        return known;
      }
      const other = coming.get(digest);
      if (other !== undefined) return other;
      if (waiting.length >= mostWaiting) return null;
      const picture = paint(digest, card);
      coming.set(digest, picture);
      return picture;
    },
  };
}
