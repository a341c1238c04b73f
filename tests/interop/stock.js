// A stock Apache CouchDB 3.5, as far as its answers differ from express-pouchdb's: in front of one
// that keeps the documents stands a server that answers as CouchDB was measured to; in TAP.
// Usage: node stock.js VALISE_SERVER VALISECTL
//
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { crowd, folder, Foreign, leaves, papers, run } from './interop.js';

const valisectl = process.argv[3];
const SIGN_IN_MS = 190; // PBKDF2 of 600,000 rounds
const DOCUMENT_MAX = 8000000; // bytes

class Stock {
  static async start(foreign) {
    const self = new Stock();
    Object.assign(self, { foreign, sessions: new Map(), life: Infinity, limit: DOCUMENT_MAX, asked: [], costly: 0, gzipped: 0 });
    self.server = http.createServer((request, response) => self.serve(request, response).catch(error => {
      response.writeHead(500).end(String(error.stack));
    }));
    self.server.listen(0, '127.0.0.1');
    await once(self.server, 'listening');
    self.url = `http://127.0.0.1:${self.server.address().port}`;
    return self;
  }

  async serve(request, response) {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const gzipped = request.headers['content-encoding'] === 'gzip';
    const body = gzipped ? gunzipSync(Buffer.concat(pieces)) : Buffer.concat(pieces);
    const url = new URL(request.url, this.url);
    this.asked.push(`${request.method} ${url.pathname.split('/')[2] || url.pathname}`);
    this.gzipped += gzipped ? 1 : 0;
    const { status, headers = {}, answer } = await this.answer(request, url, body);
    const bytes = Buffer.isBuffer(answer) ? answer : Buffer.from(answer === undefined ? '' : `${JSON.stringify(answer)}\n`);
    response.writeHead(status, { 'Content-Type': 'application/json', Server: 'CouchDB/3.5.0 (Erlang OTP/25)', 'Content-Length': bytes.length, ...headers });
    response.end(bytes); // never compressed, whatever is accepted
  }

  async answer(request, url, body) {
    if (url.pathname === '/') return { status: 200, answer: { couchdb: 'Welcome', version: '3.5.0', uuid: 'f00d', features: ['scheduler'], vendor: { name: 'The Apache Software Foundation' } } };
    if (url.pathname === '/_session') return this.signIn(JSON.parse(body));
    if (!await this.isLetIn(request)) return { status: 401, answer: { error: 'unauthorized', reason: 'You are not authorized to access this db.' } };
    const [, database, verb, name] = url.pathname.split('/');
    if (verb === '_changes') return this.changes(request, database, url);
    if (verb === '_bulk_get') return this.bulkGet(url, body);
    if (verb === '_bulk_docs') return this.bulkDocs(url, JSON.parse(body));
    const there = await this.ask(request.method, url, body, request.headers);
    if (name !== undefined && !verb.startsWith('_') && there.status === 200 && request.method === 'GET') {
      return this.attachment(request, there);
    }
    if (verb === undefined && there.answer && there.answer.update_seq !== undefined) there.answer.update_seq = this.sequence(there.answer.update_seq);
    return there;
  }

