import type { Texts } from '../texts.ts';

const number = new Intl.NumberFormat('es', { useGrouping: 'always' });
const list = new Intl.ListFormat('es');
const quoted = (label: string) => `«\u2068${label}\u2069»`;
const count = (votes: number) => `${number.format(votes)} ${votes === 1 ? 'voto' : 'votos'}`;

export const texts: Texts = {
  tag: 'es',
  name: 'Español',
  direction: 'ltr',
  languages: 'Idioma',
  percent: (whole) => `${whole}\u00a0%`,
  vote: {
    title: (question) => `${question} – Votar`,
    choose: 'Elija una opción. Puede cambiarla más tarde: cuenta la última elección.',
    sending: (label) => `Enviando su voto por ${quoted(label)} …`,
    counted: (label) => `Ha votado por ${quoted(label)}. Su voto cuenta y puede cambiarlo.`,
    noConnection: 'Sin conexión: su voto no está confirmado. Inténtelo de nuevo; solo cuenta una vez.',
    again: 'Intentar de nuevo',
    letterKeys: 'Votar con las letras del teclado',
    results: 'Ver los resultados',
    back: 'Volver a la votación',
    closed: 'La votación está cerrada.',
    closedWith: (label) => `La votación está cerrada. Ha votado por ${quoted(label)}, y su voto cuenta.`,
    notOpen: 'La votación aún no ha empezado. Esta página cambiará sola cuando empiece.',
    waiting: 'Votación',
    nothingOn: 'Por ahora no hay nada que votar',
    follows: 'La próxima pregunta aparecerá aquí sola.',
    behind: 'Por ahora no hay noticias de la votación. La pregunta que se ve puede ser una anterior.',
    code: 'Código de la pantalla',
    join: 'Entrar',
  },
  result: {
    title: (question) => `${question} – Resultados`,
    option: 'Opción',
    votes: 'Votos',
    share: 'Porcentaje',
    count,
    total: (votes) => `${count(votes)} en total`,
    noVotes: 'Todavía no hay votos',
    ahead: (label) => `En cabeza: ${quoted(label)}`,
    tie: (labels) => `Empate: ${list.format(labels.map(quoted))}`,
    tieOfMany: (options) => `Empate de ${options} opciones`,
    won: (label) => `Ha ganado: ${quoted(label)}`,
    final: 'Resultado final',
    closing: (pending) =>
      `Cerrada. ${pending > 0 ? `Queda por contar: ${count(pending)}.` : 'Se cuentan los últimos votos.'}`,
    reopened: 'Se ha vuelto a abrir: el resultado ya fue final.',
    whenClosed: 'Los votos de cada opción se muestran cuando se cierra la votación.',
    hostOnly: 'Los votos de cada opción los guarda quien dirige la votación.',
    nothing: 'Ninguna votación por ahora',
    back: 'A los resultados',
    connecting: 'Conectando …',
    live: 'En directo',
    delayed: (seconds, pending) =>
      `El recuento lleva ${number.format(seconds)} ${seconds === 1 ? 'segundo' : 'segundos'} de retraso${
        pending > 0 ? `, ${count(pending)} en espera` : ''
      }`,
    down: 'El recuento está interrumpido. Las cifras pueden ser antiguas.',
    reconnecting: 'Reconectando. Las cifras pueden ser antiguas.',
    lately: (minutes, most, seconds) =>
      `Votos nuevos en los últimos ${minutes} minutos${most > 0 ? `, hasta ${number.format(most)} en ${seconds} segundos` : ''}`,
    vote: 'Votar',
    present: 'Presentar',
    leave: 'Salir de esta vista',
    fullScreen: 'Pantalla completa',
    scan: 'Vote con su teléfono',
    qrCode: (address) => `Código QR de ${address}`,
  },
  refusals: {
    option_missing: 'Elija exactamente una opción.',
    option_unknown: 'Esta votación no tiene esa opción. Recargue la página y elija de nuevo.',
    poll_changed: 'La pregunta ha cambiado desde que abrió la página. Su voto no se contó: elija de nuevo.',
    poll_unknown: 'Esta votación no existe o ya no existe. No se contó ningún voto.',
    poll_not_open: 'La votación aún no ha empezado. Su voto no se contó: vuelva cuando esté abierta.',
    poll_closed: 'La votación está cerrada. Su voto llegó tarde y no se contó; vale lo que eligió antes.',
    body_malformed: 'No se pudo leer la solicitud.',
    body_too_large: 'La solicitud es más grande de lo que puede ser un voto (1 KiB).',
    media_type_unsupported: 'Un voto se envía como formulario o como JSON.',
    cross_site: 'El voto vino de otro sitio y no fue aceptado. Vote en la página de la propia votación.',
    too_many_requests: 'Demasiados votos desde esta dirección. Espere un momento y vote de nuevo.',
    too_many_voters:
      'Han llegado demasiados votantes nuevos desde esta dirección. Vote desde otra red o inténtelo más tarde.',
    room_unknown: 'No hay ninguna sala con este código. Mire otra vez la pantalla y escriba lo que pone.',
    queue_full: 'Su voto no fue contado: hay demasiados en espera. Inténtelo de nuevo en unos segundos.',
    queue_unavailable:
      'No se pudo confirmar su voto. Inténtelo de nuevo en unos segundos; aunque repita, solo cuenta una vez.',
    store_unavailable: 'Ahora no se pueden leer los resultados. Inténtelo de nuevo dentro de unos segundos.',
    not_found: 'Esta página no existe.',
    method_not_allowed: 'Esta dirección no admite ese tipo de solicitud.',
    request_invalid: 'No se pudo entender la solicitud.',
    unexpected: 'Algo falló de nuestro lado. Inténtelo de nuevo.',
  },
};
