import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import express from 'express';
import { buildAssets, loadAssets, type AssetWeight } from '../../src/platform/http/assets/assets.js';

const out = mkdtempSync(join(tmpdir(), 'assets-'));
const root = process.cwd();
let weights: AssetWeight[] = [];
let server: Server;

before(async () => {
  weights = await buildAssets(root, out);
  const app = express();
  app.use(loadAssets(out).middleware);
  app.use((_req, res) => void res.status(404).end('next'));
  server = await new Promise((started) => {
    const listening = app.listen(0, '127.0.0.1', () => started(listening));
  });
});
after(() => {
  server.close();
  rmSync(out, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

function ask(path: string, accept = '', method = 'GET'): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, method, headers: { 'accept-encoding': accept } }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });
}

const weight = (name: string): AssetWeight => weights.find((each) => each.name === name)!;
const source = (name: string): string => readFileSync(join(out, loadAssets(out).url(name).replace('/assets/', '')), 'utf8');

describe('assets', () => {
  it('leave 20 KB of a first load of 60 KB for the page itself, also with gzip alone', () => {
    const first = weight('app.css').gzip + weight('app.js').gzip;
    assert.ok(first <= 40_000, `style and script weigh ${first} bytes`);
    assert.ok(weight('app.css').gzip <= 15_000);
  });

  it('carry one script in the order that starts up reliably', () => {
    const script = source('app.js');
    const places = ['createElement', 'registerExtension("alpine-compat"', 'aria-activedescendant'].map((part) =>
      script.indexOf(part),
    );
    assert.ok(
      places.every((place) => place > 0),
      String(places),
    );
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.doesNotMatch(script, /sourceMappingURL/);
    assert.ok(source('alpine.js').includes('window.Alpine'));
  });

  it('need neither eval nor inline style in what we write ourselves', () => {
    const ours = readdirSync(join(root, 'public/js/behaviours')).map((name) =>
      readFileSync(join(root, 'public/js/behaviours', name), 'utf8'),
    );
    assert.doesNotMatch(ours.join(), /\beval\(|new Function|innerHTML|\.style\b/);
  });

  it('are served compressed as the browser can take it, and for ever', async () => {
    const url = loadAssets(out).url('app.css');
    const plain = await ask(url);
    const [br, gz] = [await ask(url, 'gzip, deflate, br'), await ask(url, 'gzip;q=1.0, br;q=0')];
    assert.equal(br.headers['content-encoding'], 'br');
    assert.equal(gz.headers['content-encoding'], 'gzip');
    assert.ok(brotliDecompressSync(br.body).equals(plain.body) && gunzipSync(gz.body).equals(plain.body));
    assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(plain.headers['vary'], 'Accept-Encoding');
    assert.match(String(plain.headers['content-type']), /^text\/css/);
  });

  it('answer HEAD without a body, and nothing but the files that were built', async () => {
    const url = loadAssets(out).url('app.js');
    const head = await ask(url, 'br', 'HEAD');
    assert.deepEqual([head.status, head.body.length], [200, 0]);
    for (const path of [
      '/assets/manifest.json',
      '/assets/../package.json',
      '/assets/%2e%2e/package.json',
      '/assets/app.css',
      '/assets/',
    ]) {
      assert.equal((await ask(path)).status, 404, path);
    }
    assert.equal((await ask(url, '', 'POST')).status, 404);
  });

  it('give the icon that browsers ask for by its plain name', async () => {
    const icon = await ask('/favicon.ico');
    assert.deepEqual(
      [icon.status, icon.headers['content-type'], icon.headers['cache-control']],
      [200, 'image/x-icon', 'public, max-age=86400'],
    );
  });

  it('refuse a name that was never built', () => {
    assert.throws(() => loadAssets(out).url('nothing.css'), /nothing\.css/);
    assert.throws(() => loadAssets(out).url('constructor'), /constructor/);
    assert.equal(loadAssets(out).has('core.css'), true);
  });

  it('change their name with their content', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'assets-'));
    try {
      for (const folder of ['public/css', 'public/js/alpine', 'public/icons'])
        mkdirSync(join(elsewhere, folder), { recursive: true });
      writeFileSync(join(elsewhere, 'public/css/app.css'), 'a{color:red}');
      for (const name of ['app.js', 'alpine/components.js']) writeFileSync(join(elsewhere, 'public/js', name), '');
      writeFileSync(join(elsewhere, 'public/js/marks.js'), 'console.log(1)');
      writeFileSync(join(elsewhere, 'public/icons/tick.svg'), '<svg viewBox="0 0 2 2"><path d="M0 0"/></svg>');
      symlinkSync(join(root, 'node_modules'), join(elsewhere, 'node_modules'));
      await buildAssets(elsewhere, join(elsewhere, 'out'));
      const first = loadAssets(join(elsewhere, 'out')).url('app.css');
      assert.match(loadAssets(join(elsewhere, 'out')).url('js/marks.js'), /^\/assets\/js\/marks\.[0-9a-f]{10}\.js$/);
      writeFileSync(join(elsewhere, 'public/css/app.css'), 'a{color:blue}');
      await buildAssets(elsewhere, join(elsewhere, 'out'));
      assert.notEqual(loadAssets(join(elsewhere, 'out')).url('app.css'), first);
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });
});

describe('icons', () => {
  it('are one symbol for each file, drawn on their grid', () => {
    const sprite = source('icons.svg');
    const names = readdirSync(join(root, 'public/icons')).filter((name) => name.endsWith('.svg'));
    assert.equal(sprite.match(/<symbol /g)?.length, names.length);
    assert.match(sprite, /<symbol id="i-home" viewBox="0 0 20 20">/);
    assert.match(sprite, /<symbol id="b-crest" viewBox="[^"]+">/);
  });
});
