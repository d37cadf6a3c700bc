import { createHash } from 'node:crypto';
import { access, constants, mkdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join, relative, resolve } from 'node:path';
import { VotingError } from '@voting/core';

/**
 * Makes `folder` if need be and takes it for this process alone.
 *
 * The mark is a listening socket in the folder: unlike a file with a process id it ends with its
 * process however that ends, and is seen from other containers on the same volume.
 *
 * @returns a function that gives the folder back
 * @throws {VotingError} `data_folder_unusable` or `data_folder_in_use`
 */
export async function takeDataFolder(folder: string): Promise<() => Promise<void>> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new VotingError('data_folder_unusable', { detail: resolve(folder), cause });
  }
  const mark = markOf(folder);
  if (await answers(mark)) throw new VotingError('data_folder_in_use', { detail: resolve(folder) });
  await rm(mark, { force: true });
  const server = await listenOn(mark, folder);
  return () => new Promise((done) => server.close(() => done()));
}

/** Relative when that is shorter: a socket's path must fit about 100 bytes. */
function markOf(folder: string): string {
  if (process.platform === 'win32') {
    return `\\\\.\\pipe\\voting-${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 32)}`;
  }
  const absolute = join(resolve(folder), 'in-use');
  const near = relative(process.cwd(), absolute);
  return near.length < absolute.length ? near : absolute;
}

function answers(mark: string): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(mark);
    socket.once('connect', () => {
      socket.destroy();
      answer(true);
    });
    socket.once('error', () => answer(false));
  });
}

function listenOn(mark: string, folder: string): Promise<Server> {
  return new Promise((listening, failed) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (cause) => {
      const code =
        'code' in cause && cause.code === 'EADDRINUSE' ? 'data_folder_in_use' : 'data_folder_unusable';
      failed(new VotingError(code, { detail: resolve(folder), cause }));
    });
    server.listen(mark, () => {
      server.unref();
      listening(server);
    });
  });
}
