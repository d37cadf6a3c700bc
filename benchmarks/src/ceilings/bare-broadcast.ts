import { WebSocketServer } from 'ws';

/** The least that Node.js can do for many viewers: the same bytes to every socket, ten times a second. */
const bytes = Number(process.env.BYTES);
const server = new WebSocketServer({ port: Number(process.env.PORT), host: '127.0.0.1' }, () =>
  process.stdout.write('ready\n'),
);
setInterval(() => {
  const message = `"updatedAt":"${new Date().toISOString()}"`.padEnd(bytes);
  for (const viewer of server.clients) viewer.send(message);
}, 100);
