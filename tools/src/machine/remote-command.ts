import {
  CancelCommandCommand,
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  InvocationDoesNotExist,
  SendCommandCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { Refused } from '../program.ts';
import type { Outcome } from './machine.ts';

export interface RemoteCommandConfig {
  readonly instance: string;
  readonly lines: readonly string[];
  /** Milliseconds that the command may run. */
  readonly limitMs: number;
}

export interface RemoteCommandDeps {
  readonly ssm: SSMClient;
  /** The longest pause between two looks; the first pauses are shorter. */
  readonly pollMs: number;
  /** Beyond the command's own limit, for the agent to begin and for its answer to come. */
  readonly graceMs: number;
}

/** When SSM gives up an agent that does not begin. */
const deliverySeconds = 120;
/** Characters of the output that SSM keeps. */
const kept = { stdout: 24_000, stderr: 8_000 };
const underway = new Set(['Pending', 'InProgress', 'Delayed', 'Cancelling']);

/**
 * Runs shell lines on one instance and waits for their end, however long that takes within the limit.
 * Ending this process does not end the command: a half-done upgrade would be worse.
 *
 * @throws {Refused} when the command was not delivered, was cancelled, ran into its limit, or said
 *   nothing until then; never when it ran and failed, which is an outcome
 */
export async function runRemotely(
  { instance, lines, limitMs }: RemoteCommandConfig,
  { ssm, pollMs, graceMs }: RemoteCommandDeps,
): Promise<Outcome> {
  const { Command } = await ssm
    .send(
      new SendCommandCommand({
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: [instance],
        TimeoutSeconds: deliverySeconds,
        Parameters: { commands: [...lines], executionTimeout: [String(Math.ceil(limitMs / 1000))] },
      }),
    )
    .catch((error: Error) => {
      throw new Refused(`The command cannot be sent to ${instance}: ${error.message}`);
    });
  const commandId = Command?.CommandId ?? '';
  const name = `The command ${commandId} on ${instance}`;
  const until = Date.now() + limitMs + graceMs;
  for (let pause = pollMs / 32; Date.now() < until; pause = Math.min(pollMs, pause * 1.5)) {
    const invocation = await readInvocation(ssm, commandId, instance);
    const status = invocation?.Status ?? 'Pending';
    if (invocation !== undefined && !underway.has(status)) return outcomeOf(name, invocation);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  await ssm.send(new CancelCommandCommand({ CommandId: commandId })).catch(() => {});
  throw new Refused(`${name} gave no result in time and was cancelled.`);
}

/** @returns undefined when SSM does not know the command yet, which is so for its first moments */
async function readInvocation(ssm: SSMClient, commandId: string, instance: string) {
  try {
    return await ssm.send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instance }));
  } catch (error) {
    if (error instanceof InvocationDoesNotExist) return undefined;
    throw error;
  }
}

function outcomeOf(name: string, invocation: GetCommandInvocationCommandOutput): Outcome {
  const { Status, StatusDetails, ResponseCode: code = -1 } = invocation;
  const stdout = marked(invocation.StandardOutputContent, kept.stdout);
  const stderr = marked(invocation.StandardErrorContent, kept.stderr);
  const ran = Status === 'Success' ? code === 0 : Status === 'Failed' && code > 0;
  if (ran) return { code, stdout, stderr };
  const end = `${name} ended as ${StatusDetails || Status} (exit status ${code}).`;
  throw new Refused([end, stdout, stderr].filter(Boolean).join('\n'));
}

function marked(text = '', most: number): string {
  return text.length < most ? text : `${text}\n(cut here: SSM keeps no more than ${most} characters)\n`;
}
