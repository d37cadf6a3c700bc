import type { Texts } from '../texts.ts';

const number = new Intl.NumberFormat('de');
const list = new Intl.ListFormat('de');
const quoted = (label: string) => `„\u2068${label}\u2069“`;
const count = (votes: number) => `${number.format(votes)} ${votes === 1 ? 'Stimme' : 'Stimmen'}`;

export const texts: Texts = {
  tag: 'de',
  name: 'Deutsch',
  direction: 'ltr',
  languages: 'Sprache',
  percent: (whole) => `${whole}\u00a0%`,
  vote: {
    title: (question) => `${question} – Abstimmen`,
    choose: 'Wählen Sie eine Option. Sie können sie später ändern: Die letzte Wahl zählt.',
    sending: (label) => `Ihre Stimme für ${quoted(label)} wird gesendet …`,
    counted: (label) => `Sie haben für ${quoted(label)} gestimmt. Das zählt und lässt sich ändern.`,
    noConnection:
      'Keine Verbindung: Ihre Stimme ist nicht bestätigt. Bitte versuchen Sie es noch einmal; sie zählt nur einmal.',
    again: 'Noch einmal versuchen',
    letterKeys: 'Mit Buchstabentasten abstimmen',
    results: 'Zu den Ergebnissen',
    back: 'Zurück zur Abstimmung',
    closed: 'Die Abstimmung ist beendet.',
    closedWith: (label) =>
      `Die Abstimmung ist beendet. Sie haben für ${quoted(label)} gestimmt, und das zählt.`,
    notOpen:
      'Die Abstimmung hat noch nicht begonnen. Sobald sie beginnt, ändert sich diese Seite von selbst.',
    waiting: 'Abstimmung',
    nothingOn: 'Im Moment gibt es nichts abzustimmen',
    follows: 'Die nächste Frage erscheint hier von selbst.',
    behind: 'Im Moment keine Verbindung zur Abstimmung. Die Frage kann eine frühere sein.',
    code: 'Code auf der Leinwand',
    join: 'Teilnehmen',
  },
  result: {
    title: (question) => `${question} – Ergebnisse`,
    option: 'Option',
    votes: 'Stimmen',
    share: 'Anteil',
    count,
    total: (votes) => `Insgesamt ${count(votes)}`,
    noVotes: 'Noch keine Stimmen',
    ahead: (label) => `Vorn: ${quoted(label)}`,
    tie: (labels) => `Gleichstand: ${list.format(labels.map(quoted))}`,
    tieOfMany: (options) => `Gleichstand von ${options} Optionen`,
    won: (label) => `Gewonnen: ${quoted(label)}`,
    final: 'Endergebnis',
    closing: (pending) =>
      `Beendet. ${pending > 0 ? `${count(pending)} ${pending === 1 ? 'wird' : 'werden'} noch gezählt.` : 'Die letzten Stimmen werden gezählt.'}`,
    reopened: 'Wieder geöffnet: Das Ergebnis stand schon einmal fest.',
    whenClosed: 'Wie viele Stimmen jede Option hat, wird gezeigt, wenn die Abstimmung beendet ist.',
    hostOnly: 'Wie viele Stimmen jede Option hat, sieht nur, wer die Abstimmung leitet.',
    nothing: 'Im Moment keine Abstimmung',
    back: 'Zu den Ergebnissen',
    connecting: 'Verbindung wird hergestellt …',
    live: 'Live',
    delayed: (seconds, pending) =>
      `Die Zählung hängt ${number.format(seconds)} ${seconds === 1 ? 'Sekunde' : 'Sekunden'} zurück${
        pending > 0 ? `, ${count(pending)} ${pending === 1 ? 'wartet' : 'warten'}` : ''
      }`,
    down: 'Die Zählung ist unterbrochen. Die Zahlen können veraltet sein.',
    reconnecting: 'Neue Verbindung wird gesucht. Die Zahlen können veraltet sein.',
    lately: (minutes, most, seconds) =>
      `Neue Stimmen der letzten ${minutes} Minuten${most > 0 ? `, bis zu ${number.format(most)} in ${seconds} Sekunden` : ''}`,
    vote: 'Abstimmen',
    present: 'Vorführen',
    leave: 'Ansicht verlassen',
    fullScreen: 'Vollbild',
    scan: 'Mit dem Handy abstimmen',
    qrCode: (address) => `QR-Code für ${address}`,
  },
  refusals: {
    option_missing: 'Bitte wählen Sie genau eine Option.',
    option_unknown:
      'Diese Option gibt es in dieser Abstimmung nicht. Laden Sie die Seite neu und wählen Sie noch einmal.',
    poll_changed:
      'Die Frage hat sich geändert, seit Sie die Seite geöffnet haben. Ihre Stimme wurde nicht gezählt: Wählen Sie noch einmal.',
    poll_unknown: 'Diese Abstimmung gibt es nicht oder nicht mehr. Es wurde keine Stimme gezählt.',
    poll_not_open:
      'Die Abstimmung hat noch nicht begonnen. Ihre Stimme wurde nicht gezählt: Kommen Sie wieder, wenn sie offen ist.',
    poll_closed:
      'Die Abstimmung ist beendet. Ihre Stimme kam zu spät und wurde nicht gezählt; was Sie vorher gewählt haben, gilt.',
    body_malformed: 'Die Anfrage war nicht lesbar.',
    body_too_large: 'Die Anfrage ist größer, als eine Stimme sein kann (1 KiB).',
    media_type_unsupported: 'Eine Stimme wird als Formular oder als JSON gesendet.',
    cross_site:
      'Die Stimme kam von einer fremden Seite und wurde nicht angenommen. Stimmen Sie auf der Seite der Abstimmung ab.',
    too_many_requests:
      'Zu viele Stimmen von dieser Adresse. Warten Sie einen Moment und stimmen Sie dann noch einmal ab.',
    too_many_voters:
      'Von dieser Adresse kamen zu viele neue Stimmende. Stimmen Sie aus einem anderen Netz ab oder versuchen Sie es später noch einmal.',
    room_unknown:
      'Es gibt keinen Raum mit diesem Code. Sehen Sie noch einmal auf die Leinwand und geben Sie ein, was dort steht.',
    queue_full:
      'Ihre Stimme wurde nicht gezählt: Zu viele warten. Bitte versuchen Sie es in einigen Sekunden noch einmal.',
    queue_unavailable:
      'Ihre Stimme konnte nicht bestätigt werden. Bitte versuchen Sie es in einigen Sekunden noch einmal; sie zählt auch dann nur einmal.',
    store_unavailable:
      'Die Ergebnisse können gerade nicht gelesen werden. Bitte versuchen Sie es in einigen Sekunden noch einmal.',
    not_found: 'Diese Seite gibt es nicht.',
    method_not_allowed: 'Diese Adresse nimmt solche Anfragen nicht an.',
    request_invalid: 'Die Anfrage war nicht verständlich.',
    unexpected: 'Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal.',
  },
};
