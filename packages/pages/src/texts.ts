import type { ErrorCode } from '@voting/core';

/**
 * Everything the pages say, in one language. A language is one file in `languages/`; it runs on the
 * server and in browsers, so it imports nothing. Labels are shown in the direction of their own script.
 */
export interface Texts {
  /** BCP 47. */
  readonly tag: string;
  /** What its speakers call it. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  readonly languages: string;
  readonly percent: (whole: number) => string;
  readonly vote: {
    readonly title: (question: string) => string;
    readonly choose: string;
    readonly sending: (label: string) => string;
    readonly counted: (label: string) => string;
    readonly noConnection: string;
    readonly again: string;
    readonly letterKeys: string;
    readonly results: string;
    readonly back: string;
    readonly closed: string;
    /** The same for somebody who has voted. */
    readonly closedWith: (label: string) => string;
    readonly notOpen: string;
    /** The title of the page while nothing is on in a room. */
    readonly waiting: string;
    readonly nothingOn: string;
    readonly follows: string;
    /** What is shown may be older than what the host has on. */
    readonly behind: string;
    readonly code: string;
    readonly join: string;
  };
  readonly result: {
    readonly title: (question: string) => string;
    readonly option: string;
    readonly votes: string;
    readonly share: string;
    readonly count: (votes: number) => string;
    readonly total: (votes: number) => string;
    readonly noVotes: string;
    readonly ahead: (label: string) => string;
    readonly tie: (labels: readonly string[]) => string;
    readonly tieOfMany: (options: number) => string;
    readonly won: (label: string) => string;
    readonly final: string;
    readonly closing: (pending: number) => string;
    readonly reopened: string;
    readonly whenClosed: string;
    readonly hostOnly: string;
    readonly nothing: string;
    readonly back: string;
    readonly connecting: string;
    readonly live: string;
    readonly delayed: (seconds: number, pending: number) => string;
    readonly down: string;
    readonly reconnecting: string;
    /** What the line shows; `most` is its highest point, votes in so many seconds. */
    readonly lately: (minutes: number, most: number, seconds: number) => string;
    readonly vote: string;
    readonly present: string;
    readonly leave: string;
    readonly fullScreen: string;
    readonly scan: string;
    readonly qrCode: (address: string) => string;
  };
  /** By code; where it has none the sentence of the API stands, which is English. */
  readonly refusals: Readonly<Partial<Record<ErrorCode, string>>>;
}
