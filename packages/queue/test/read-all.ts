import type { Delivery, VoteConsumer } from '@voting/core';
import { expect } from 'vitest';

const patienceMs = 5_000;

/** Reads, without acknowledging, until so many votes have come: not fewer, and not more. */
export async function readAll(consumer: VoteConsumer, count: number, limit = 100): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  const until = performance.now() + patienceMs;
  while (deliveries.length < count && performance.now() < until)
    deliveries.push(...(await consumer.read(limit, 100)));
  expect(deliveries).toHaveLength(count);
  return deliveries;
}
