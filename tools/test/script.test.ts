import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { programs } from '../src/machine/programs.ts';
import { bootstrap, commandScript } from '../src/machine/script.ts';

it('a command reaches its program word for word', () => {
  const words = [
    '$(id)',
    '`id`',
    "it's",
    '"',
    '\\',
    '$HOME',
    '{{ssm:secret}}',
    'two words',
    'line\nbreak',
    '',
  ];
  const script = commandScript(['printf', '%s\\0', ...words]);
  const said = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
  expect(said.split('\0').slice(0, -1)).toEqual(words);
});

it('shellcheck finds nothing in what is sent to a bastion', () => {
  const script = { name: 'script.sh', key: 'artifacts/sha256/abc', sha256: 'abc' };
  const lines = bootstrap({ bucket: 'artifacts', region: 'us-east-1', programs }, script, []);
  const said = execFileSync('shellcheck', ['-'], { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
  expect(said).toBe('');
});
