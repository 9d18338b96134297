import type { LocaleCopy, MessageCopy, StepsCopy } from '../../../src/domain/message/copy.ts';
import { invitationFurniture, SMS_OPT_OUT } from '../../../src/domain/message/shared-furniture.ts';

/*
 * French, with "vous" throughout. No "de", "que" or "le" stands before a name, which might want an elision (d’Ana), and
 * "vous" is never what a past participle would have to agree with: whom we write to may be of any gender.
 */

const lastCall: MessageCopy = {
  subject: 'Jusqu’au {{expiryDate}} : {{inviterName}} vous invite',
  preheader: 'Ensuite, l’invitation prend fin d’elle-même.',
  heading: 'Votre invitation prend fin le {{expiryDate}}',
  paragraphs: ['{{inviterName}} vous invite à rejoindre {{tenantName}}. L’invitation prend fin d’elle-même le {{expiryDate}}.'],
  callToAction: 'Voir l’invitation',
};

const anybody: StepsCopy = {
  invite: {
    subject: '{{inviterName}} vous invite à rejoindre {{tenantName}}',
    preheader: 'Une invitation personnelle, ouverte jusqu’au {{expiryDate}}.',
    heading: '{{inviterName}} vous invite à rejoindre {{tenantName}}',
    paragraphs: ['{{inviterName}} utilise {{tenantName}} et aimerait vous y retrouver.', 'Jetez-y un œil et décidez en toute liberté. Rien ne se passe tant que vous n’acceptez pas.'],
    callToAction: 'Voir l’invitation',
  },
  reminders: [
    {
      subject: 'Rappel : {{inviterName}} vous invite à rejoindre {{tenantName}}',
      preheader: 'Votre invitation est toujours ouverte, jusqu’au {{expiryDate}}.',
      heading: 'L’invitation envoyée par {{inviterName}} est toujours ouverte',
      paragraphs: ['{{inviterName}} vous invite à rejoindre {{tenantName}}. Au cas où le premier message se serait perdu : l’invitation tient toujours.', 'Si cela ne vous intéresse pas, vous n’avez rien à faire.'],
      callToAction: 'Voir l’invitation',
    },
    lastCall,
  ],
};

const friend: StepsCopy = {
  invite: {
    subject: '{{inviterName}} aimerait partager {{tenantName}} avec vous',
    preheader: 'Une invitation personnelle entre amis, ouverte jusqu’au {{expiryDate}}.',
    heading: '{{inviterName}} a pensé à vous',
    paragraphs: ['{{inviterName}} est sur {{tenantName}} et aimerait vous y retrouver.', 'Jetez-y un œil et décidez en toute liberté. Rien ne se passe tant que vous n’acceptez pas.'],
    callToAction: 'Voir l’invitation',
  },
  reminders: [
    {
      subject: '{{inviterName}} aimerait toujours vous montrer {{tenantName}}',
      preheader: 'L’invitation entre amis est ouverte jusqu’au {{expiryDate}}.',
      heading: 'L’invitation envoyée par {{inviterName}} est toujours ouverte',
      paragraphs: ['{{inviterName}} aimerait partager {{tenantName}} avec vous. Au cas où le premier message se serait perdu : l’invitation tient toujours.', 'Si cela ne vous intéresse pas, vous n’avez rien à faire.'],
      callToAction: 'Voir l’invitation',
    },
    lastCall,
  ],
};

const family: StepsCopy = {
  invite: {
    subject: '{{inviterName}} invite la famille sur {{tenantName}}',
    preheader: 'Une invitation de votre famille, ouverte jusqu’au {{expiryDate}}.',
    heading: '{{inviterName}} aimerait vous retrouver sur {{tenantName}}',
    paragraphs: ['{{inviterName}} est sur {{tenantName}} et aimerait y retrouver aussi la famille.', 'Jetez-y un œil et décidez en toute liberté. Rien ne se passe tant que vous n’acceptez pas.'],
    callToAction: 'Voir l’invitation',
  },
  reminders: anybody.reminders,
};

