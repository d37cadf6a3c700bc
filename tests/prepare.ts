import type { TestProject } from 'vitest/node';
import { findChromium } from './chromium.ts';
import { fetchClientTools } from './kubernetes/client-tools.ts';
import { installPrometheus } from './monitoring/installed.ts';
import { findRedis } from './servers/find-redis.ts';
import { ownRedis } from './servers/redis.ts';
import { prepareTerraform } from './terraform/terraform.ts';
import { findShellcheck } from './workflows/find-shellcheck.ts';

/**
 * Runs before all tests: whatever they need of the system is found or installed now, once. Two tests
 * that install at the same time would get into each other's way.
 */
export default async function prepare(project: TestProject): Promise<void> {
  findChromium();
  fetchClientTools();
  findShellcheck();
  installPrometheus();
  if (ownRedis) await findRedis();
  project.provide('whyNoTerraform', await prepareTerraform());
}
