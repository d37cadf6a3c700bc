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
    closed: 'The vote is closed.',
    closedWith: (label) => `The vote is closed. You voted for ${quoted(label)}, and it counts.`,
    notOpen: 'The vote has not begun yet. This page changes by itself when it does.',
    waiting: 'Vote',
    nothingOn: 'Nothing to vote on at the moment',
    follows: 'The next question appears here by itself.',
    behind: 'No news from the vote at the moment. The question shown may be an earlier one.',
    code: 'Code on the screen',
    join: 'Join',
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
    won: (label) => `Won: ${quoted(label)}`,
    final: 'Final result',
    closing: (pending) => `Closed. Counting the last ${pending > 0 ? count(pending) : 'votes'}.`,
    reopened: 'Opened again: the result was final before.',
    whenClosed: 'The votes of each option are shown when the vote is closed.',
    hostOnly: 'The host keeps the votes of each option.',
    nothing: 'No vote at the moment',
    back: 'To the results',
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
