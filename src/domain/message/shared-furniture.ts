import type { FurnitureCopy } from './copy.ts';
import type { NoticeFurniture } from './notice-copy.ts';

/** The sentences around messages that are the same whichever loop sends them. They suit a program that is on first-name terms with people as well as one that is not. */

/** The languages in which all of them are written. */
export type SharedLanguage = 'en' | 'de' | 'es' | 'fr';
type InEach<Words> = Readonly<Record<SharedLanguage, Words>>;

/** Around whatever leaves by mail. */
type AnyMail = Pick<FurnitureCopy & NoticeFurniture, 'greetingWithoutName' | 'linkHint' | 'optOut' | 'preferences'>;
const ANY_MAIL: InEach<AnyMail> = {
  en: {
    greetingWithoutName: 'Hello,',
    linkHint: 'If the button does not open, use this link:',
    optOut: 'Unsubscribe from {{tenantName}}',
    preferences: 'Choose what you get, when, and in which language',
  },
  de: {
    greetingWithoutName: 'Hallo,',
    linkHint: 'Falls sich die Schaltfläche nicht öffnet, hilft dieser Link:',
    optOut: 'E-Mails von {{tenantName}} abbestellen',
    preferences: 'Auswählen, was wann und in welcher Sprache ankommt',
  },
  es: {
    greetingWithoutName: 'Hola:',
    linkHint: 'Si el botón no se abre, este es el enlace:',
    optOut: 'Darse de baja de los correos de {{tenantName}}',
    preferences: 'Elegir qué mensajes llegan, cuándo y en qué idioma',
  },
  fr: {
    greetingWithoutName: 'Bonjour,',
    linkHint: 'Si le bouton ne s’ouvre pas, voici le lien :',
    optOut: 'Se désabonner des e-mails envoyés par {{tenantName}}',
    preferences: 'Choisir les messages, leurs heures et leur langue',
  },
};

type Reasons = FurnitureCopy['reasons'];
/** Around an invitation, whatever it is to. */
type AnyInvitation = Pick<FurnitureCopy, 'greeting' | 'nameless' | 'inviterWithoutName' | 'via'> & { readonly reasons: Pick<Reasons, 'optIn' | 'existingRelationship'> };
const ANY_INVITATION: InEach<AnyInvitation> = {
  en: {
    greeting: 'Hello {{inviteeName}},',
    nameless: 'there',
    inviterWithoutName: 'a member of {{tenantName}}',
    reasons: {
      optIn: 'You get this message because you agreed to hear from {{tenantName}}.',
      existingRelationship: 'You get this message because you are in contact with {{tenantName}}.',
    },
    via: '{{inviterName}} via {{tenantName}}',
  },
  de: {
    greeting: 'Hallo {{inviteeName}},',
    nameless: 'du',
    inviterWithoutName: 'ein Mitglied von {{tenantName}}',
    reasons: {
      optIn: 'Grund dieser Nachricht: die Zustimmung, Nachrichten von {{tenantName}} zu bekommen.',
      existingRelationship: 'Grund dieser Nachricht: der bestehende Kontakt zu {{tenantName}}.',
    },
    via: '{{inviterName}} über {{tenantName}}',
  },
  es: {
    greeting: 'Hola, {{inviteeName}}:',
    nameless: 'qué tal',
    inviterWithoutName: 'un miembro de {{tenantName}}',
    reasons: {
      optIn: 'Motivo de este mensaje: el consentimiento para recibir mensajes de {{tenantName}}.',
      existingRelationship: 'Motivo de este mensaje: el contacto existente con {{tenantName}}.',
    },
    via: '{{inviterName}} a través de {{tenantName}}',
  },
  fr: {
    greeting: 'Bonjour {{inviteeName}},',
    nameless: 'à vous',
    inviterWithoutName: 'une personne inscrite sur {{tenantName}}',
    reasons: {
      optIn: 'Raison de ce message : l’accord donné pour recevoir des messages envoyés par {{tenantName}}.',
      existingRelationship: 'Raison de ce message : un contact existant avec {{tenantName}}.',
    },
    via: '{{inviterName}} via {{tenantName}}',
  },
};

/** How a text is stopped: stands at its end. */
export const SMS_OPT_OUT: InEach<string> = {
  en: 'Reply STOP to opt out.',
  de: 'STOP als Antwort beendet das.',
  es: 'Responde STOP para darte de baja.',
  fr: 'Répondre STOP pour se désabonner.',
};

/** What a loop says of its own around an invitation: who gave the address and what for, until when it is open, who may pass it over. */
export type OwnFurniture = Pick<FurnitureCopy, 'expiry' | 'ignore'> & { readonly reasons: Pick<Reasons, 'byMember' | 'byTenant'> };

/** All sentences around a loop's invitations: its own ones and those of every loop. */
export function invitationFurniture(language: SharedLanguage, own: OwnFurniture): FurnitureCopy {
  const shared = ANY_INVITATION[language];
  return { ...ANY_MAIL[language], ...shared, ...own, reasons: { ...shared.reasons, ...own.reasons } };
}

/** All sentences around a notice to a member. */
export function noticeFurniture(language: SharedLanguage, own: Pick<NoticeFurniture, 'greeting' | 'reason'>): NoticeFurniture {
  return { ...ANY_MAIL[language], ...own };
}
