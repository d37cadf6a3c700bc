import type { Texts } from '../texts.ts';

const number = new Intl.NumberFormat('en');
const list = new Intl.ListFormat('en');
const quoted = (label: string) => `“\u2068${label}\u2069”`;
const count = (votes: number) => `${number.format(votes)} ${votes === 1 ? 'vote' : 'votes'}`;

export const texts: Texts = {
  tag: 'en',
  name: 'English',
  direction: 'ltr',
  languages: 'Language',
  percent: (whole) => `${whole}%`,
  vote: {
    title: (question) => `${question} – Vote`,
    choose: 'Choose one. You can change it later: your last choice counts.',
    sending: (label) => `Sending your vote for ${quoted(label)} …`,
    counted: (label) => `You voted for ${quoted(label)}. It counts, and you can change it.`,
    noConnection: 'No connection: your vote could not be confirmed. Please try again; it counts only once.',
    again: 'Try again',
    letterKeys: 'Vote with the letter keys',
    results: 'See the results',
    back: 'Back to the vote',
  },
  result: {
    title: (question) => `${question} – Results`,
    option: 'Option',
    votes: 'Votes',
    share: 'Share',
    count,
    total: (votes) => `${count(votes)} in total`,
    noVotes: 'No votes yet',
    ahead: (label) => `Ahead: ${quoted(label)}`,
    tie: (labels) => `A tie: ${list.format(labels.map(quoted))}`,
    tieOfMany: (options) => `A tie of ${options} options`,
    connecting: 'Connecting …',
    live: 'Live',
    delayed: (seconds, pending) =>
      `Counting is ${number.format(seconds)} ${seconds === 1 ? 'second' : 'seconds'} behind${
        pending > 0 ? `, ${count(pending)} waiting` : ''
      }`,
    down: 'Counting is interrupted. The numbers shown may be old.',
    reconnecting: 'Reconnecting. The numbers shown may be old.',
    lately: (minutes, most, seconds) =>
      `New votes in the last ${minutes} minutes${most > 0 ? `, up to ${number.format(most)} in ${seconds} seconds` : ''}`,
    vote: 'Vote',
    present: 'Present',
    leave: 'Leave this view',
    fullScreen: 'Full screen',
    scan: 'Vote with your phone',
    qrCode: (address) => `QR code for ${address}`,
  },
  refusals: {},
};
