import fc from 'fast-check';
import { readSmsReply } from '../../src/domain/message/sms-keywords.ts';

const VENDOR = {
  stop: ['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'],
  start: ['START', 'YES', 'UNSTOP'],
  help: ['HELP', 'INFO'],
} as const;

describe('the vendor\'s keywords mean what they mean to the vendor, who has replied already', () => {
  for (const [asks, words] of Object.entries(VENDOR)) {
    test.each(words.flatMap((word) => [word, word.toLowerCase(), `${word.slice(0, 1)}${word.slice(1).toLowerCase()}`, `  ${word}\n`]))('%j', (text) => {
      expect(readSmsReply(text)).toEqual({ asks, vendorReplied: true, by: 'keyword' });
    });
  }

  test('its own verdict stands, also for a keyword that an account made up', () => {
    expect(readSmsReply('ARRETEZ MAINTENANT', 'STOP')).toEqual({ asks: 'stop', vendorReplied: true, by: 'keyword' });
    expect(readSmsReply('JOIN', 'START')).toEqual({ asks: 'start', vendorReplied: true, by: 'keyword' });
    expect(readSmsReply('tell me', 'HELP')).toEqual({ asks: 'help', vendorReplied: true, by: 'keyword' });
  });

  test.each(['STOP.', '"Stop"', 'stop!!!', '(STOP)'])('it may have seen past the marks of %j: no second reply', (text) => {
    expect(readSmsReply(text)).toEqual({ asks: 'stop', vendorReplied: true, by: 'speech' });
  });

  test.each(['STOP PLEASE', 'ＳＴＯＰ', 'S T O P', 'stop 🙏', 'bitte aufhören', 'please cancel'])('it did not act on %j: the reply is ours', (text) => {
    expect(readSmsReply(text)).toEqual({ asks: 'stop', vendorReplied: false, by: 'speech' });
  });
});

