import { describe, expect, it } from 'vitest';
import { createAnswerReader } from '../src/load/answer-reader.ts';
import { createElectorate } from '../src/load/electorate.ts';
import { createZipf } from '../src/load/zipf.ts';

const plain = 'HTTP/1.1 303 See Other\r\nSet-Cookie: voter_id=abc.def; Path=/\r\nContent-Length: 2\r\n\r\nok';
const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n';

describe('the reader of answers', () => {
  it.each([
    ['with a length', plain, { status: 303, voterCookie: 'voter_id=abc.def', last: false }],
    ['in chunks', chunked, { status: 200, voterCookie: undefined, last: false }],
    [
      'that is the last',
      'HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      { status: 503, voterCookie: undefined, last: true },
    ],
  ])('reads an answer %s, wherever it is cut', (_kind, answer, expected) => {
    for (let cut = 1; cut < answer.length; cut++) {
      const read = createAnswerReader();
      expect(read(Buffer.from(answer.slice(0, cut)))).toBeUndefined();
      expect(read(Buffer.from(answer.slice(cut)))).toEqual(expected);
    }
  });

  it('reads one answer after the other', () => {
    const read = createAnswerReader();
    for (let time = 0; time < 3; time++) expect(read(Buffer.from(plain))?.status).toBe(303);
  });
});

describe('polls by Zipf’s law', () => {
  it('are drawn as often as their places say', () => {
    const count = 200;
    const steps = 100_000;
    let step = 0;
    const draw = createZipf(count, () => (step++ + 0.5) / steps);
    const drawn = new Array<number>(count).fill(0);
    for (let i = 0; i < steps; i++) {
      const place = draw();
      drawn[place] = (drawn[place] as number) + 1;
    }
    const first = drawn[0] as number;
    expect(first / steps).toBeCloseTo(0.17, 2);
    for (const place of [1, 9, 99, 199])
      expect((drawn[place] as number) / first).toBeCloseTo(1 / (place + 1), 2);
  });

  it('are one alone when there is one', () => {
    expect(createZipf(1)()).toBe(0);
  });
});

describe('the electorate', () => {
  it('never has one voter vote twice at once, and knows everybody’s last choice', () => {
    const electorate = createElectorate(0.5);
    const voting = new Set<string>();
    const last = new Map<string, string>();
    for (let vote = 0; vote < 2_000; vote++) {
      const cookie = electorate.next()?.cookie ?? `voter_id=${vote}`;
      expect(voting.has(cookie)).toBe(false);
      voting.add(cookie);
      if (voting.size < 10) continue;
      for (const done of voting) {
        const choice = Math.random() < 0.5 ? 'a' : 'b';
        last.set(done, choice);
        electorate.back({ cookie: done, path: '/', choice });
      }
      voting.clear();
    }
    for (const unanswered of voting) last.delete(unanswered);
    const { voters, tally } = electorate.ledger();
    expect(voters).toBe(last.size);
    expect(tally).toEqual(
      Object.fromEntries(
        Map.groupBy(last.values(), String)
          .entries()
          .map(([option, all]) => [option, all.length]),
      ),
    );
    expect(last.size).toBeLessThan(1_800);
  });
});
