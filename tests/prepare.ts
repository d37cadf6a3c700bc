import type { TestProject } from 'vitest/node';
import { fetchClientTools } from './kubernetes/client-tools.ts';
import { findPrograms } from './programs.ts';
import { prepareTerraform } from './terraform/terraform.ts';

/**
 * Runs before all tests: whatever they need of the system is found or installed now, once. Two tests
 * that install at the same time would get into each other's way.
 */
export default async function prepare(project: TestProject): Promise<void> {
  await findPrograms();
  fetchClientTools();
  project.provide('whyNoTerraform', await prepareTerraform());
}