const OPT_OUTS: Record<'en' | 'de' | 'es' | 'fr', readonly string[]> = {
  en: [
    'STOP PLEASE', 'Please stop', 'pls stop', 'stop now', 'Stop it', 'STOP IT!!', 'stop stop stop', 'STOP!!! 🛑', '🛑', '🚫 🙏', 'S.T.O.P.', 'S-T-O-P', 's t o p', 'Stopp', 'ST0P', 'sto\u200bp', 'ｓｔｏｐ please', 'STÖP', 'stop, thanks',
    'stop texting me', 'please stop texting me', 'Stop texting this number', 'stop sending me messages', 'Stop sending these', 'stop msging me, stop the texts', 'stop with the texts', 'Stop spamming me!', 'STOP contacting me or I call my lawyer',
    'Can you stop texting me?', 'could you please stop', 'I want you to stop', 'You need to stop', 'I said stop', 'make it stop', 'how do I stop these messages', 'Stop at once', 'I asked you not to text me', 'please stop to send me messages',
    'don\'t text me', 'Don’t text me anymore', 'dont text me again', 'do not contact me', 'Do not send me any more messages', 'please do not text this number', 'never text me again', 'Don\'t ever message me', 'do not text',
    'no more', 'no more texts', 'No more messages please', 'no texts please', 'No more of these messages', 'enough messages', 'no thanks', 'No, thank you. Stop.',
    'unsubscribe me', 'please unsubscribe', 'I want to unsubscribe', 'How do I unsubscribe?', 'unsubcribe', 'unsub', 'opt out', 'Opt-out', 'opt me out', 'I would like to opt out of this', 'I am opting out',
    'remove me', 'Remove me from your list', 'please remove my number', 'take me off your list', 'Take my number off this list', 'take me off this', 'delete my number', 'Delete my data',
    'cancel please', 'cancel my subscription', 'cancel all messages', 'end all messages', 'end these texts', 'quit texting me', 'Quit sending this crap', 'I quit',
    'leave me alone', 'Go away', 'lose my number', 'wrong number', 'You have the wrong number', 'Wrong person, sorry', 'not interested', 'I\'m not interested, thanks', 'fuck off', 'cease and desist',
    'I don\'t want these', 'I don\'t want to receive these messages', 'i dont want any texts from you', 'I do not wish to be contacted', 'I no longer want to get these', 'I don\'t want to hear from you', 'I do not consent to this', 'I revoke my consent', 'I withdraw consent',
    'Hi! Love the app, but please stop texting me', 'Who is this? Stop', 'Thanks but no more texts',
  ],
  de: [
    'Stopp', 'stop bitte', 'STOPP BITTE', 'Bitte aufhören', 'bitte aufhoeren', 'Aufhören!', 'Hören Sie auf', 'hör auf', 'Hört bitte auf', 'Hören Sie bitte auf, mir zu schreiben', 'Schluss', 'Schluss damit', 'abmelden', 'Bitte abmelden', 'Ich möchte mich abmelden', 'Melden Sie mich ab', 'meldet mich bitte ab',
    'abbestellen', 'Bitte austragen', 'keine SMS mehr', 'Bitte keine Nachrichten mehr', 'Ich will keine Nachrichten mehr bekommen', 'keine weiteren Nachrichten', 'Keine Werbung mehr bitte', 'bitte keine sms schicken', 'Bitte nicht mehr schreiben', 'Schreibt mir nicht mehr', 'Schicken Sie mir nichts mehr', 'Ich möchte nicht mehr kontaktiert werden',
    'Lasst mich in Ruhe', 'Lassen Sie mich bitte in Ruhe', 'kein Interesse', 'Falsche Nummer', 'Löschen Sie meine Nummer', 'Bitte löscht meine Daten', 'kündigen', 'Hiermit widerrufe ich meine Einwilligung', 'Nein danke', 'Beenden', 'Stoppt diese SMS',
  ],
  es: [
    'alto', 'basta', '¡Basta ya!', 'Para por favor', 'parar', 'baja', 'BAJA', 'dar de baja', 'Quiero darme de baja', 'denme de baja', 'Solicito la baja', 'cancelar', 'Cancelar suscripción', 'no más', 'No mas', 'no más mensajes', 'No más mensajes por favor', 'no quiero más mensajes', 'No quiero recibir mensajes', 'ya no quiero recibir esto',
    'no me manden mensajes', 'No me envíen más SMS', 'no me escriban', 'ya no me escribas', 'dejen de enviarme mensajes', 'Deja de molestarme', 'dejen de escribir', 'paren de mandar mensajes', 'no me interesa', 'No, gracias', 'número equivocado', 'Déjenme en paz', 'borren mi número', 'eliminen mi número', 'desuscribir', 'Por favor, stop', 'salir',
  ],
  fr: [
    'arrêt', 'ARRET', 'Arrêtez', 'arrêtez s\'il vous plaît', 'arrête svp', 'arrêter', 'arrêtez de m\'envoyer des messages', 'Arrêtez de m’écrire', 'Arrêtez ces SMS', 'Cessez de me contacter', 'Ne m\'envoyez plus de messages', 'ne m\'écrivez plus', 'Ne me contactez plus', 'plus de messages', 'Plus de SMS svp', 'pas de pub', 'Je ne veux plus recevoir de messages', 'je veux plus recevoir vos sms',
    'désabonner', 'Désabonnez-moi', 'me désinscrire', 'Je souhaite me désinscrire', 'désinscription', 'stop pub', 'STOP svp', 'retirez-moi de la liste', 'Supprimez mon numéro', 'laissez-moi tranquille', 'pas intéressé', 'mauvais numéro', 'résilier', 'Non merci', 'ça suffit', 'Foutez-moi la paix',
  ],
};

