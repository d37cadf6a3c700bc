import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// the tests start some hundred processes of ours, and compiling takes more than a quarter of what a start costs
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled');

// for a machine that is busy with all of them: how long things may take is measured in benchmarks
const patience = { testTimeout: 40_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    // most of them wait most of the time, for a server, a browser or a fault to pass
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'product',
          globalSetup: 'tests/prepare.ts',
          include: [
            '{packages/*,vote,worker,result,host,seed-data,embedded,tools,drill,benchmarks}/test/*.test.ts',
            'tests/*.test.ts',
            'tests/kubernetes/*.test.ts',
            'tests/workflows/*.test.ts',
            'tests/monitoring/*.test.ts',
          ],
          ...patience,
        },
      },
      // Terraform takes every processor for minutes, which tests with deadlines would feel: after all others
      {
        test: {
          name: 'terraform',
          globalSetup: 'tests/prepare.ts',
          include: ['tests/terraform/*.test.ts'],
          sequence: { groupOrder: 1 },
          ...patience,
        },
      },
      // builds images and needs a Docker engine, so it has a command of its own
      { test: { name: 'compose', include: ['tests/compose/*.test.ts'], ...patience } },
      // the two commands of the README on bare machines, which takes two hours and needs a Docker engine too
      { test: { name: 'machines', include: ['tests/machines/*.test.ts'], ...patience } },
    ],
  },
});
