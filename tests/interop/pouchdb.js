// PouchDB as a foreign peer of valise-server, over HTTPS, in TAP.
// Usage: node pouchdb.js VALISE_SERVER
//
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from 'node:assert/strict';
import { spawn, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';

// The modules are where npm put them, beside the lock file or in the build folder.
const require = createRequire(join(process.env.VALISE_INTEROP_MODULES || process.cwd(), 'x.js'));
const PouchDB = require('pouchdb');
PouchDB.plugin(require('pouchdb-adapter-memory'));

const program = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'valise-interop-'));
const home = join(folder, 'secretariat');
let agent;
let url;
let made = 0;

// --- the secretariat ------------------------------------------------------------------------

async function serve() {
  execFileSync(program, ['init', home, '--name', 'Interop'], { stdio: 'ignore' });
  const child = spawn(program, ['serve', home, '--listen', '127.0.0.1:0'],
    { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  url = line.replace('listening on ', '');
  agent = new https.Agent({ ca: readFileSync(join(home, 'server', 'certificate.pem')), keepAlive: true });
  return child;
}

function exchange(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = https.request(url + path,
      { method, agent, headers: { 'Content-Type': 'application/json' } },
      response => {
        let text = '';
        response.on('data', piece => { text += piece; });
        response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
      });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function join_(participant, role) {
  const text = execFileSync(program, ['invite', home, '--participant', participant, '--role', role,
    '--name', 'A Person'], { encoding: 'utf8' });
  const device = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x;
  const answer = await exchange('POST', '/_valise/join',
    { token: JSON.parse(text).token, device, name: 'interop' });
  assert.equal(answer.status, 201);
  return { username: answer.body.account, password: answer.body.password };
}

function remote(name, auth) {
  return new PouchDB(`${url}/${name}`,
    { auth, fetch: (where, options) => PouchDB.fetch(where, { ...options, agent }) });
}

function local() {
  made += 1;
  return new PouchDB(`local-${made}`, { adapter: 'memory' });
}

// --- what is compared -----------------------------------------------------------------------

// Every document's winner and all its leaves, deleted or not.
async function leaves(database) {
  const found = {};
  const { results } = await database.changes({ since: 0, style: 'all_docs' });
  for (const row of results) {
    const open = await database.get(row.id, { open_revs: 'all' });
    const revs = open.map(one => one.ok._rev + (one.ok._deleted ? ' deleted' : '')).sort();
    const winner = await database.get(row.id).then(doc => doc._rev, () => 'deleted');
    found[row.id] = { winner, revs };
  }
  return found;
}

async function bodies(database) {
  const { rows } = await database.allDocs({ include_docs: true, attachments: true });
  return rows.map(row => row.doc).map(({ _attachments, ...doc }) => ({
    ...doc,
    files: Object.entries(_attachments || {}).map(([name, { content_type, data }]) => ({ name, content_type, data })),
  }));
}

function papers(count) {
  const text = 'States should not conduct or support activity that damages infrastructure. ';
  return Array.from({ length: count }, (_, i) => ({
    _id: `paper:A/X/${i}`, n: i, title: `Papier № ${i} — 网络安全`, text: text.repeat(1 + i % 30),
  }));
}

// --- the tests ------------------------------------------------------------------------------

const tests = {
  async 'PouchDB pushes to a secretariat and another pulls the same'(t) {
    const one = local();
    const other = local();
    await one.bulkDocs(papers(250));
    await one.putAttachment('paper:A/X/0', 'map.bin', (await one.get('paper:A/X/0'))._rev,
      Buffer.from([0, 1, 2, 255]), 'application/octet-stream');
    const pushed = await one.replicate.to(t.db);
    assert.equal(pushed.doc_write_failures, 0);
    const pulled = await other.replicate.from(t.db);
    assert.equal(pulled.docs_written, 250);
    assert.deepEqual(await bodies(other), await bodies(one));
    assert.deepEqual(await leaves(other), await leaves(t.db));
  },

  async 'nothing is sent twice'(t) {
    const one = local();
    await one.replicate.from(t.db);
    const again = await one.replicate.from(t.db);
    assert.equal(again.docs_read, 0);
    const back = await one.replicate.to(t.db);
    assert.equal(back.docs_written, 0);
  },

  async 'a conflict made on both sides has one winner and the same leaves everywhere'(t) {
    const one = local();
    const other = local();
    await t.db.put({ _id: 'shared', text: 'base' });
    await one.replicate.from(t.db);
    const base = (await one.get('shared'))._rev;
    await one.put({ _id: 'shared', _rev: base, text: 'here' });
    await t.db.put({ _id: 'shared', _rev: base, text: 'there' });
    const again = await one.get('shared');
    await one.put({ ...again, text: 'here, twice' });
    await one.sync(t.db);
    await other.sync(t.db);
    const expected = await leaves(one);
    assert.equal(expected.shared.revs.length, 2);
    assert.deepEqual(await leaves(t.db), expected);
    assert.deepEqual(await leaves(other), expected);
    const seen = await t.db.get('shared', { conflicts: true });
    assert.equal(seen.text, 'here, twice');
    assert.equal(seen._conflicts.length, 1);
  },

  async 'a deletion goes both ways'(t) {
    const one = local();
    await t.db.bulkDocs([{ _id: 'gone-here' }, { _id: 'gone-there' }]);
    await one.replicate.from(t.db);
    await one.remove(await one.get('gone-here'));
    await t.db.remove(await t.db.get('gone-there'));
    await one.sync(t.db);
    for (const database of [one, t.db]) {
      for (const id of ['gone-here', 'gone-there']) {
        await assert.rejects(database.get(id), { status: 404, reason: 'deleted' });
      }
    }
    await t.db.put({ _id: 'gone-here', text: 'again' });
    await one.sync(t.db);
    assert.equal((await one.get('gone-here')).text, 'again');
  },

  async 'a conflict solved by deleting one side is solved everywhere'(t) {
    const one = local();
    await one.sync(t.db);
    const doc = await one.get('shared', { conflicts: true });
    await one.remove('shared', doc._conflicts[0]);
    await one.sync(t.db);
    const solved = await t.db.get('shared', { conflicts: true });
    assert.equal(solved._conflicts, undefined);
    assert.deepEqual(await leaves(t.db), await leaves(one));
  },

  async 'a live replication brings what is written later'(t) {
    const one = local();
    const live = one.replicate.from(t.db, { live: true, retry: false, heartbeat: 1000 });
    await once(live, 'paused');
    await t.db.put({ _id: 'live-1', text: 'news' });
    while (!await one.get('live-1').catch(() => null)) await once(live, 'change');
    live.cancel();
    await live;
  },

  async 'a live feed of changes tells of each write'(t) {
    const feed = t.db.changes({ live: true, since: 'now', include_docs: true });
    const change = once(feed, 'change');
    await new Promise(resolve => { setTimeout(resolve, 300); });
    await t.db.put({ _id: 'told', text: 'news' });
    const [row] = await change;
    assert.equal(row.doc.text, 'news');
    feed.cancel();
  },

  async 'a delegate pulls the programme and cannot push to it'(t) {
    const one = local();
    const delegate = remote('public', t.delegate);
    const pulled = await one.replicate.from(delegate);
    assert.ok(pulled.docs_written > 1);
    assert.equal((await one.get('programme')).type, 'programme');
    await one.put({ _id: 'paper:FORGED', type: 'paper' });
    await assert.rejects(one.replicate.to(delegate), error => error.status === 403 || error.result !== undefined);
    await assert.rejects(delegate.get('paper:FORGED'), { status: 404 });
    await assert.rejects(remote('inbox', t.delegate).info().then(info => {
      if (info.error !== undefined) throw info;
    }));
  },

  async 'what the gate refuses is named and the rest goes on'(t) {
    const one = local();
    const desk = remote('desk-xke', t.delegate);
    await one.bulkDocs([{ _id: 'xke:nonsense:1', type: 'nonsense' }, { _id: 'fra:nonsense:1' }]);
    const pushed = await one.replicate.to(desk);
    assert.equal(pushed.doc_write_failures, 2);
    assert.equal((await desk.info()).doc_count, 0);
  },
};

const child = await serve();
let failed = 0;
try {
  const admin = await join_('secretariat', 'secretariat');
  const context = { db: remote('interop', admin), delegate: await join_('xke', 'delegate') };
  await context.db.info();
  console.log(`TAP version 13\n1..${Object.keys(tests).length}`);
  let number = 0;
  for (const [name, run] of Object.entries(tests)) {
    number += 1;
    try {
      await run(context);
      console.log(`ok ${number} - ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`not ok ${number} - ${name}`);
      console.log(String(error.stack || JSON.stringify(error)).replace(/^/gm, '# '));
    }
  }
} finally {
  child.kill('SIGTERM');
  const [status] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
  if (status !== 0) {
    console.log(`Bail out! valise-server ended with ${status}`);
    failed += 1;
  }
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
