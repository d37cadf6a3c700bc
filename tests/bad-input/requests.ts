import type { Random } from './random.ts';

/** Bytes for one connection, one character a byte, and what may come back. */
export interface BadRequest {
  readonly kind: string;
  readonly bytes: string;
  readonly leaves: 'patiently' | 'at once';
  /** What nobody may make of these bytes: two requests, or one that is done. */
  readonly ambiguous: boolean;
}

type Kind = (random: Random) => string;

const form = 'Content-Type: application/x-www-form-urlencoded\r\n';
const vote = `POST / HTTP/1.1\r\nHost: x\r\n${form}`;
const body = 'vote=a';
const whole = `${vote}Content-Length: ${body.length}\r\n\r\n${body}`;
/** What an attacker would like to be taken for a request of its own. */
const hidden = `POST /hidden HTTP/1.1\r\nHost: x\r\n${form}Content-Length: 6\r\n\r\nvote=b`;
const length = `Content-Length: ${body.length}\r\n`;
const chunked = 'Transfer-Encoding: chunked\r\n';

function withHeader(line: string): string {
  return `${vote}${line}\r\n${length}\r\n${body}`;
}

/** Requests whose end a proxy in front of us might see elsewhere: they must be refused, and end the connection. */
const ambiguous: Readonly<Record<string, Kind>> = {
  'length and chunks': (random) => {
    const both = random.oneIn(2) ? length + chunked : chunked + length;
    return `${vote}${both}\r\n0\r\n\r\n${hidden}`;
  },
  'two lengths': (random) => {
    const [first, second] = random.oneIn(2) ? [6, hidden.length] : [hidden.length, 6];
    return `${vote}Content-Length: ${first}\r\nContent-Length: ${second}\r\n\r\n${body}${hidden}`;
  },
  'a length that is none': (random) => {
    const value = random.pick([
      '-1',
      '+6',
      '0x6',
      '6 6',
      '6,6',
      '6, 7',
      '1e1',
      '',
      '\xd9\xa6',
      '6;',
      '9'.repeat(30),
    ]);
    return `${vote}Content-Length: ${value}\r\n\r\n${body}${hidden}`;
  },
  'a disguised encoding': (random) => {
    const line = random.pick([
      'Transfer-Encoding : chunked',
      'Transfer-Encoding: xchunked',
      'Transfer-Encoding: chunked, identity',
      'Transfer-Encoding: "chunked"',
      'Transfer-Encoding: \x0bchunked',
      'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
      'X: y\r\n Transfer-Encoding: chunked',
      'Transfer-Encoding:\r\n chunked',
      'Transfer_Encoding: chunked\r\nTransfer-Encoding: cow',
      'X: y\nTransfer-Encoding: chunked',
    ]);
    return `${vote}${line}\r\n${length}\r\n0\r\n\r\n${hidden}`;
  },
  'two hosts': (random) => {
    const hosts = random.pick([
      'Host: x\r\nHost: y\r\n',
      'Host: x, y\r\n',
      'Host: x\r\nhost: x\r\n',
      'Host: x y\r\n',
      '',
    ]);
    return `POST / HTTP/1.1\r\n${hosts}${form}${length}\r\n${body}`;
  },
  'a host that cannot be': (random) => {
    const host = random.pick([
      random.word(254, 9_000),
      '"><script>',
      'x@y',
      'x/y',
      '[',
      'x:y',
      'x:',
      '\xff',
      `${random.word(1, 9)}%00`,
    ]);
    return `POST /?present HTTP/1.1\r\nHost: ${host}\r\n${form}${length}\r\n${body}`;
  },
  'broken chunks': (random) => {
    const chunk = random.pick([
      'zz\r\nvote=a\r\n',
      '-6\r\nvote=a\r\n',
      '0x6\r\nvote=a\r\n',
      '6 \x00\r\nvote=a\r\n',
      `${'f'.repeat(17)}\r\nvote=a\r\n`,
      '5\r\nvote=a\r\n',
      '6\nvote=a\n',
      '6;\nx\r\nvote=a\r\n',
      `6;${'x'.repeat(20_000)}\r\nvote=a\r\n`,
      '\r\n6\r\nvote=a\r\n',
    ]);
    return `${vote}${chunked}\r\n${chunk}0\r\n\r\n${hidden}`;
  },
};