  // Of the server behind.
  async ask(method, url, body, headers = {}) {
    const answer = await fetch(this.foreign.url + url.pathname + url.search, {
      method, body: ['GET', 'HEAD'].includes(method) ? undefined : body,
      headers: { Accept: headers.accept || 'application/json', 'Content-Type': headers['content-type'] || 'application/json' },
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get('content-type') || '';
    return { status: answer.status, headers: { 'Content-Type': type }, answer: type.includes('json') ? JSON.parse(bytes) : bytes };
  }

  // --- who it is -------------------------------------------------------------------------------

  async signIn({ name, password }) {
    this.costly += 1;
    await new Promise(resolve => { setTimeout(resolve, SIGN_IN_MS); });
    if (name !== 'admin' || password !== 'secret') return { status: 401, answer: { error: 'unauthorized', reason: 'Name or password is incorrect.' } };
    const cookie = randomBytes(16).toString('hex');
    this.sessions.set(cookie, this.life);
    return { status: 200, headers: { 'Set-Cookie': `AuthSession=${cookie}; Version=1; Expires=Fri, 27-Nov-2026 18:00:00 GMT; Max-Age=600; Path=/; HttpOnly` }, answer: { ok: true, name: 'admin', roles: ['_admin'] } };
  }

  async isLetIn(request) {
    if (request.headers.authorization) {
      return (await this.signIn({ name: 'admin', password: Buffer.from(request.headers.authorization.slice(6), 'base64').toString().split(':')[1] })).status === 200;
    }
    const [, cookie] = /AuthSession=(\w+)/.exec(request.headers.cookie || '') || [];
    const left = this.sessions.get(cookie) || 0;
    this.sessions.set(cookie, left - 1);
    return left > 0;
  }

  // --- what it says ----------------------------------------------------------------------------

  // Opaque, and not the same text in two calls.
  sequence(number) {
    return `${number}-g1AAAA${randomBytes(60).toString('base64url')}`;
  }

  async changes(request, database, url) {
    const since = url.searchParams.get('since') || '0';
    const every = Number(url.searchParams.get('seq_interval') || 1);
    url.searchParams.set('since', since.split('-')[0]);
    url.searchParams.delete('seq_interval');
    const { status, answer } = await this.ask('GET', url);
    if (status !== 200) return { status, answer };
    const left = await this.ask('GET', new URL(`/${database}/_changes?since=${answer.last_seq}`, this.url));
    const rows = answer.results.map(({ seq, ...row }, i) => ({ seq: (i + 1) % every === 0 ? this.sequence(seq) : null, ...row }));
    return { status: 200, answer: { results: rows, last_seq: this.sequence(answer.last_seq), pending: left.answer.results.length } };
  }

  async bulkGet(url, body) {
    const { docs } = JSON.parse(body);
    const { status, answer } = await this.ask('POST', url, body);
    for (const [i, result] of answer.results.entries()) {
      result.docs = result.docs.map(doc => (doc.ok && result.id !== this.lost ? doc
        : { error: { id: docs[i].id, rev: docs[i].rev, error: 'not_found', reason: 'missing' } }));
    }
    return { status, answer };
  }

  async bulkDocs(url, { docs, new_edits: edits }) {
    const large = docs.find(doc => Buffer.byteLength(JSON.stringify(doc)) > this.limit);
    if (large) return { status: 413, answer: { error: 'document_too_large', reason: large._id } };
    const { status, answer } = await this.ask('POST', url, JSON.stringify({ docs, new_edits: edits }));
    if (!Array.isArray(answer)) return { status, answer };
    const failures = answer.filter(one => one.error).map(one => ({
      id: one.id, rev: (docs.find(doc => doc._id === one.id) || {})._rev, error: one.error === true ? one.name : one.error, reason: one.reason || one.message,
    }));
    return { status: 201, answer: edits === false ? failures : answer };
  }

  // What is stored as it is has ranges, but for the one that asks for everything.
  attachment(request, { headers, answer }) {
    const tag = `"${createHash('md5').update(answer).digest('base64')}"`;
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range || '') || [];
    const known = { ...headers, ETag: tag, 'Accept-Ranges': 'bytes' };
    if (from === undefined || (from === '0' && to === '')) return { status: 200, headers: known, answer };
    const end = to === '' ? answer.length - 1 : Math.min(Number(to), answer.length - 1);
    return { status: 206, headers: { ...known, 'Content-Range': `bytes ${from}-${end}/${answer.length}` }, answer: answer.subarray(Number(from), end + 1) };
  }

  count(what) {
    return this.asked.filter(one => one === what).length;
  }

  begin() {
    Object.assign(this, { asked: [], costly: 0, gzipped: 0, life: Infinity, limit: DOCUMENT_MAX, lost: undefined });
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

function start(args) {
  const child = spawn(valisectl, ['replicate', ...args, '--json'],
    { env: { ...process.env, VALISE_USER: 'admin', VALISE_PASSWORD: 'secret' }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', piece => { said.out += piece; });
  child.stderr.on('data', piece => { said.err += piece; });
  return { child, said };
}

async function replicate(source, target, expected = 0) {
  const { child, said } = start([source, target, '--create']);
  const [status] = await once(child, 'close');
  assert.equal(status, expected, said.err);
  return { ...JSON.parse(said.out), err: said.err };
}

const file = name => join(folder, 'laptop', `${name}.sqlite`);

const tests = {
  async 'everything comes from it and goes to it, compressed upwards alone'(t) {
    await t.full.bulkDocs(papers(60));
    await t.full.bulkDocs(crowd('crowd', 20), { new_edits: false });
    await t.full.put({ _id: 'with-file', _attachments: { 'map.pdf': { content_type: 'application/pdf', data: randomBytes(70000).toString('base64') } } });
    await t.full.remove(await t.full.get('paper:A/X/3'));
    t.stock.begin();
    const there = await replicate(`${t.stock.url}/full`, file('full'));
    assert.equal(there.refused, 0);
    assert.equal(t.stock.costly, 1, 'one sign-in');
    t.stock.begin();
    assert.equal((await replicate(file('full'), `${t.stock.url}/back`)).written, there.written);
    assert.ok(t.stock.gzipped > 0);
    assert.ok(t.stock.costly <= 2, 'one more where it had to be made');
    assert.deepEqual(await leaves(t.foreign.db('back'), { bodies: true }), await leaves(t.full, { bodies: true }));
  },

  async 'a second run lists nothing, and asks little'(t) {
    t.stock.begin();
    assert.equal((await replicate(`${t.stock.url}/full`, file('full'))).listed, 0);
    assert.equal(t.stock.costly, 1);
    assert.ok(t.stock.asked.length <= 6, t.stock.asked.join());
    assert.equal(t.stock.count('POST _bulk_get'), 0);
  },

  async 'a sequence that is worded anew each time is no news'(t) {
    t.stock.begin();
    const { child, said } = start([`${t.stock.url}/full`, file('full'), '--continuous']);
    while (!said.err.includes('caught up')) await once(child.stderr, 'data');
    await new Promise(resolve => { setTimeout(resolve, 1500); });
    const asked = t.stock.asked.length;
    await new Promise(resolve => { setTimeout(resolve, 2000); });
    assert.ok(t.stock.asked.length - asked <= 1, t.stock.asked.join());
    await t.full.put({ _id: 'news' });
    while (said.err.split('caught up').length < 3) await once(child.stderr, 'data');
    child.kill('SIGTERM');
    await once(child, 'close');
    assert.equal(JSON.parse(said.out).written, 1);
  },

  async 'a session that ends part way is renewed, and nothing else is paid for'(t) {
    t.stock.begin();
    t.stock.life = 3;
    await replicate(`${t.stock.url}/full`, file('renewed'));
    const others = t.stock.asked.filter(one => one !== 'POST /_session').length;
    assert.ok(t.stock.costly >= 2 && t.stock.costly <= others / 3 + 2, `${t.stock.costly} for ${others}`);
    t.stock.begin();
    await replicate(file('renewed'), `${t.stock.url}/renewed`);
    assert.deepEqual(await leaves(t.foreign.db('renewed')), await leaves(t.full));
  },

  async 'what its validator refuses is named, and the rest is there'(t) {
    const gated = t.foreign.db('gated');
    await gated.put({ _id: '_design/gate', language: 'javascript', validate_doc_update: "function (doc) { if (doc.bad) { throw ({ forbidden: 'not here' }); } }" });
    const mixed = t.foreign.db('mixed');
    await mixed.bulkDocs([{ _id: 'good' }, { _id: 'bad', bad: true }, { _id: 'good-too' }]);
    await replicate(`${t.stock.url}/mixed`, file('mixed'));
    t.stock.begin();
    const figures = await replicate(file('mixed'), `${t.stock.url}/gated`, 6);
    assert.deepEqual([figures.written, figures.refused], [2, 1]);
    assert.match(figures.err, /refused: bad 1-\w+: .*not here/);
    assert.equal((await gated.get('good-too'))._id, 'good-too');
  },

  async 'a revision that went missing between feed and fetch ends nothing'(t) {
    t.stock.begin();
    t.stock.lost = 'paper:A/X/7';
    const figures = await replicate(`${t.stock.url}/full`, file('lossy'));
    assert.equal(figures.refused, 0);
    assert.ok(figures.written > 60);
  },

  async 'a document over its limit is named, and those beside it are there'(t) {
    const source = t.foreign.db('heavy');
    await source.bulkDocs([{ _id: 'light' }, { _id: 'heavy', text: 'x'.repeat(2000000) }, { _id: 'light-too' }]);
    await replicate(`${t.stock.url}/heavy`, file('heavy'));
    t.stock.begin();
    t.stock.limit = 1000000; // as its operator set it
    const figures = await replicate(file('heavy'), `${t.stock.url}/heavy-there`, 6);
    assert.match(figures.err, /refused: heavy /);
    assert.equal((await t.foreign.db('heavy-there').get('light-too'))._id, 'light-too');
  },
};

const foreign = await Foreign.start();
const stock = await Stock.start(foreign);
await run(tests, { foreign, stock, full: foreign.db('full') }, async () => {
  await stock.stop();
  await foreign.stop();
});
