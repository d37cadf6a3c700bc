import type { Scenario } from './scenario.ts';
import { accept, acceptMany } from './scenarios/accept.ts';
import { asking } from './scenarios/asking.ts';
import { drain } from './scenarios/drain.ts';
import { embedded } from './scenarios/embedded.ts';
import { embeddedGrowth } from './scenarios/embedded-growth.ts';
import { growth } from './scenarios/growth.ts';
import { live } from './scenarios/live.ts';
import { openLoop } from './scenarios/open-loop.ts';
import { spread } from './scenarios/partitions.ts';
import { polls } from './scenarios/polls.ts';
import { telemetry } from './scenarios/telemetry.ts';
import { viewers } from './scenarios/viewers.ts';

export const scenarios: readonly Scenario[] = [
  accept,
  acceptMany,
  openLoop,
  drain,
  live,
  viewers,
  growth,
  embedded,
  embeddedGrowth,
  spread,
  telemetry,
  polls,
  asking,
];
