import type { LiveCopy } from '../../src/domain/message/live-copy.ts';

/** A question, asked once, with an easy way to say no. */
export const sellerToBuyerCopy: LiveCopy = {
  en: {
    messages: {
      ask: {
        subject: 'And what do you need to buy?',
        preheader: 'Say it once; sellers come to you.',
        heading: 'Your quote is on its way. What do you need?',
        paragraphs: ['You have just answered somebody else\'s need. If there is something that you have to buy yourself, say so in a sentence: sellers will answer you in the same way.'],
        callToAction: 'Say what I need',
      },
    },
    prompt: {
      default: { title: 'What do you need to buy?', body: 'You have just helped a buyer. Say in a sentence what you need, and sellers answer you.', accept: 'Say what I need', dismiss: 'Nothing at the moment' },
      category: { title: 'You sell {{category}}. What do you buy?', body: 'Say in a sentence what you need, and sellers answer you.', accept: 'Say what I need', dismiss: 'Nothing at the moment' },
    },
  },
  de: {
    messages: {
      ask: {
        subject: 'Und was möchten Sie einkaufen?',
        preheader: 'Einmal gesagt, und Anbieter melden sich.',
        heading: 'Ihr Angebot ist unterwegs. Was brauchen Sie selbst?',
        paragraphs: ['Sie haben soeben auf den Bedarf anderer geantwortet. Wenn Sie selbst etwas einkaufen möchten, sagen Sie es in einem Satz: Anbieter antworten Ihnen auf dieselbe Weise.'],
        callToAction: 'Bedarf nennen',
      },
    },
    prompt: {
      default: { title: 'Was möchten Sie einkaufen?', body: 'Sie haben soeben geholfen. Sagen Sie in einem Satz, was Sie brauchen, und Anbieter antworten.', accept: 'Bedarf nennen', dismiss: 'Zurzeit nichts' },
    },
  },
  es: {
    messages: {
      ask: {
        subject: '¿Y usted qué necesita comprar?',
        preheader: 'Dígalo una vez y los vendedores le responden.',
        heading: 'Su presupuesto está en camino. ¿Qué necesita usted?',
        paragraphs: ['Acaba de responder a la necesidad de otra persona. Si usted también tiene algo que comprar, dígalo en una frase: los vendedores le responderán del mismo modo.'],
        callToAction: 'Decir lo que necesito',
      },
    },
    prompt: {
      default: { title: '¿Qué necesita comprar?', body: 'Acaba de ayudar a un comprador. Diga en una frase lo que necesita y los vendedores le responden.', accept: 'Decir lo que necesito', dismiss: 'Nada por ahora' },
    },
  },
};
