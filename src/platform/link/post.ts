import http from 'node:http';
import https from 'node:https';

/**
 * Sends a body and says with which status it was answered. Not by `fetch`, whose machinery a process that calls once
 * would keep in memory. A redirect is not followed; names under `localhost` are this machine, which Node does not know.
 * @throws Error when there is no answer in time
 */
export function post(url: URL, headers: http.OutgoingHttpHeaders, body: string, timeoutMs: number): Promise<number> {
  const { request } = url.protocol === 'https:' ? https : http;
  const here = url.hostname.endsWith('.localhost') ? { hostname: '127.0.0.1' } : {};
  return new Promise((resolve, reject) => {
    const all = { host: url.host, ...headers, 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { ...here, method: 'POST', agent: false, timeout: timeoutMs, headers: all }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.once('timeout', () => sent.destroy(new Error(`${url.host} did not answer a call in time.`)));
    sent.once('error', reject);
    sent.end(body);
  });
}
