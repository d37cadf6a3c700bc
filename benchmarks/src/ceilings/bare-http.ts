import { createServer } from 'node:http';

/** The least that Node.js can do for a vote: read its body and answer. It is what `vote` is held against. */
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => {
    response.writeHead(body.startsWith('vote=') ? 303 : 400, { location: '/', 'content-length': 0 }).end();
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('ready\n'));
