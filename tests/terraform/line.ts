import { emulator } from './aws-emulator.ts';
import type { ElastiCache } from './elasticache.ts';
import { type Call, startRecorder } from './iam/recorder.ts';
import { startProvider } from './provider.ts';

/** A way to the emulated account, for Terraform commands that configure the provider alike. */
export interface Line {
  /** For Terraform. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** @param calls get what is asked over the line */
export async function openLine(elasticache: ElastiCache, calls: Call[] = []): Promise<Line> {
  const recorder = await startRecorder(emulator as string, calls, { elasticache: elasticache.answer });
  const address = { AWS_ENDPOINT_URL: recorder.address };
  const provider = await startProvider(address);
  return {
    env: { ...address, ...provider.env },
    async close() {
      await provider.stop();
      await recorder.close();
    },
  };
}
