import type { ReportWords } from './report-words.ts';

export const es: ReportWords = {
  locale: 'es-ES',
  title: 'Semana {week} de {year}',
  period: 'Del {from} al {to}',
  counted: { invites: 'Invitaciones', clicks: 'Clics', signUps: 'Registros', firstValues: 'Primer valor', conversions: 'Compras' },
  rewards: { held: 'Premios retenidos', released: 'Premios liberados', paid: 'Premios pagados' },
  activeMembers: 'Miembros activos',
  kSignUp: 'K al registrarse',
  kFirstValue: 'K al primer valor',
  k: {
    range: 'De {low} a {high}.',
    signedUp: { one: '{n} persona invitada se registró,', other: '{n} personas invitadas se registraron,' },
    activated: { one: '{n} persona invitada llegó a su primer valor,', other: '{n} personas invitadas llegaron a su primer valor,' },
    perMember: { one: 'por {n} miembro activo.', other: 'por {n} miembros activos.' },
    before: 'La semana anterior: {k}.',
    nobody: 'Ningún miembro estuvo activo.',
  },
  fresh: 'nuevo',
  amountOf: '{name}, {unit}',
  loops: {
    invite: 'Invitación', referral: 'Recomendación', 'buddy-challenge': 'Reto entre amigos', 'streak-rescue': 'Rescate de racha', 'results-rally': 'Carrera de resultados', 'proud-parent': 'Orgullo familiar',
    'study-buddy-nudge': 'Compañero de estudio', 'seller-to-buyer': 'De vendedor a comprador', 'achievement-spotlight': 'Logro destacado',
  },
  noProgram: 'Enlaces sin programa',
  referrer: { signUps: { one: '{n} registro', other: '{n} registros' }, firstValues: { one: '{n} primer valor', other: '{n} primeros valores' } },
  notes: {
    days: 'Los días son los de {zone}. Las cifras se cuentan por el momento en que ocurrió cada hecho; los que llegan tarde las cambian hasta que se envía el informe.',
    k: 'K es el número de personas nuevas traídas en la semana por cada miembro activo: el que hizo algo o invitó a alguien en ella. El margen es su intervalo del 95 % (Byar), que supone que las personas llegan de forma independiente.',
    running: 'La semana no ha terminado: son las cifras hasta ahora, frente a la semana anterior completa.',
    countedAt: 'Contado el {at}.',
  },
  columns: { now: 'Esta semana', before: 'Semana anterior', beforeShort: 'Anterior', change: 'Cambio' },
  headings: {
    all: 'En total', amounts: 'Importes', referrers: 'Quiénes más traen', read: 'Cómo leer esto', pairs: 'Esta semana y la anterior, cada par a su propia escala', people: 'Personas nuevas por día',
    traffic: 'Invitaciones y clics por día', perLoop: 'Primer valor por tipo de programa', allFigures: 'Cifras de todos los programas', figuresOf: 'Cifras de {title}',
  },
  mail: {
    subject: '{tenant}: {title}, {name} {value}',
    row: '{name}: {now} (semana anterior: {before}, {change})',
    pdf: 'El PDF adjunto contiene los gráficos.',
    because: 'Recibe este mensaje porque lo pidió.',
    stop: 'No recibir más informes',
  },
  question: {
    heading: '¿Quiere recibir el informe semanal?',
    subject: '{tenant}: ¿quiere recibir el informe semanal?',
    ask: 'Le han propuesto como lector del informe semanal sobre cómo crece {tenant}: invitaciones, registros y premios, cada lunes por la mañana por correo.',
    ignore: 'Si no lo quiere, no haga nada: sin su sí no se envía ningún informe.',
    yes: 'Sí, envíenmelo',
  },
  pages: {
    confirm: { ask: '¿Recibir el informe semanal?', button: 'Sí, envíenmelo', done: 'Recibirá el informe semanal', note: 'Cada lunes por la mañana, cómo crece {tenant}. Cada informe lleva un enlace para dejar de recibirlo.' },
    unsubscribe: { ask: '¿No recibir más informes semanales?', button: 'No más informes', done: 'Ya no recibirá informes', note: 'No recibirá nada más del informe semanal de {tenant}. El enlace del primer correo lo recupera.' },
  },
};
