import { createServer } from 'node:http';

/** A tiny stand-in for a school's process: says what it was asked, streams, hangs, fails or dies on request. */
const server = createServer((req, res) => {
  if (req.url === '/readyz') return void res.writeHead(process.env.FAKE_NEVER_READY ? 503 : 200).end();
  if (req.url === '/die') process.exit(3);
  if (req.url === '/events') {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write('data: first\n\n');
    setTimeout(() => res.end('data: second\n\n'), 400);
    return;
  }
  res.setHeader('content-type', 'application/json');
  res.end(JSON.stringify({ name: process.env.FAKE_NAME, pid: process.pid, url: req.url, headers: req.headers }));
});

if (process.env.FAKE_FAILS) {
  process.stderr.write('The settings are not complete\n');
  process.exit(1);
}
setTimeout(() => server.listen(Number(process.env.AIMS_PORT), '127.0.0.1', sayWhere), Number(process.env.FAKE_DELAY ?? 0));

function sayWhere(): void {
  const address = server.address();
  if (typeof address === 'object' && address) process.send?.({ type: 'listening', port: address.port });
}

process.on('SIGTERM', () => process.exit(0));
