import type { LandingWords } from './landing-sentences.ts';

export const de: LandingWords = {
  figures: { score: 'Punkte', rank: 'Platz', skills: 'Verbesserte Themen', minutes: 'Minuten', streak: 'Tage in Folge' },
  privacy: 'Gezählt wird, dass diese Seite geöffnet wird: ohne Namen, ohne Cookie. Damit ein Besuch nur einmal zählt, bleibt höchstens 90 Tage ein Kürzel des Netzes, aus dem er kam; es lässt sich nicht zurückrechnen.',
  stop: 'Nichts mehr dieser Art',
  report: {
    open: 'Diese Einladung melden',
    ask: 'Was stimmt damit nicht?',
    reasons: { unknown_sender: 'Der Absender ist mir unbekannt', spam: 'Sie ist Werbung oder Spam', offensive: 'Sie ist beleidigend oder bedrohlich', other: 'Etwas anderes' },
    send: 'Melden',
  },
  after: {
    declined: 'Abgelehnt',
    stopped: { title: 'Erledigt. Keine Nachrichten mehr von {name}', text: ['Das gilt ab jetzt und läuft nicht ab. Eine Nachricht, die gerade unterwegs ist, kann noch ankommen.', 'Diese Seite kann geschlossen werden.'] },
    unknown: {
      title: 'Nichts gespeichert, was einen Namen nennt',
      text: ['Dieser Link kam von einer Person. {name} kennt weder Adresse noch Telefonnummer; es gibt also nichts zu löschen und niemanden, dem geschrieben würde.', 'Wer keine solchen Links mehr möchte, sagt das am besten der Person, die ihn geschickt hat.'],
    },
    reported: { title: 'Danke, die Meldung ist eingegangen', text: ['{name} kann sich diese Einladung nun ansehen. Festgehalten ist der gewählte Grund und nichts über die meldende Person.', 'Die Einladung muss nicht beantwortet werden. Diese Seite kann geschlossen werden.'] },
  },
  closed: {
    revoked: { title: 'Diese Einladung wurde zurückgezogen', text: ['Sie lässt sich nicht mehr annehmen. Wer noch mitmachen möchte, bittet die Person, die sie geschickt hat, um einen neuen Link.'] },
    expired: { title: 'Diese Einladung ist abgelaufen', text: ['Ihre Zeit ist um. Wer noch mitmachen möchte, bittet die Person, die sie geschickt hat, um einen neuen Link.'] },
    ended: { title: 'Das ist schon vorbei', text: ['Worum es in dieser Einladung ging, ist bereits zu Ende. Wer noch mitmachen möchte, bittet die Person, die sie geschickt hat, um einen neuen Link.'] },
    own: { title: 'Das ist der eigene Link', text: ['Wer ihn öffnet, sieht die Einladung. Er lässt sich gleich verschicken:'] },
    used: { title: 'Diese Einladung wurde schon angenommen', text: ['Sie galt einer Person. Wer sie angenommen hat, macht in demselben Browser weiter oder bei {name}.', 'Alle anderen bitten die Person, die sie geschickt hat, um einen eigenen Link.'] },
    full: { title: 'Alle Plätze sind vergeben', text: ['Diesmal waren andere schneller. Die Person, die den Link geschickt hat, kann eine neue Runde beginnen.'] },
  },
  nowhere: { title: 'Dieser Link führt nirgendwohin', text: ['Vielleicht fehlt beim Kopieren das Ende, oder er wird nicht mehr verwendet.', 'Bitte noch einmal aus der Nachricht heraus öffnen. Hilft das nicht, kann die Person, die ihn geschickt hat, einen neuen schicken.'] },
  stale: { title: 'Bitte die Einladung noch einmal öffnen', text: ['Diese Seite war lange offen, oder sie ist nicht vollständig angekommen. Es wurde nichts geändert.'] },
  again: 'Einladung öffnen',
  goOn: 'Weiter zu {name}',
  back: 'Doch anders überlegt? Zurück zur Einladung',
  share: { heading: 'Teilen', sms: 'SMS', email: 'E-Mail', qr: 'QR-Code des Links' },
};