const NOTHING_ASKED: Record<'en' | 'de' | 'es' | 'fr' | 'any', readonly string[]> = {
  en: [
    'stopped by', 'I stopped by yesterday', 'we stopped', 'don\'t stop', 'Don’t stop!', 'please don\'t stop', 'do not stop', 'never stop', 'can\'t stop laughing', 'I can\'t stop laughing 😂', 'cant stop wont stop', 'I won\'t stop', 'Don\'t stop sending these, I love them', 'I never want this to stop', 'I don\'t want this to end',
    'I\'ll stop by later', 'stop by my place tonight', 'Stop in any time', 'bus stop', 'which bus stop?', 'meet me at the next stop', 'nonstop fun', 'unstoppable', 'Don\'t stop me now', 'one stop shop', 'I had to stop for gas', 'I need to stop and eat', 'I had to stop to text you', 'stop light is broken', 'The music will stop at 10',
    'don\'t unsubscribe me', 'I did not unsubscribe', 'please do not remove me', 'don\'t cancel', 'never quit', 'the end of the message was cut', 'weekend', 'ending soon?', 'I\'ll cancel dinner', 'quite nice', 'Can I cancel my order?', 'you never text me back', 'He did not text me', 'Don\'t text and drive', 'I don\'t want to miss this',
    'I got no messages', 'no', 'No.', 'no problem', 'no worries!', 'maybe', 'sure', 'ok', 'thanks', 'Yes please', 'yes!', 'yeah', 'I\'m in', 'who is this?', 'What time does it start?', 'start the car', 'can you help my friend', 'helpful', 'info about pricing?', 'great offer', '⛔️ road closed, will be late', 'Tell Ben I said hi', 'revoked', 'my number is 12345',
  ],
  de: ['nicht aufhören', 'Hör nicht auf!', 'Bitte nicht abmelden', 'Ich kann nicht aufhören zu lachen', 'Ich habe keine Nachricht bekommen', 'Haltestelle', 'nein', 'ja gerne', 'Danke', 'Am Ende der Straße', 'Das ist der Schluss vom Lied', 'Wann geht es los?', 'Ich komme nicht mehr rechtzeitig'],
  es: ['no pares', '¡No paren!', 'no dejes de escribirme', 'No puedo parar de reír', 'no cancelen por favor', 'no', 'sí, claro', 'para mí está bien', 'es para Juan', 'más tarde', 'la fiesta es baja de precio', 'Gracias por la invitación', 'al fin llegó'],
  fr: ['n\'arrêtez pas', 'N\'arrête pas !', 'je n\'arrête pas de rire', 'ne me désabonnez pas', 'arrêt de bus', 'à l\'arrêt du tram', 'non', 'oui', 'merci beaucoup', 'plus tard', 'c\'est la fin du film', 'Je ne peux pas venir'],
  any: ['', ' ', '👍', '😂😂', '…', '12', '\u200b', '???', 'x'.repeat(5000)],
};

describe('a wish to hear no more is honoured, however it is put (47 CFR 64.1200(a)(10))', () => {
  for (const [language, texts] of Object.entries(OPT_OUTS)) {
    test.each(texts)(`${language}: %s`, (text) => {
      expect(readSmsReply(text).asks).toBe('stop');
    });
  }
});

describe('words that only sound like it change nothing', () => {
  for (const [language, texts] of Object.entries(NOTHING_ASKED)) {
    test.each(texts)(`${language}: %s`, (text) => {
      expect(readSmsReply(text).asks).toBe('none');
    });
  }
});

test.each(['start!', 'Start please', 'ＳＴＡＲＴ', 'unstop.'])('%j starts again', (text) => {
  expect(readSmsReply(text).asks).toBe('start');
});

test.each(['help!', 'Help me', 'help please', 'Hilfe', 'ayuda', 'aide', 'ＨＥＬＰ'])('%j asks for help', (text) => {
  expect(readSmsReply(text).asks).toBe('help');
});

const commands = fc.constantFrom('stop', 'unsubscribe', 'opt out', 'aufhören', 'no más mensajes', 'arrêtez', 'leave me alone', 'keine sms mehr');
const dressing = fc.array(fc.constantFrom(' ', '!', '.', '…', '🛑', '🙏', '\n', '\u200b', '"', '-'), { maxLength: 4 }).map((all) => all.join(''));
const fullWidth = (text: string): string => text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));

test('case, accents, width, marks and emoji around it do not keep anybody on the list', () => {
  fc.assert(
    fc.property(commands, dressing, dressing, fc.constantFrom('same', 'upper', 'plain', 'wide', 'decomposed'), (command, before, after, form) => {
      const written = { same: command, upper: command.toUpperCase(), plain: command.normalize('NFD').replace(/\p{M}/gu, ''), wide: fullWidth(command), decomposed: command.normalize('NFD') }[form];
      expect(readSmsReply(`${before}${written}${after}`).asks).toBe('stop');
    }),
  );
});

test('any text is read, at once, and never as an opt-in by chance', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(['stop', 'help', 'none']).toContain(readSmsReply(text).asks);
    }),
  );
  const started = performance.now();
  for (const part of ['stop a ', 'keine ', 'no quiero ', 'arrete de ', 'dont want to ', 'a ', 's.t.', '🛑']) readSmsReply(part.repeat(100_000));
  expect(performance.now() - started).toBeLessThan(1000);
});
