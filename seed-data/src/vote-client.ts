import type { IncomingHttpHeaders } from 'node:http';
import type { HttpAnswer, HttpClient } from './http-client.ts';

/** A try that did not succeed. */
export interface Refusal {
  readonly kind: 'refused';
  /** The service's own code, else the HTTP status, else the code of the network error. */
  readonly reason: string;
  /** False when nothing answered. */
  readonly answered: boolean;
  /** Whether the same try may succeed later. */
  readonly passing: boolean;
  /** How long the service asks to wait. */
  readonly retryAfterMs: number;
  /** Whether the vote may count all the same, because its answer was lost or does not settle it. */
  readonly uncertain: boolean;
}

export interface Enrolled {
  readonly kind: 'enrolled';
  /** The header that makes the service see this voter again. */
  readonly cookie: string;
}

export interface Accepted {
  readonly kind: 'accepted';
  readonly voter: string;
}

/** What a vote is for, as the page says on which it is cast. */
export interface Ballot {
  /** The path of the page. */
  readonly path: string;
  /** What the page of a room says of the poll that it shows; undefined on the page of one poll, which needs not say it. */
  readonly shown: Shown | undefined;
}

/** A poll as the page of a room shows it. */
export interface Shown {
  readonly poll: string;
  readonly edition: string;
}

/** The vote service's contract as its callers see it. Never rejects: every way to fail is a `Refusal`. */
export interface VoteClient {
  /** Becomes a new voter without voting. */
  enrol(): Promise<Enrolled | Refusal>;
  /** Votes as the voter of `cookie`, or as a new one: in whatever poll is on, or in that of the ballot. */
  cast(option: string, cookie?: string, ballot?: Ballot): Promise<Accepted | Refusal>;
}

/** 502 and 504 are how a proxy in front of the service says that it could not connect. */
const passingStatuses = new Set([429, 502, 503, 504]);

/** After these codes the service cannot tell whether the vote counts; its other codes mean it does not. */
const unsettledCodes = new Set(['queue_unavailable', 'unexpected']);

/** These errors come before a connection exists, so no vote was sent. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

export function createVoteClient(http: HttpClient): VoteClient {
  return {
    async enrol() {
      try {
        // only who asks for the page is made a voter: a program that asks what is on is none
        const answer = await http.send('GET', { accept: 'text/html' }, '');
        const value = answer.status === 200 ? voterCookie(answer.headers) : undefined;
        return value === undefined
          ? { ...refusal(answer), uncertain: false }
          : { kind: 'enrolled', cookie: `voter_id=${value}` };
      } catch (error) {
        return { ...lost(error), uncertain: false };
      }
    },
    async cast(option, cookie, ballot) {
      const body = String(new URLSearchParams({ vote: option, ...ballot?.shown }));
      const headers = {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': body.length,
        ...(cookie === undefined ? {} : { cookie }),
      };
      try {
        const answer = await http.send('POST', headers, body, ballot?.path);
        // the answer's own cookie goes first: it names the voter for whom the service counted
        const value = voterCookie(answer.headers) ?? cookie?.slice('voter_id='.length);
        if (answer.status !== 202 || value === undefined || said(answer.text)?.vote !== option) {
          return refusal(answer);
        }
        return { kind: 'accepted', voter: value.slice(0, value.indexOf('.')) };
      } catch (error) {
        return lost(error);
      }
    },
  };
}

function refusal({ status, headers, text }: HttpAnswer): Refusal {
  const code = codeIn(text);
  return {
    kind: 'refused',
    reason: code ?? (status >= 400 ? `HTTP ${status}` : `unexpected answer ${status}`),
    answered: true,
    passing: passingStatuses.has(status),
    retryAfterMs: /^\d{1,6}$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) * 1000 : 0,
    uncertain: code === undefined ? status < 400 || status >= 500 : unsettledCodes.has(code),
  };
}

function lost(error: unknown): Refusal {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code ?? message;
  return {
    kind: 'refused',
    reason,
    answered: false,
    passing: true,
    retryAfterMs: 0,
    uncertain: !neverSent.has(reason),
  };
}

/** The value `<id>.<mac>` of the voter cookie that an answer sets. */
function voterCookie(headers: IncomingHttpHeaders): string | undefined {
  const [, value] = /^voter_id=([^.;]+\.[^;]+)/.exec(headers['set-cookie']?.find(isVoterCookie) ?? '') ?? [];
  return value;
}

function isVoterCookie(header: string): boolean {
  return header.startsWith('voter_id=');
}

/** A code is printed and counted, so whatever else could stand in its place is not taken for one. */
function codeIn(text: string): string | undefined {
  const code = said(text)?.error?.code;
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : undefined;
}

/** What the vote service says in JSON. Anybody may answer at the address, so no field is taken on trust. */
function said(text: string): { vote?: unknown; error?: { code?: unknown } | null } | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
