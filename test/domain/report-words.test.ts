import { renderConfirmMail, renderReportMail, type ReportLetterhead } from '../../src/domain/report/report-mail.ts';
import { loopTitle, sayingOf, sayReport } from '../../src/domain/report/say-report.ts';
import { fillPlural, fillWords } from '../../src/domain/report/words/fill-words.ts';
import { REPORT_LANGUAGES, reportLanguage, reportWords, type ReportLanguage } from '../../src/domain/report/words/report-language.ts';
import { piecesOf } from '../../src/providers/pdf/fonts.ts';
import { sampleReport } from './report-sample.ts';

const UNITS = new Map([['points', 'Points']]);
const head = (language: ReportLanguage): ReportLetterhead => ({ language, tenantName: 'Kite Club', fromName: 'Kite Club', postalAddress: '1 Beach Road, 1000 Town', unsubscribeUrl: 'https://flywheel.example/reports/token' });

/** Every sentence by its path. */
function sentences(of: unknown, path = ''): [string, string][] {
  if (typeof of === 'string') return [[path, of]];
  return typeof of === 'object' && of !== null ? Object.entries(of).flatMap(([key, value]) => sentences(value, `${path}/${key}`)) : [];
}
const wordsOf = (language: ReportLanguage) => new Map(sentences(reportWords(language)));
const slots = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted();

describe.each(REPORT_LANGUAGES)('in %s', (language) => {
  const own = wordsOf(language);

  test('every sentence of English is there, none is empty, and each names the same values', () => {
    const english = wordsOf('en');
    expect([...own.keys()].toSorted()).toEqual([...english.keys()].toSorted());
    for (const [path, text] of own) {
      expect([path, text.trim() === text && text !== '']).toEqual([path, true]);
      expect([path, slots(text)]).toEqual([path, slots(english.get(path) ?? '')]);
    }
  });

  test('nothing is left untranslated', () => {
    if (language === 'en') return;
    const english = wordsOf('en');
    const patterns = new Set(['/amountOf', '/mail/subject', '/mail/row']);
    const same = [...own].filter(([path, text]) => english.get(path) === text && !patterns.has(path)).map(([path]) => path);
    expect(same).toEqual([]);
  });

  test('every letter has a place in the fonts of the PDF, figures and dates included', () => {
    const said = sayReport(sampleReport(), UNITS, language);
    for (const [path, text] of [...own, ...sentences(said)]) expect([path, piecesOf(text).map((piece) => piece.text).join('')]).toEqual([path, text]);
  });

  test('mail and question say it all in that language, without a slot that was left open', () => {
    const report = renderReportMail(sampleReport(), UNITS, head(language));
    const question = renderConfirmMail({ ...head(language), confirmUrl: 'https://flywheel.example/reports/yes' });
    for (const { subject, text, html } of [report, question]) {
      expect(`${subject}${text}`).not.toMatch(/\{\w+\}|undefined|NaN/);
      expect(html).toContain(`<html lang="${language}"`);
    }
    const words = reportWords(language);
    for (const said of [words.activeMembers, words.headings.all, words.kSignUp, words.mail.pdf, loopTitle('buddy_challenge', language)]) expect(report.text).toContain(said);
    expect(question.subject).toBe(fillWords(words.question.subject, { tenant: 'Kite Club' }));
  });
});

test('figures, days and instants are written as each language writes them, in the zone of the report', () => {
  const of = (language: ReportLanguage) => {
    const said = sayReport(sampleReport(), UNITS, language);
    const { count, change, k } = sayingOf(language);
    return [said.title, said.period, said.notes.at(-1), count(12_345), change(12, 10), k(0.001234)].map((text) => (text ?? '').replaceAll(/\s/g, ' '));
  };
  expect(of('en')).toEqual(['Week 23 of 2026', '1 June 2026 to 7 June 2026', 'Counted on 8 June 2026 at 09:00.', '12,345', '+20%', '0.00123']);
  expect(of('de')).toEqual(['Woche 23 des Jahres 2026', '1. Juni 2026 bis 7. Juni 2026', 'Gezählt am 8. Juni 2026 um 09:00.', '12.345', '+20 %', '0,00123']);
  expect(of('es')).toEqual(['Semana 23 de 2026', 'Del 1 de junio de 2026 al 7 de junio de 2026', 'Contado el 8 de junio de 2026 a las 9:00.', '12.345', '+20 %', '0,00123']);
});

test.each([[null, 'en'], ['', 'en'], ['es', 'es'], ['es-MX', 'es'], ['de_AT', 'de'], ['DE', 'de'], ['fr', 'en'], ['not a tag', 'en']])('who reads %j gets %s', (locale, language) => {
  expect(reportLanguage(locale)).toBe(language);
});

test('one and many are told apart, and what a value says is not read as a slot', () => {
  const { k } = reportWords('es');
  expect([fillPlural(k.perMember, 1, '1', 'es-ES'), fillPlural(k.perMember, 0, '0', 'es-ES')]).toEqual(['por 1 miembro activo.', 'por 0 miembros activos.']);
  expect(fillWords('{a} {b}', { a: '{b}', b: '2' })).toBe('{b} 2');
  expect(() => fillWords('{a}', {})).toThrow('lack a value');
});
