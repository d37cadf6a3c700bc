import { visitOf } from '@voting/pages';
import type { Access } from '../access.ts';
import { type Operation, operation } from '../operation.ts';
import * as json from '../schemas.ts';

/** Signing in and out. */
export function sessionOperations(access: Access): readonly Operation[] {
  return [
    operation({
      method: 'POST',
      path: '/api/session',
      name: 'signIn',
      summary: 'Trades a key for a cookie that lasts twelve hours',
      hostsOnly: false,
      body: json.newSession,
      refusals: ['key_wrong', 'too_many_keys'],
      async handle({ body, request }) {
        const name = access.signIn(request, body.key);
        const cookie = access.sessions.begin(name, visitOf(request).secure);
        return { body: undefined, headers: { 'set-cookie': cookie }, did: { by: name, what: 'signed in' } };
      },
    }),
    operation({
      method: 'DELETE',
      path: '/api/session',
      name: 'signOut',
      summary: 'Has the browser forget its session',
      async handle({ request }) {
        const cookie = access.sessions.end(visitOf(request).secure);
        return { body: undefined, headers: { 'set-cookie': cookie }, did: { what: 'signed out' } };
      },
    }),
  ];
}
