import { execFileSync } from 'node:child_process';

/** How tests run pg_dump and psql 18, as the words before them; undefined when they cannot. */
export function findPostgresClient(): string | undefined {
  if (['pg_dump', 'psql'].every(isNewEnough)) return '';
  const inContainer = 'docker run --rm --interactive --network host postgres:18';
  try {
    execFileSync('docker', ['run', '--rm', 'postgres:18', 'pg_dump', '--version'], {
      stdio: 'ignore',
      timeout: 60_000,
    });
    return inContainer;
  } catch {
    return undefined;
  }
}

function isNewEnough(program: string): boolean {
  try {
    const version = execFileSync(program, ['--version'], { encoding: 'utf8' });
    return Number(/ (\d+)/.exec(version)?.[1]) >= 18;
  } catch {
    return false;
  }
}
