import type { PageLanguage } from '../../domain/preference/page-language.ts';

/** What the opt-out pages say. Raise it with every change of a word: the log of consents names what people read. */
export const OPT_OUT_WORDING = 'opt-out/1';

/** `{name}`: who wrote. They suit who is on first-name terms with people and who is not. */
export type OptOutWords = {
  readonly askTitle: string;
  readonly askHeading: string;
  readonly ask: string;
  readonly button: string;
  readonly askNote: string;
  readonly stoppedTitle: string;
  readonly stoppedHeading: string;
  readonly stopped: string;
  readonly stoppedNote: string;
  readonly unknownTitle: string;
  readonly unknown: readonly string[];
};

export const OPT_OUT_WORDS: Readonly<Record<PageLanguage, OptOutWords>> = {
  en: {
    askTitle: 'Stop e-mails from {name}',
    askHeading: 'Stop e-mails from {name}?',
    ask: '{name} sent an invitation to your e-mail address. Press the button and nothing more is sent there: no invitations, whoever asks {name} to send them, and no reminders.',
    button: 'Stop these e-mails',
    askNote: 'Nothing changes until you press the button. You need no account for it.',
    stoppedTitle: 'E-mails from {name} are stopped',
    stoppedHeading: 'Done. You get no more e-mails from {name}',
    stopped: 'This holds from now on and does not expire. Invitations and reminders that were waiting for you are not sent; one that left a moment ago may still arrive.',
    stoppedNote: 'You can close this page.',
    unknownTitle: 'This link is not complete',
    unknown: ['We cannot tell which messages it is meant to stop. Part of it may have been lost when it was copied.', 'Open it once more from the message itself, or use the unsubscribe button of your mail program.'],
  },
  de: {
    askTitle: 'E-Mails von {name} abbestellen',
    askHeading: 'E-Mails von {name} abbestellen?',
    ask: '{name} hat eine Einladung an diese E-Mail-Adresse geschickt. Nach einem Druck auf den Knopf kommt dort nichts mehr an: keine Einladungen, ganz gleich, wer {name} darum bittet, und keine Erinnerungen.',
    button: 'E-Mails abbestellen',
    askNote: 'Bis zum Druck auf den Knopf ändert sich nichts. Ein Konto ist dafür nicht nötig.',
    stoppedTitle: 'E-Mails von {name} sind abbestellt',
    stoppedHeading: 'Erledigt. Es kommen keine E-Mails von {name} mehr',
    stopped: 'Das gilt ab sofort und läuft nicht ab. Einladungen und Erinnerungen, die noch warteten, werden nicht verschickt; eine, die eben erst abging, kann noch ankommen.',
    stoppedNote: 'Diese Seite kann geschlossen werden.',
    unknownTitle: 'Dieser Link ist nicht vollständig',
    unknown: ['Es ist nicht zu erkennen, welche Nachrichten er abbestellen soll. Vielleicht ging beim Kopieren ein Teil verloren.', 'Bitte den Link noch einmal aus der Nachricht selbst öffnen oder im Mailprogramm auf „Abbestellen“ drücken.'],
  },
  es: {
    askTitle: 'Dejar de recibir correos de {name}',
    askHeading: '¿Dejar de recibir correos de {name}?',
    ask: '{name} envió una invitación a esta dirección de correo. Al pulsar el botón no se enviará nada más a ella: ni invitaciones, sea quien sea quien las pida a {name}, ni recordatorios.',
    button: 'Dejar de recibir estos correos',
    askNote: 'Nada cambia hasta que se pulsa el botón. No hace falta ninguna cuenta.',
    stoppedTitle: 'Ya no llegarán correos de {name}',
    stoppedHeading: 'Hecho. No llegarán más correos de {name}',
    stopped: 'Vale desde ahora y no caduca. Las invitaciones y los recordatorios que estaban en espera no se envían; alguno que acabe de salir aún puede llegar.',
    stoppedNote: 'Ya se puede cerrar esta página.',
    unknownTitle: 'Este enlace no está completo',
    unknown: ['No es posible saber qué mensajes debe detener. Quizá se perdió una parte al copiarlo.', 'Hay que abrirlo otra vez desde el propio mensaje o usar el botón de darse de baja del programa de correo.'],
  },
  fr: {
    askTitle: 'Ne plus recevoir d’e-mails de {name}',
    askHeading: 'Ne plus recevoir d’e-mails de {name} ?',
    ask: '{name} a envoyé une invitation à cette adresse e-mail. Une fois le bouton pressé, plus rien n’y sera envoyé : ni invitations, quelle que soit la personne qui les demande à {name}, ni rappels.',
    button: 'Ne plus recevoir ces e-mails',
    askNote: 'Rien ne change avant que le bouton soit pressé. Aucun compte n’est nécessaire.',
    stoppedTitle: 'Les e-mails de {name} sont arrêtés',
    stoppedHeading: 'C’est fait. Plus aucun e-mail de {name}',
    stopped: 'Cela vaut dès maintenant et n’expire pas. Les invitations et les rappels en attente ne sont pas envoyés ; un message parti à l’instant peut encore arriver.',
    stoppedNote: 'Cette page peut être fermée.',
    unknownTitle: 'Ce lien n’est pas complet',
    unknown: ['Impossible de savoir quels messages il doit arrêter. Une partie s’est peut-être perdue lors de la copie.', 'Il faut l’ouvrir à nouveau depuis le message lui-même, ou utiliser le bouton de désabonnement de la messagerie.'],
  },
};

/** Puts who wrote into a sentence. The name is text: whoever shows it escapes it. */
export function named(sentence: string, name: string): string {
  return sentence.replaceAll('{name}', () => name);
}
