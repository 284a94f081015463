import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import ms from 'ms';

const built = readFileSync(new URL('./built.txt', import.meta.url), 'utf8');
const server = createServer((request, response) => {
  if (request.url === '/healthz') return response.end('ok\n');
  response.end(`node says hello, ${ms(60_000)}, ${built}\n`);
});
server.listen(process.env.PORT ?? 8080, () => console.log('listening'));
process.on('SIGTERM', () => server.close());
