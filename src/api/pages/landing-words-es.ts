import type { LandingWords } from './landing-sentences.ts';

export const es: LandingWords = {
  figures: { score: 'Puntos', rank: 'Puesto', skills: 'Temas mejorados', minutes: 'Minutos', streak: 'Días seguidos' },
  privacy: 'Se cuenta que esta página se abre: sin nombre y sin cookie. Para contar cada visita una sola vez se guarda, 90 días como máximo, una clave de la red de la que llegó; no se puede deshacer.',
  stop: 'No recibir nada más como esto',
  report: {
    open: 'Denunciar esta invitación',
    ask: '¿Qué tiene de malo?',
    reasons: { unknown_sender: 'No sé quién la envía', spam: 'Es publicidad o correo basura', offensive: 'Es ofensiva o una amenaza', other: 'Otra cosa' },
    send: 'Denunciar',
  },
  after: {
    declined: 'Invitación rechazada',
    stopped: { title: 'Hecho. No llegarán más mensajes de {name}', text: ['Vale desde ahora y no caduca. Un mensaje que acabe de salir aún puede llegar.', 'Ya se puede cerrar esta página.'] },
    unknown: {
      title: 'No guardamos nada que diga un nombre',
      text: ['Este enlace lo dio una persona. {name} no tiene ni la dirección ni el número de quien lo abre: no hay nada que borrar ni a quién escribir.', 'Para no recibir más enlaces como este, lo mejor es decírselo a la persona que lo envió.'],
    },
    reported: { title: 'Gracias, la denuncia está registrada', text: ['{name} puede revisar ahora esta invitación. Queda anotado el motivo elegido y nada sobre quien denuncia.', 'No hace falta responder a la invitación. Ya se puede cerrar esta página.'] },
  },
  closed: {
    revoked: { title: 'Esta invitación se retiró', text: ['Ya no se puede aceptar. Para participar todavía, hay que pedir un enlace nuevo a la persona que la envió.'] },
    expired: { title: 'Esta invitación ha caducado', text: ['Su plazo terminó. Para participar todavía, hay que pedir un enlace nuevo a la persona que la envió.'] },
    ended: { title: 'Esto ya terminó', text: ['Lo que proponía esta invitación ya acabó. Para participar todavía, hay que pedir un enlace nuevo a la persona que la envió.'] },
    own: { title: 'Este es el enlace propio', text: ['Quien lo abre ve la invitación. Se puede enviar a alguien:'] },
    used: { title: 'Esta invitación ya se aceptó', text: ['Era para una sola persona. Quien la aceptó sigue en el mismo navegador, o en {name}.', 'Los demás pueden pedir un enlace propio a la persona que la envió.'] },
    full: { title: 'Todas las plazas están ocupadas', text: ['Esta vez otros llegaron antes. La persona que envió el enlace puede empezar otra ronda.'] },
  },
  nowhere: { title: 'Este enlace no lleva a ninguna parte', text: ['Quizá se copió sin el final, o ya no se usa.', 'Hay que abrirlo otra vez desde el mensaje recibido. Si sigue sin funcionar, la persona que lo envió puede mandar otro.'] },
  stale: { title: 'Hay que abrir la invitación otra vez', text: ['Esta página estuvo abierta mucho tiempo, o no llegó completa. No se cambió nada.'] },
  again: 'Abrir la invitación',
  goOn: 'Seguir en {name}',
  back: '¿Otra idea? Volver a la invitación',
  share: { heading: 'Compartir', sms: 'SMS', email: 'Correo', qr: 'Código QR del enlace' },
};
