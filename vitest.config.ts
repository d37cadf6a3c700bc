import { defineConfig } from 'vitest/config';

const patience = { testTimeout: 20_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // most of them wait most of the time, for a server, a browser or a fault to pass
    maxWorkers: 4,
    projects: [
      {
        test: {
          name: 'product',
          globalSetup: 'tests/prepare.ts',
          include: [
            '{packages/*,vote,worker,result,seed-data,embedded,tools,drill,benchmarks}/test/*.test.ts',
            'tests/*.test.ts',
            'tests/kubernetes/*.test.ts',
            'tests/terraform/*.test.ts',
            'tests/workflows/*.test.ts',
            'tests/monitoring/*.test.ts',
          ],
          ...patience,
        },
      },
      // builds images and needs a Docker engine, so it has a command of its own
      { test: { name: 'compose', include: ['tests/compose/*.test.ts'], ...patience } },
    ],
  },
});
