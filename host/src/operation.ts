import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '@voting/core';
import type { z } from 'zod';
import type { Seen } from './revisions.ts';

/** A request as an operation gets it: looked at, and from somebody who may. */
export interface Call<Body> {
  /** The name of the host; empty for what anybody may. */
  readonly by: string;
  /** By the names in the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly body: Body;
  /** The revision in If-Match. */
  readonly seen: Seen;
  readonly request: IncomingMessage;
}

/** What has been done, for the log; never who voted for what. */
export interface Deed {
  readonly what: string;
  /** By whom, where the call does not say. */
  readonly by?: string;
  readonly room?: string;
  readonly poll?: string;
}

export interface Reply<Body> {
  readonly body: Body;
  /** Of the single room or poll that it is about. */
  readonly revision?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly did?: Deed;
}

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As OpenAPI writes it, with names in braces. */
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  /** Whether only hosts may. */
  readonly hostsOnly: boolean;
  /** Whether it does something only to a revision that was seen: always, when If-Match says so, or undefined for no matter. */
  readonly ifMatch: 'required' | 'honoured' | undefined;
  /** What may be sent; undefined when a body is not looked at. */
  readonly body: z.ZodType | undefined;
  readonly bodyOptional: boolean;
  readonly status: 200 | 201 | 204;
  /** What is answered; undefined for nothing. */
  readonly reply: z.ZodType | undefined;
  /** What it may say no with, beside what anything may. */
  readonly refusals: readonly ErrorCode[];
  handle(call: Call<unknown>): Promise<Reply<unknown>>;
}

type Sent<Body> = Body extends z.ZodType ? z.output<Body> : undefined;
type Answered<Reply> = Reply extends z.ZodType ? z.input<Reply> : undefined;

type Typed<Body, Answer> = Pick<Operation, 'method' | 'path' | 'name' | 'summary'> &
  Partial<Pick<Operation, 'hostsOnly' | 'ifMatch' | 'bodyOptional' | 'refusals'>> & {
    readonly body?: Body;
    readonly reply?: Answer;
    readonly status?: Operation['status'];
    handle(call: Call<Sent<Body>>): Promise<Reply<Answered<Answer>>>;
  };

/** Describes an operation, whose `handle` is of the types that its schemas say. */
export function operation<
  const Body extends z.ZodType | undefined = undefined,
  const Answer extends z.ZodType | undefined = undefined,
>(typed: Typed<Body, Answer>): Operation {
  return {
    hostsOnly: true,
    ifMatch: undefined,
    bodyOptional: false,
    refusals: [],
    ...typed,
    body: typed.body,
    reply: typed.reply,
    status: typed.status ?? (typed.reply === undefined ? 204 : 200),
    handle: (call) => typed.handle(call as Call<Sent<Body>>),
  };
}

/** What an operation may say no with, whatever the reason. */
export function refusalsOf({ hostsOnly, ifMatch, body, method, refusals }: Operation): readonly ErrorCode[] {
  const codes: ErrorCode[] = [...refusals, 'unexpected'];
  if (hostsOnly)
    codes.push('not_signed_in', 'key_wrong', 'too_many_keys', 'store_unavailable', 'store_denied');
  if (method !== 'GET') {
    codes.push('cross_site', 'body_malformed', 'body_too_large', 'media_type_unsupported');
  }
  if (body !== undefined) codes.push('content_invalid');
  if (ifMatch !== undefined) codes.push('changed_meanwhile');
  if (ifMatch === 'required') codes.push('revision_missing');
  return [...new Set(codes)];
}