/** Everything else: refused, ignored or, where it happens to be a vote, answered as one. */
const malformed: Readonly<Record<string, Kind>> = {
  noise: (random) => random.bytes(1, 400) + (random.oneIn(2) ? '\r\n\r\n' : ''),
  'an absurd method': (random) => {
    const method = random.pick([
      'get',
      'Post',
      '',
      '\x00',
      'TRACE',
      'CONNECT',
      'PRI',
      'PROPFIND',
      'M-SEARCH',
      '\xf0\x9f\x90\xb1',
    ]);
    return `${random.oneIn(2) ? method : random.word(1, 300)} / HTTP/1.1\r\nHost: x\r\n\r\n`;
  },
  'an absurd target': (random) => {
    const target = random.pick([
      '*', '', '//', '///x', '/%', '/%zz', '/%00', '/%c0%af', '/%2e%2e/%2e%2e/etc/passwd', '/../..', '/\\..\\',
      'http://other.example/', 'http://[', 'x:1', '/?', '/?%', '/#', '/a b', '/\xff\xfe', '/\x00', '/%0d%0aSet-Cookie:x=y',
      '/assets/', '/assets/%2e%2e/%2e%2e/package.json', '/assets/x/base.css/', '/socket.io', '/socket.io/?EIO=4&transport=polling&sid=%00',
    ]); // biome-ignore format: one line each would hide that it is one list
    const long = () => `/${random.word(2_000, 12_000)}`;
    return `${random.pick(['GET', 'POST', 'HEAD', 'PUT'])} ${random.oneIn(8) ? long() : target} HTTP/1.1\r\nHost: x\r\n\r\n`;
  },
  'a vote with a query': (random) => {
    const query = random.oneIn(2) ? random.bytes(1, 80).replace(/[\r\n ]/g, '') : random.word(1, 5_000);
    return `POST /?${query} HTTP/1.1\r\nHost: x\r\n${form}${length}\r\n${body}`;
  },
  'an absurd version': (random) => {
    const version = random.pick([
      'HTTP/0.9',
      'HTTP/2.0',
      'HTTP/9.9',
      'HTTP/1.',
      'http/1.1',
      'HTTP/1.1 ',
      'HTP/1.1',
      '',
      'ICE/1.0',
      'RTSP/1.0',
    ]);
    return `GET / ${version}\r\nHost: x\r\n\r\n`;
  },
  'a malformed header': (random) =>
    withHeader(
      random.pick([
        ': empty', ' leading: space', 'no colon', 'na me: x', 'name : x', 'x: \x00', 'x: \x07\x1b[2J', 'x: \xff\xfe\xc3\x28',
        'x: y\r\n folded', 'x: y\r\n\tfolded: z', 'Host: y', 'Host: ', 'x: y\rz: 1', 'x: y\nz: 1', `${random.bytes(1, 60)}: x`, `x: ${random.bytes(1, 200)}`,
      ]),
    ), // biome-ignore format: one list
  'giant headers': (random) => withHeader(`${random.word(1, 20)}: ${random.word(10_000, 40_000)}`),
  'very many headers': (random) =>
    withHeader(Array.from({ length: random.between(500, 3_000) }, (_, n) => `h${n}: x`).join('\r\n')),
  'headers we read': (random) => {
    const name = random.pick([
      'Host', 'Origin', 'Sec-Fetch-Site', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'Accept', 'Content-Type',
      'Content-Encoding', 'Expect', 'Upgrade', 'Connection', 'Range', 'If-None-Match', 'Accept-Encoding', 'Referer', 'Authorization',
    ]); // biome-ignore format: one list
    const value = random.pick([
      '', '*', '[', 'http://[', 'http://x:99999', 'null', '::', 'a,b,,', ';;;=', '"', '%00', '../', '\xff', '9'.repeat(400),
      'websocket', '100-continue', 'close, upgrade', 'bytes=0-18446744073709551616', 'application/json;charset=utf-16', 'multipart/form-data',
    ]); // biome-ignore format: one list
    return withHeader(`${name}: ${random.oneIn(4) ? random.bytes(0, 100).replace(/[\r\n\0]/g, '') : value}`);
  },
  'strange cookies': (random) => {
    const value = random.pick([
      `voter_id=${random.word(22, 22)}.${random.word(22, 22)}`,
      `voter_id=${random.word(1, 4_000)}`,
      'voter_id=; voter_id; =; ;;;',
      Array.from({ length: 300 }, () => `voter_id=${random.word(22, 22)}.${random.word(22, 22)}`)
        .join('; ')
        .slice(0, 12_000),
      `voter_choice=main.${random.word(1, 10)}`,
      `voter_choice=${random.word(1, 3_000)}.a`,
      `voter_id="${random.bytes(1, 100).replace(/[\r\n\0]/g, '')}"`,
      '__proto__=x; constructor=y',
    ]);
    return withHeader(`Cookie: ${value}`);
  },
  'a body that is no vote': (random) => {
    const content = random.pick([
      '%', '%%%=&&&', 'vote', 'vote=', 'vote=%00', 'vote=%ff%fe', 'vote=\xff\xfe', 'vote=a&vote=b', 'vote[]=a', 'vote=a%00b', '\x00', '\xef\xbb\xbfvote=a',
      '{"vote":', '{"vote":{"vote":"a"}}', '["a"]', 'null', '""', '{"__proto__":{"vote":"a"}}', '{"vote":"\\ud800"}', '['.repeat(1_000), `{"vote":${'9'.repeat(500)}}`,
    ]); // biome-ignore format: one list
    const type = random.pick([
      'application/x-www-form-urlencoded', 'application/json', 'text/plain', 'multipart/form-data; boundary=x', '', ';', 'application/json; charset=\xff',
      'APPLICATION/JSON', 'application/x-www-form-urlencoded; charset=utf-16', 'application/octet-stream',
    ]); // biome-ignore format: one list
    const chosen = random.oneIn(4) ? random.bytes(0, 1_500) : content;
    return `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${chosen.length}\r\n\r\n${chosen}`;
  },
  'a body of another length': (random) =>
    `${vote}Content-Length: ${random.pick([0, 1, 5, 7, 100, 1_024, 1_025, 4_294_967_296, 10_000_000])}\r\n\r\n${body}`,
  'a body that does not end': (random) => {
    const chunk = `${(400).toString(16)}\r\n${random.word(400, 400)}\r\n`;
    return `${vote}${chunked}\r\n${chunk.repeat(random.between(1, 20))}`;
  },
  'trailers and extensions': (random) =>
    `${vote}${chunked}\r\n6;${random.word(1, 60)}="${random.word(1, 60)}"\r\n${body}\r\n0\r\n${random.pick(['X: y', 'Content-Length: 1', 'Host: y', 'Transfer-Encoding: chunked', ': x', 'Cookie: voter_id=x'])}\r\n\r\n`,
  'one request after the other': (random) =>
    Array.from({ length: random.between(2, 30) }, () =>
      random.pick([
        whole,
        'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
        'HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n',
        `${vote}${length}\r\nvote=z`,
      ]),
    ).join('') + (random.oneIn(2) ? random.bytes(1, 50) : ''),
  'a vote with wrong bytes': (random) => {
    const bytes = [...withHeader(`Cookie: voter_id=${random.word(22, 22)}`)];
    for (let n = random.between(1, 8); n > 0; n--)
      bytes[random.between(0, bytes.length - 1)] = random.bytes(1, 1);
    return bytes.join('');
  },
  'a vote cut short': (random) => whole.slice(0, random.between(0, whole.length - 1)),
};

const kinds: readonly [string, Kind, boolean][] = [
  ...Object.entries(ambiguous).map(([name, kind]): [string, Kind, boolean] => [name, kind, true]),
  ...Object.entries(malformed).map(([name, kind]): [string, Kind, boolean] => [name, kind, false]),
];

/** The `n`-th bad request: the kinds take turns. */
export function badRequest(random: Random, n: number): BadRequest {
  const [kind, make, isAmbiguous] = kinds[n % kinds.length] as (typeof kinds)[number];
  const bytes = make(random);
  // ambiguous ones wait for their refusal
  const leaves = !isAmbiguous && random.oneIn(5) ? 'at once' : 'patiently';
  return { kind, bytes, leaves, ambiguous: isAmbiguous };
}
