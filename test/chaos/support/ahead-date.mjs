/** Loaded before a program: its `Date` is as many hours ahead as the file `AHEAD_FILE` says at each reading. */
import { readFileSync } from 'node:fs';

const HOUR_MS = 3_600_000;
const TrueDate = Date;
const ahead = () => Number(readFileSync(process.env.AHEAD_FILE, 'utf8')) * HOUR_MS;

globalThis.Date = class Date extends TrueDate {
  constructor(...given) {
    if (given.length === 0) super(TrueDate.now() + ahead());
    else super(...given);
  }

  static now() {
    return TrueDate.now() + ahead();
  }
};
