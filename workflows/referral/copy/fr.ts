import type { NoticeLocaleCopy } from '../../../src/domain/message/notice-copy.ts';
import { noticeFurniture } from '../../../src/domain/message/shared-furniture.ts';

const open = 'Ouvrir {{tenantName}}';

/** French, with "vous" where we address somebody. {{amount}} may be a sum of several units: no verb agrees with it. */
export const fr: NoticeLocaleCopy = {
  direction: 'ltr',
  furniture: noticeFurniture('fr', {
    greeting: 'Bonjour {{recipientName}},',
    reason: 'Raison de ce message : la participation à « {{programTitle}} ». Pour un même type de nouvelle, un message par heure au plus est envoyé : il peut donc y avoir autre chose à voir.',
  }),
  reasons: {
    cap_reached: 'Le programme ne donne pas davantage à une même personne sur cette durée.',
    window_over: 'Cela s’est passé en dehors de la période prise en compte.',
    duplicate: 'La même chose avait déjà été récompensée.',
    self_referral: 'D’après nos informations, les deux parties sont une même personne.',
    budget_spent: 'Le budget du programme est épuisé.',
    not_eligible: 'Les conditions du programme ne sont plus remplies, par exemple après un remboursement.',
    under_review: 'Un litige ou une vérification est en cours.',
    currency_not_supported: 'Le paiement est dans une devise que le programme n’utilise pas.',
    operator: 'C’est une décision des responsables du programme, qui peuvent en dire plus.',
  },
  kinds: {
    friend_signed_up: {
      subject: 'Quelqu’un a rejoint {{tenantName}} grâce à vous',
      preheader: 'Votre invitation, votre lien ou votre code a amené quelqu’un.',
      heading: 'Quelqu’un est arrivé grâce à vous',
      paragraphs: ['Quelqu’un s’est inscrit à {{tenantName}} par votre invitation, votre lien ou votre code. Merci d’en avoir parlé.', 'Nous ne disons pas qui : c’est à cette personne de le faire.'],
      callToAction: open,
    },
    friend_activated: {
      subject: 'Une personne venue à {{tenantName}} grâce à vous s’est lancée',
      preheader: 'L’étape suivante est franchie.',
      heading: 'L’étape suivante est franchie',
      paragraphs: ['Une personne venue à {{tenantName}} grâce à vous a franchi l’étape suivante et s’en sert vraiment.'],
      callToAction: open,
    },
    reward_held: {
      subject: 'Gagné sur {{tenantName}} : {{amount}}',
      preheader: 'Mis de côté pour vous jusqu’au {{untilDate}}.',
      heading: 'Vous avez gagné {{amount}}',
      paragraphs: ['Vous avez gagné {{amount}}, grâce à une personne que vous avez amenée à {{tenantName}}.', 'Cette récompense est mise de côté jusqu’au {{untilDate}}. Si ce qui l’a produite est annulé d’ici là, par un remboursement par exemple, elle peut diminuer ou être reprise. Dans ce cas, un message vous le dira.'],
      callToAction: open,
    },
    reward_released: {
      subject: 'À vous maintenant : {{amount}} de {{tenantName}}',
      preheader: 'Votre récompense est disponible.',
      heading: 'À vous maintenant : {{amount}}',
      paragraphs: ['La période de mise de côté de votre récompense est terminée. Disponible pour vous : {{amount}}.'],
      callToAction: open,
    },
    reward_taken_back: {
      subject: 'Une récompense sur {{tenantName}} a été reprise',
      preheader: 'Repris : {{amount}}.',
      heading: 'Repris : {{amount}}',
      paragraphs: ['De ce que vous aviez gagné sur {{tenantName}}, voici ce qui a été repris : {{amount}}.', '{{reason}}'],
      callToAction: open,
    },
    milestone_reached: {
      subject: 'Palier atteint sur {{tenantName}} : {{amount}}',
      preheader: 'Assez de personnes sont venues grâce à vous.',
      heading: 'Vous avez atteint un palier',
      paragraphs: ['Grâce à vous, assez de personnes sont venues à {{tenantName}} pour le palier suivant. Vous y gagnez {{amount}}.', 'Ce sera à vous le {{untilDate}}, tant que ce qui compte pour ce palier n’est pas annulé.'],
      callToAction: open,
    },
    welcome_held: {
      subject: 'Votre récompense de bienvenue sur {{tenantName}} : {{amount}}',
      preheader: 'Mise de côté pour vous jusqu’au {{untilDate}}.',
      heading: 'Pour votre venue : {{amount}}',
      paragraphs: ['Quelqu’un vous a parlé de {{tenantName}}, et vous voilà. Cela vous fait aussi gagner {{amount}}.', 'Cette récompense est mise de côté jusqu’au {{untilDate}}. Si ce qui l’a produite est annulé d’ici là, par un remboursement par exemple, elle peut diminuer ou être reprise. Dans ce cas, un message vous le dira.'],
      callToAction: open,
    },
    welcome_released: {
      subject: 'À vous maintenant : {{amount}} de {{tenantName}}',
      preheader: 'Votre récompense de bienvenue est disponible.',
      heading: 'À vous maintenant : {{amount}}',
      paragraphs: ['La période de mise de côté de votre récompense de bienvenue est terminée. Disponible pour vous : {{amount}}.'],
      callToAction: open,
    },
  },
};