const colleague: StepsCopy = {
  invite: {
    subject: '{{inviterName}} vous recommande {{tenantName}}',
    preheader: 'Une invitation entre collègues, ouverte jusqu’au {{expiryDate}}.',
    heading: '{{inviterName}} vous recommande {{tenantName}}',
    paragraphs: ['{{inviterName}} travaille avec {{tenantName}} et pense que cela peut vous être utile.', 'L’invitation explique de quoi il s’agit. Rien ne se passe tant que vous n’acceptez pas.'],
    callToAction: 'Ouvrir l’invitation',
  },
  reminders: anybody.reminders,
};

const classmate: StepsCopy = {
  invite: {
    subject: '{{inviterName}} vous invite à rejoindre {{tenantName}}',
    preheader: 'Une invitation de votre classe, ouverte jusqu’au {{expiryDate}}.',
    heading: '{{inviterName}} aimerait apprendre avec vous',
    paragraphs: ['Dans votre classe, {{inviterName}} est sur {{tenantName}} et aimerait vous y retrouver.', 'Jetez-y un œil et décidez en toute liberté. Rien ne se passe tant que vous n’acceptez pas.'],
    callToAction: 'Voir l’invitation',
  },
  reminders: anybody.reminders,
};

const vendor: StepsCopy = {
  invite: {
    subject: '{{inviterName}} invite votre entreprise sur {{tenantName}}',
    preheader: 'Une invitation professionnelle, ouverte jusqu’au {{expiryDate}}.',
    heading: '{{inviterName}} aimerait travailler avec vous sur {{tenantName}}',
    paragraphs: ['{{inviterName}} utilise {{tenantName}} et vous invite en tant que contact professionnel.', 'L’invitation explique de quoi il s’agit. Rien ne se passe tant que vous n’acceptez pas.'],
    callToAction: 'Ouvrir l’invitation',
  },
  reminders: [
    {
      subject: 'Rappel : {{inviterName}} invite votre entreprise sur {{tenantName}}',
      preheader: 'L’invitation est ouverte jusqu’au {{expiryDate}}.',
      heading: 'L’invitation envoyée par {{inviterName}} est toujours ouverte',
      paragraphs: ['{{inviterName}} invite votre entreprise sur {{tenantName}}. L’invitation est toujours ouverte.', 'Si cela ne vous intéresse pas, vous n’avez rien à faire.'],
      callToAction: 'Ouvrir l’invitation',
    },
  ],
};

const fromTenant: StepsCopy = {
  invite: {
    subject: 'Votre invitation à rejoindre {{tenantName}}',
    preheader: 'Ouverte jusqu’au {{expiryDate}}.',
    heading: '{{tenantName}} vous invite',
    paragraphs: ['{{tenantName}} aimerait vous accueillir.', 'Jetez-y un œil et décidez en toute liberté. Rien ne se passe tant que vous n’acceptez pas.'],
    callToAction: 'Voir l’invitation',
  },
  reminders: [
    {
      subject: 'Rappel : votre invitation à rejoindre {{tenantName}}',
      preheader: 'Toujours ouverte, jusqu’au {{expiryDate}}.',
      heading: 'Votre invitation est toujours ouverte',
      paragraphs: ['Nous vous avons envoyé une invitation à rejoindre {{tenantName}}. Au cas où elle se serait perdue : elle tient toujours.', 'Si cela ne vous intéresse pas, vous n’avez rien à faire.'],
      callToAction: 'Voir l’invitation',
    },
  ],
};

export const fr: LocaleCopy = {
  direction: 'ltr',
  furniture: invitationFurniture('fr', {
    reasons: {
      byMember: 'Raison de ce message : {{inviterName}} a donné cette adresse à {{tenantName}} pour une invitation.',
      byTenant: 'Raison de ce message : une invitation envoyée par {{tenantName}}.',
    },
    expiry: 'Cette invitation est ouverte jusqu’au {{expiryDate}}.',
    ignore: 'Si cette invitation est inattendue, ce message peut être ignoré.',
  }),
  sms: {
    byMember: { invite: '{{tenantName}} : {{inviterName}} vous invite.', reminder: '{{tenantName}} : l\'invitation de {{inviterName}} est toujours ouverte.' },
    byTenant: { invite: '{{tenantName}} vous invite.', reminder: '{{tenantName}} : l\'invitation est toujours ouverte.' },
    optOut: SMS_OPT_OUT.fr,
  },
  byMember: { default: anybody, friend, family, colleague, classmate, vendor },
  byTenant: fromTenant,
};
