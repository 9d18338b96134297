import { directionOf } from '../../src/domain/message/locale-tags.ts';
import { renderInvite } from '../../src/domain/message/render-invite.ts';
import { RELATIONSHIPS } from '../../src/domain/message/copy.ts';
import type { LocaleCopy, StepsCopy } from '../../src/domain/message/copy.ts';
import { inviteCopy } from '../../workflows/invite/copy.ts';
import { sampleContext } from '../domain/message-sample.ts';

const locales: [string, LocaleCopy][] = Object.entries(inviteCopy);
const others = locales.filter(([language]) => language !== 'en');
const wordsOf = ({ byMember, byTenant }: LocaleCopy): [string, StepsCopy][] => [...Object.entries(byMember), ['byTenant', byTenant]];
const textsOf = (copy: LocaleCopy): string[] => wordsOf(copy).flatMap(([, { invite, reminders }]) =>
  [invite, ...reminders].flatMap(({ subject, preheader, heading, paragraphs, callToAction }) => [subject, preheader, heading, ...paragraphs, callToAction]));
const furnitureOf = ({ furniture: { reasons, ...rest } }: LocaleCopy): string[] => [...Object.values(rest), ...Object.values(reasons)];
const slots = (text: string): string[] => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name))].toSorted();

test('English, German, Spanish and French are there', () => {
  expect(Object.keys(inviteCopy)).toEqual(['en', 'de', 'es', 'fr']);
});

