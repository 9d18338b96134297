import type { ReportWords } from './report-words.ts';

export const de: ReportWords = {
  locale: 'de-DE',
  title: 'Woche {week} des Jahres {year}',
  period: '{from} bis {to}',
  counted: { invites: 'Einladungen', clicks: 'Klicks', signUps: 'Anmeldungen', firstValues: 'Erster Nutzen', conversions: 'Käufe' },
  rewards: { held: 'Prämien offen', released: 'Prämien frei', paid: 'Prämien bezahlt' },
  activeMembers: 'Aktive Mitglieder',
  kSignUp: 'K bei Anmeldung',
  kFirstValue: 'K beim ersten Nutzen',
  k: {
    range: '{low} bis {high}.',
    signedUp: { one: '{n} geworbene Person meldete sich an,', other: '{n} geworbene Personen meldeten sich an,' },
    activated: { one: '{n} geworbene Person erreichte den ersten Nutzen,', other: '{n} geworbene Personen erreichten den ersten Nutzen,' },
    perMember: { one: 'auf {n} aktives Mitglied.', other: 'auf {n} aktive Mitglieder.' },
    before: 'In der Vorwoche: {k}.',
    nobody: 'Kein Mitglied war aktiv.',
  },
  fresh: 'neu',
  amountOf: '{name}, {unit}',
  loops: {
    invite: 'Einladung', referral: 'Empfehlung', 'buddy-challenge': 'Freunde-Duell', 'streak-rescue': 'Serienrettung', 'results-rally': 'Ergebnis-Rallye', 'proud-parent': 'Stolze Eltern',
    'study-buddy-nudge': 'Lernpartner-Anstoß', 'seller-to-buyer': 'Vom Verkäufer zum Käufer', 'achievement-spotlight': 'Erfolg im Rampenlicht',
  },
  noProgram: 'Links ohne Programm',
  referrer: { signUps: { one: '{n} Anmeldung', other: '{n} Anmeldungen' }, firstValues: { one: '{n}-mal erster Nutzen', other: '{n}-mal erster Nutzen' } },
  notes: {
    days: 'Die Tage sind die der Zeitzone {zone}. Gezählt wird nach dem Zeitpunkt des Geschehens; was später bekannt wird, ändert die Zahlen, bis der Bericht verschickt ist.',
    k: 'K ist die Zahl der in der Woche neu geworbenen Personen je aktivem Mitglied: Aktiv ist, wer in der Woche selbst etwas getan oder eingeladen hat. Der Bereich ist das 95-%-Intervall (Byar); es nimmt an, dass Personen unabhängig voneinander kommen.',
    running: 'Die Woche ist noch nicht vorbei: Dies sind die bisherigen Zahlen, verglichen mit der ganzen Vorwoche.',
    countedAt: 'Gezählt am {at}.',
  },
  columns: { now: 'Diese Woche', before: 'Vorwoche', beforeShort: 'Vorwoche', change: 'Änderung' },
  headings: {
    all: 'Insgesamt', amounts: 'Beträge', referrers: 'Die besten Werber', read: 'So liest man das', pairs: 'Diese Woche und die Vorwoche, jedes Paar in eigenem Maßstab', people: 'Neue Personen nach Tagen',
    traffic: 'Einladungen und Klicks nach Tagen', perLoop: 'Erster Nutzen nach Programmart', allFigures: 'Zahlen aller Programmarten', figuresOf: 'Zahlen: {title}',
  },
  mail: {
    subject: '{tenant}: {title}, {name} {value}',
    row: '{name}: {now} (Vorwoche: {before}, {change})',
    pdf: 'Das PDF im Anhang enthält die Diagramme.',
    because: 'Sie erhalten diese Mail, weil Sie darum gebeten haben.',
    stop: 'Keine Berichte mehr',
  },
  question: {
    heading: 'Möchten Sie den Wochenbericht?',
    subject: '{tenant}: Möchten Sie den Wochenbericht?',
    ask: 'Sie wurden als Leser des Wochenberichts genannt, der zeigt, wie {tenant} wächst: Einladungen, Anmeldungen und Prämien, jeden Montagmorgen per E-Mail.',
    ignore: 'Wenn Sie ihn nicht möchten, tun Sie nichts: Ohne Ihr Ja wird kein Bericht verschickt.',
    yes: 'Ja, bitte schicken',
  },
  pages: {
    confirm: { ask: 'Den Wochenbericht erhalten?', button: 'Ja, bitte schicken', done: 'Sie erhalten den Wochenbericht', note: 'Jeden Montagmorgen: wie {tenant} wächst. In jedem Bericht steht ein Link, der ihn beendet.' },
    unsubscribe: { ask: 'Keine Wochenberichte mehr?', button: 'Keine Berichte mehr', done: 'Sie erhalten keine Berichte mehr', note: 'Vom Wochenbericht von {tenant} geht nichts mehr an Sie. Der Link in der ersten Mail holt ihn zurück.' },
  },
};
