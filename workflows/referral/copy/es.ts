import type { NoticeLocaleCopy } from '../../../src/domain/message/notice-copy.ts';
import { noticeFurniture } from '../../../src/domain/message/shared-furniture.ts';

const open = 'Abrir {{tenantName}}';

/** Spanish, on first-name terms ("tú") where we address somebody. {{amount}} may be a sum of several units: no verb agrees with it. */
export const es: NoticeLocaleCopy = {
  direction: 'ltr',
  furniture: noticeFurniture('es', {
    greeting: 'Hola, {{recipientName}}:',
    reason: 'Motivo de este mensaje: la participación en «{{programTitle}}». De cada tipo de novedad sale como mucho un mensaje por hora, así que puede haber más por ver.',
  }),
  reasons: {
    cap_reached: 'El programa no da más a una misma persona en este plazo.',
    window_over: 'Ocurrió fuera del plazo en el que cuenta.',
    duplicate: 'Lo mismo ya se había recompensado.',
    self_referral: 'Según nuestros datos, ambas partes son la misma persona.',
    budget_spent: 'El presupuesto del programa está agotado.',
    not_eligible: 'Ya no cumple las condiciones del programa, por ejemplo, tras un reembolso.',
    under_review: 'Hay una disputa o una revisión abierta.',
    currency_not_supported: 'El pago está en una moneda que el programa no utiliza.',
    operator: 'Lo decidieron quienes gestionan el programa. Pueden dar más detalles.',
  },
  kinds: {
    friend_signed_up: {
      subject: 'Alguien se unió a {{tenantName}} gracias a ti',
      preheader: 'Tu invitación, tu enlace o tu código trajo a alguien.',
      heading: 'Alguien se unió gracias a ti',
      paragraphs: ['Alguien se registró en {{tenantName}} con tu invitación, tu enlace o tu código. Gracias por compartirlo.', 'No decimos quién fue: eso le toca contarlo a esa persona.'],
      callToAction: open,
    },
    friend_activated: {
      subject: 'Alguien a quien trajiste a {{tenantName}} ya está en marcha',
      preheader: 'El siguiente paso está dado.',
      heading: 'El siguiente paso está dado',
      paragraphs: ['Alguien que llegó a {{tenantName}} gracias a ti dio el siguiente paso y ya lo usa de verdad.'],
      callToAction: open,
    },
    reward_held: {
      subject: 'Has ganado en {{tenantName}}: {{amount}}',
      preheader: 'Reservado para ti hasta el {{untilDate}}.',
      heading: 'Has ganado {{amount}}',
      paragraphs: ['Has ganado {{amount}} por alguien que llegó a {{tenantName}} gracias a ti.', 'Queda en reserva hasta el {{untilDate}}. Si antes se deshace lo que lo generó, por ejemplo con un reembolso, puede reducirse o retirarse. En ese caso te avisaremos.'],
      callToAction: open,
    },
    reward_released: {
      subject: 'Ya es para ti: {{amount}} de {{tenantName}}',
      preheader: 'Tu recompensa está disponible.',
      heading: 'Ya es para ti: {{amount}}',
      paragraphs: ['Terminó el plazo de reserva de tu recompensa. Disponible para ti: {{amount}}.'],
      callToAction: open,
    },
    reward_taken_back: {
      subject: 'Se retiró una recompensa en {{tenantName}}',
      preheader: 'Retirado: {{amount}}.',
      heading: 'Retirado: {{amount}}',
      paragraphs: ['De lo que habías ganado en {{tenantName}} se retiró lo siguiente: {{amount}}.', '{{reason}}'],
      callToAction: open,
    },
    milestone_reached: {
      subject: 'Meta alcanzada en {{tenantName}}: {{amount}}',
      preheader: 'Bastante gente llegó gracias a ti.',
      heading: 'Has alcanzado una meta',
      paragraphs: ['Gracias a ti llegó bastante gente a {{tenantName}} para la siguiente meta. Con ella ganas {{amount}}.', 'Será para ti el {{untilDate}}, siempre que no se deshaga lo que cuenta para ella.'],
      callToAction: open,
    },
    welcome_held: {
      subject: 'Tu recompensa de bienvenida en {{tenantName}}: {{amount}}',
      preheader: 'Reservado para ti hasta el {{untilDate}}.',
      heading: 'Por venir: {{amount}}',
      paragraphs: ['Llegaste a {{tenantName}} porque alguien te lo contó. Por eso también ganas {{amount}}.', 'Queda en reserva hasta el {{untilDate}}. Si antes se deshace lo que lo generó, por ejemplo con un reembolso, puede reducirse o retirarse. En ese caso te avisaremos.'],
      callToAction: open,
    },
    welcome_released: {
      subject: 'Ya es para ti: {{amount}} de {{tenantName}}',
      preheader: 'Tu recompensa de bienvenida está disponible.',
      heading: 'Ya es para ti: {{amount}}',
      paragraphs: ['Terminó el plazo de reserva de tu recompensa de bienvenida. Disponible para ti: {{amount}}.'],
      callToAction: open,
    },
  },
};