describe.each(others)('%s', (language, copy) => {
  test('has words for everybody that English has words for, and as many reminders', () => {
    const shape = (of: LocaleCopy) => wordsOf(of).map(([who, { reminders }]) => [who, reminders.length]);
    expect(shape(copy)).toEqual(shape(inviteCopy.en));
    expect(Object.keys(copy.byMember).toSorted()).toEqual(['default', ...RELATIONSHIPS].toSorted());
  });

  test('says of who, where and until when all that English says', () => {
    const said = (of: LocaleCopy) => wordsOf(of).map(([who, { invite, reminders }]) =>
      [who, ...[invite, ...reminders].map(({ subject, preheader, heading, paragraphs }) => slots([subject, preheader, heading, ...paragraphs].join(' ')))]);
    expect(said(copy)).toEqual(said(inviteCopy.en));
  });

  test('has every sentence around, with the same names and dates in it', () => {
    const { reasons, ...rest } = copy.furniture;
    const { reasons: ours, ...sentences } = inviteCopy.en.furniture;
    expect(Object.fromEntries(Object.entries(rest).map(([name, text]) => [name, slots(text)]))).toEqual(Object.fromEntries(Object.entries(sentences).map(([name, text]) => [name, slots(text)])));
    expect(Object.fromEntries(Object.entries(reasons).map(([name, text]) => [name, slots(text)]))).toEqual(Object.fromEntries(Object.entries(ours).map(([name, text]) => [name, slots(text)])));
  });

  test('is written the way its script is', () => {
    expect(copy.direction).toBe(directionOf(language));
  });

  test('has left nothing in English', () => {
    const english = new Set([...textsOf(inviteCopy.en), ...furnitureOf(inviteCopy.en)]);
    const sentences = [...textsOf(copy), ...furnitureOf(copy)].filter((text) => text.replaceAll(/\{\{\w+\}\}/g, '').trim().length > 4);
    expect(sentences.filter((text) => english.has(text))).toEqual([]);
  });

  test('every message can be written, and tells the date as the language does', () => {
    const date = { de: '24. Juni 2026', es: '24 de junio de 2026', fr: '24 juin 2026' }[language];
    for (const relationship of [...RELATIONSHIPS, null]) {
      for (const step of [0, 1, 2]) {
        for (const inviter of [{ kind: 'member', name: 'Ana' }, { kind: 'member', name: null }, { kind: 'tenant' }] as const) {
          const { subject, text, html } = renderInvite(sampleContext({ locale: language, relationship, step, inviter }));
          expect(text.replaceAll(/\s+/g, ' ')).toContain(date);
          expect(html).toContain(`<html lang="${language}" dir="ltr">`);
          expect(subject.charAt(0)).toBe(subject.charAt(0).toLocaleUpperCase(language));
          expect(`${subject} ${text}`).not.toMatch(/\{\{|undefined/);
        }
      }
    }
  });

  test('with names at their longest a subject still fits an inbox line', () => {
    for (const relationship of [...RELATIONSHIPS, null]) {
      for (const step of [0, 1, 2]) {
        const { subject } = renderInvite(sampleContext({ locale: language, relationship, step, inviter: { kind: 'member', name: 'Maximiliane Aleksandra' }, tenantName: 'The Lumen School of Music' }));
        expect(subject.length).toBeLessThanOrEqual(90);
      }
    }
  });
});

const PROMISES: Record<string, RegExp> = {
  de: /\b(?:gratis|kostenlos\w*|geschenk\w*|prämie\w*|belohnung\w*|bonus|rabatt\w*|gewinn\w*|minuten?|stunden?|tagen?)\b|!|%|€/i,
  es: /\b(?:gratis|regalos?|premios?|recompensas?|bonos?|descuentos?|minutos?|horas?|días?|gana\w*)\b|[!¡%€]/i,
  fr: /\b(?:gratuit\w*|cadeaux?|primes?|récompenses?|bonus|remises?|minutes?|heures?|jours?|gagne\w*)\b|[!%€]/i,
};
test.each(others)('%s promises no prize, price or duration that a program might not keep', (language, copy) => {
  const promises = PROMISES[language];
  expect(promises).toBeDefined();
  for (const text of textsOf(copy)) expect(text).not.toMatch(promises ?? /./);
});

/** The other way of addressing somebody: a mail must not change from one to the other. */
const OTHER_ADDRESS: Record<string, RegExp> = {
  de: /(?<![.:] )(?<!^)\b(?:Sie|Ihnen|Ihre?[nmrs]?)\b/,
  es: /\b(?:usted(?:es)?|vosotros|vosotras|os|vuestr[oa]s?)\b/i,
  fr: /\b(?:tu|te|toi|ton|ta|tes)\b|\bt’/i,
};
test.each(others)('%s addresses people in one way throughout', (language, copy) => {
  for (const text of [...textsOf(copy), ...furnitureOf(copy)]) expect(text).not.toMatch(OTHER_ADDRESS[language] ?? /./);
});

test('the sentences around address nobody in German and Spanish: they suit a program that says "Sie" as well as one that says "du"', () => {
  const { nameless: _hallo, ...german } = inviteCopy['de']?.furniture ?? inviteCopy.en.furniture;
  for (const text of Object.values({ ...german, ...german.reasons, reasons: '' })) expect(text).not.toMatch(/\b(?:du|dich|dir|dein\w*|Sie|Ihnen|Ihre?\w*)\b/);
  for (const text of furnitureOf(inviteCopy['es'] ?? inviteCopy.en)) expect(text).not.toMatch(/\b(?:tú|te|ti|tus?|usted|su)\b/);
});

test('German puts no preposition before an inviter\'s name: "ein Mitglied" may stand for it, which would have to be declined', () => {
  for (const text of [...textsOf(inviteCopy['de'] ?? inviteCopy.en), ...furnitureOf(inviteCopy['de'] ?? inviteCopy.en)]) {
    expect(text).not.toMatch(/\b(?:von|mit|bei|zu|aus|nach|seit|für|durch|ohne|an) \{\{inviterName\}\}/i);
  }
});

test('French puts nothing before a name that might want an elision, and lets no participle agree with whom it addresses', () => {
  for (const text of [...textsOf(inviteCopy['fr'] ?? inviteCopy.en), ...furnitureOf(inviteCopy['fr'] ?? inviteCopy.en)]) {
    expect(text).not.toMatch(/\b(?:de|que|le|la|si|jusque|du|au) \{\{(?:inviter|invitee|tenant)Name/i);
    expect(text).not.toMatch(/vous a (?:invité|choisi|recommandé)/i);
  }
});
