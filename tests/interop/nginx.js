// The shipped configuration of nginx, in front of a foreign server, in TAP.
// Usage: node nginx.js VALISE_SERVER VALISECTL
//
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import https from 'node:https';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { folder, Foreign, leaves, papers, run } from './interop.js';
import { nginx, startNginx } from './proxy.js';

const valisectl = process.argv[3];

if (!nginx) {
  console.log('1..0 # SKIP nginx is not on this machine');
  process.exit(0);
}

// What comes back: { status, headers, bytes }; @onData sees each piece as it comes.
function ask(t, path, { method = 'GET', headers = {}, body, onData } = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request(t.proxy.url + path, { method, agent: t.proxy.agent, headers: { Accept: 'application/json', ...headers } }, response => {
      const pieces = [];
      response.on('data', piece => {
        pieces.push(piece);
        if (onData) onData(piece);
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(pieces) }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function replicate(t, ...args) {
  const child = spawn(valisectl, ['replicate', ...args, '--create', '--json', '--trust', t.proxy.pin], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', piece => { said.out += piece; });
  child.stderr.on('data', piece => { said.err += piece; });
  const [status] = await once(child, 'close');
  assert.equal(status, 0, said.err);
  return JSON.parse(said.out);
}

const tests = {
  async 'JSON is compressed for who takes it'(t) {
    const path = '/full/_all_docs?include_docs=true';
    const plain = await ask(t, path);
    const packed = await ask(t, path, { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.deepEqual(JSON.parse(gunzipSync(packed.bytes)).rows, JSON.parse(plain.bytes).rows);
    assert.ok(packed.bytes.length < 0.4 * plain.bytes.length);
    t.plain = plain.bytes.length;
  },

  async 'a laptop pulls through it for a fraction of the bytes, and pushes'(t) {
    const file = join(folder, 'laptop', 'full.sqlite');
    const pulled = await replicate(t, `${t.proxy.url}/full`, file);
    assert.equal(pulled.written, 300);
    assert.ok(pulled.received < 0.5 * t.plain, `${pulled.received} of ${t.plain}`);
    console.log(`# ${pulled.received} bytes on the socket for ${t.plain} of JSON`);
    await replicate(t, file, `${t.proxy.url}/pushed`);
    assert.deepEqual(await leaves(t.foreign.db('pushed')), await leaves(t.foreign.db('full')));
  },

  async 'a feed that waits is not held back'(t) {
    for (const encoding of ['identity', 'gzip']) {
      let first = 0;
      const start = Date.now();
      const answer = await ask(t, '/probe/feed',
        { headers: { 'Accept-Encoding': encoding }, onData: () => { first = first || Date.now() - start; } });
      assert.equal(answer.headers['content-encoding'], encoding === 'gzip' ? 'gzip' : undefined);
      assert.ok(first < 1000, `the first line break came after ${first} ms`);
      assert.ok(Date.now() - start >= 1900);
    }
  },

  async 'live replication goes through it'(t) {
    const source = t.foreign.db('live');
    await source.put({ _id: 'early' });
    const child = spawn(valisectl, ['replicate', `${t.proxy.url}/live`, join(folder, 'laptop', 'live.sqlite'),
      '--create', '--continuous', '--trust', t.proxy.pin], { stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.on('data', piece => { err += piece; });
    while (!err.includes('caught up')) await once(child.stderr, 'data');
    await source.put({ _id: 'late' });
    while (!/caught up: 2 /.test(err)) await once(child.stderr, 'data');
    child.kill('SIGTERM');
    assert.equal((await once(child, 'close'))[0], 0);
  },

  async 'a range of a file passes, and a file is not compressed'(t) {
    const answer = await ask(t, '/probe/file', { headers: { Range: 'bytes=10-19', 'Accept-Encoding': 'gzip' } });
    assert.equal(answer.status, 206);
    assert.equal(answer.headers['content-range'], 'bytes 10-19/1000');
    assert.equal(answer.headers['content-encoding'], undefined);
    assert.equal(answer.headers.etag, '"abc"');
    assert.equal(answer.bytes.length, 10);
  },

  async 'slashes in an id stay escaped'(t) {
    const answer = await ask(t, '/full/paper%3AA%2FX%2F7');
    assert.equal(JSON.parse(answer.bytes).n, 7);
  },

  async 'a weak tag goes back as the strong one'(t) {
    const first = await ask(t, '/probe/tagged', { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(first.headers.etag, 'W/"state-1"');
    const again = await ask(t, '/probe/tagged', { headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': first.headers.etag } });
    assert.equal(again.status, 304);
  },

  async 'a large upload passes, compressed or not'(t) {
    const body = JSON.stringify({ new_edits: true, docs: [{ _id: 'large', text: 'x'.repeat(6 << 20) }] });
    const answer = await ask(t, '/full/_bulk_docs', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    assert.equal(answer.status, 201);
  },

  async 'what is not for the network is not there'(t) {
    for (const path of ['/_utils/', '/_node/_local/_config', '/_active_tasks']) {
      assert.equal((await ask(t, path)).status, 404);
    }
  },
};

// What express-pouchdb does not do, and CouchDB does.
function addProbes(app) {
  const file = Buffer.alloc(1000, 7);
  app.get('/probe/file', (request, response) => {
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range);
    response.writeHead(206, { 'Content-Type': 'application/pdf', ETag: '"abc"', 'Content-Range': `bytes ${from}-${to}/1000` });
    response.end(file.subarray(Number(from), Number(to) + 1));
  });
  app.get('/probe/tagged', (request, response) => {
    const known = request.headers['if-none-match'] === '"state-1"';
    response.writeHead(known ? 304 : 200, { 'Content-Type': 'application/json', ETag: '"state-1"' });
    response.end(known ? undefined : JSON.stringify({ rows: 'x'.repeat(2000) }));
  });
  app.get('/probe/feed', (request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const beat = setInterval(() => response.write('\n'), 200);
    setTimeout(() => {
      clearInterval(beat);
      response.end('{"results":[],"last_seq":1}\n');
    }, 2000);
  });
}

const foreign = await Foreign.start({}, addProbes);
await foreign.db('full').bulkDocs(papers(300));
const proxy = await startNginx(foreign.url);
await run(tests, { foreign, proxy }, async () => {
  proxy.agent.destroy();
  proxy.child.kill('SIGTERM');
  await once(proxy.child, 'exit');
  await foreign.stop();
});
