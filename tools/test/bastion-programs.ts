import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The AWS CLI as far as our programs and a bastion use it: copies objects from the peer of the environment
 * variable PEER, and knows every cluster. In the shell, because a deployment calls it
 * dozens of times.
 */
const aws = `#!/bin/bash
set -euo pipefail
if [ "$1" = eks ]; then
  printf 'https://cluster.example\\tbW9jaw==\\n'
else
  source=\${@: -2:1}
  curl --silent --show-error --fail --output "\${@: -1}" "$PEER/\${source#s3://}" || {
    echo "fatal error for $source" >&2
    exit 1
  }
fi
`;

export async function writeAwsCli(folder: string): Promise<void> {
  await writeFile(join(folder, 'aws'), aws, { mode: 0o755 });
}
