import { readDeclaredPoll } from '@voting/declared-poll';
import { readHostKeys } from '@voting/host';
import { readResultSettings } from '@voting/result';
import {
  type Environment,
  logSettings,
  opsSettings,
  readSettings,
  shutdownSettings,
  text,
  variables,
  wholeNumber,
} from '@voting/runtime';
import { readTracingSettings } from '@voting/tracing';
import { readVoterSecret, readVoteSettings } from '@voting/vote';

export type EmbeddedSettings = ReturnType<typeof readEmbeddedSettings>;

const port = () => wholeNumber(0, 65_535);

/** Everything that can be set when the whole product runs in one process; all of it may be left out. */
export function readEmbeddedSettings(env: Environment) {
  return readSettings(env, {
    poll: readDeclaredPoll,
    ports: variables({
      VOTE_PORT: port().prefault('8080'),
      RESULT_PORT: port().prefault('8081'),
      HOST_PORT: port().prefault('8082'),
    }),
    ops: opsSettings,
    data: variables({ DATA_DIR: text().default('./data') }),
    vote: readVoteSettings,
    result: readResultSettings,
    voterSecret: readVoterSecret,
    hostKeys: readHostKeys,
    tracing: readTracingSettings,
    // the terminal shows where to vote; it is no place for routine
    log: logSettings('warn'),
    shutdown: shutdownSettings(0),
  });
}
