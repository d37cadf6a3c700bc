import { createServer } from 'node:http';
import { createClient } from 'redis';
import { Server } from 'socket.io';

/** The shortest way from Redis to a page: what is published is sent to everybody. */
const http = createServer();
const io = new Server(http, { transports: ['websocket'] });
const redis = createClient({ url: process.env.REDIS_URL ?? '' });
await redis.connect();
await redis.subscribe('echo', (text) => io.emit('echo', text));
http.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('ready\n'));
