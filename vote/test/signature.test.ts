import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSignature } from '../src/signature.ts';

describe('a signature', () => {
  it.each([1, 16, 63, 64, 65, 200])('with a key of %i bytes is the HMAC-SHA-256 of the text', (length) => {
    const key = 'kéy'.repeat(length).slice(0, length);
    const sign = createSignature(key);
    for (const text of ['', 'voter_id:AAAAAAAAAAAAAAAAAAAAAA', 'x'.repeat(300)]) {
      const expected = createHmac('sha256', key).update(text).digest('base64url');
      expect(sign(text)).toBe(expected.slice(0, 22));
    }
  });
});
