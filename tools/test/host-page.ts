import { createServer } from 'node:http';
import { listen } from './listen.ts';

/** A page of hosts for those tests that need none behind its door: it opens to nobody. */
export async function serveHostPage() {
  const { host, close } = await listen(
    createServer(({ url }, response) => {
      if (url === '/') response.writeHead(200).end('Sign in');
      else
        response
          .writeHead(401, { 'content-type': 'application/problem+json' })
          .end(JSON.stringify({ title: 'A key is needed', status: 401 }));
    }),
  );
  return { address: `http://${host}`, close };
}
