// valisectl replicate between files, valise-server and a foreign server, in TAP.
// Usage: node replicate.js VALISE_SERVER VALISECTL
//
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CROWD, crowd, folder, Foreign, leaves, papers, run, Secretariat } from './interop.js';

const valisectl = process.argv[3];
let made = 0;

function newFile() {
  made += 1;
  return join(folder, `laptop-${made}`, 'copy.sqlite');
}

function start(args, environment = {}) {
  const child = spawn(valisectl, ['replicate', ...args],
    { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', piece => { said.out += piece; });
  child.stderr.on('data', piece => { said.err += piece; });
  return { child, said };
}

// What it came to: { status, out, err }.
async function replicate(args, environment) {
  const { child, said } = start(args, environment);
  const [status] = await once(child, 'close');
  return { status, ...said };
}

// Its figures, where it must do well.
async function copied(source, target, environment, ...options) {
  const done = await replicate([source, target, '--create', '--json', ...options], environment);
  assert.equal(done.status, 0, done.err);
  return JSON.parse(done.out);
}

// A database of everything that is hard: conflicts, deletions, files, a crowd.
async function fill(database) {
  const bytes = Buffer.from(Array.from({ length: 70000 }, (_, i) => (i * 7) % 256));
  await database.bulkDocs(papers(60));
  await database.bulkDocs(crowd('crowd'), { new_edits: false });
  await database.put({
    _id: 'with-files',
    _attachments: {
      'map.bin': { content_type: 'application/octet-stream', data: bytes.toString('base64') },
      'note.txt': { content_type: 'text/plain', data: Buffer.from('à lire').toString('base64') },
      'empty': { content_type: 'application/pdf', data: '' },
      'dossier/Анкета №1.txt': { content_type: 'text/plain', data: 'MQ==' },
    },
  });
  const first = await database.get('with-files');
  await database.put({ ...first, edited: true });
  const pictured = (hash, data) => ({
    _id: 'conflict-of-files', _rev: `2-${hash.repeat(32)}`, hash,
    _revisions: { start: 2, ids: [hash.repeat(32), '9'.repeat(32)] },
    _attachments: { 'picture.png': { content_type: 'image/png', revpos: 2, data } },
  });
  await database.bulkDocs([pictured('a', 'AAAA'), pictured('b', 'BBBB')], { new_edits: false });
  await database.remove(await database.get('paper:A/X/3'));
  await database.bulkDocs([
    { _id: 'gone', _rev: `2-${'c'.repeat(32)}`, _deleted: true, why: 'kept', _revisions: { start: 2, ids: ['c'.repeat(32), 'd'.repeat(32)] } },
    { _id: 'gone', _rev: `2-${'e'.repeat(32)}`, _revisions: { start: 2, ids: ['e'.repeat(32), 'd'.repeat(32)] } },
  ], { new_edits: false });
}

async function same(one, other) {
  assert.deepEqual(await leaves(other, { bodies: true }), await leaves(one, { bodies: true }));
}

const tests = {
  async 'into a file and out again, nothing is lost'(t) {
    const file = newFile();
    const there = await copied(`${t.foreign.url}/full`, file);
    assert.equal(there.refused, 0);
    assert.ok(there.written > 60 + CROWD);
    const back = await copied(file, `${t.foreign.url}/from-file`);
    assert.equal(back.written, there.written);
    await same(t.full, t.foreign.db('from-file'));
  },

  async 'by way of valise-server, nothing is lost'(t) {
    const pin = ['--trust', t.secretariat.fingerprint()];
    const middle = `${t.secretariat.url}/full`;
    await copied(`${t.foreign.url}/full`, middle, t.atTarget, ...pin);
    await same(t.full, t.secretariat.remote('full', t.adminLogin));
    await copied(middle, `${t.foreign.url}/from-server`, t.atSource, ...pin);
    await same(t.full, t.foreign.db('from-server'));
  },

  async 'a document of a thousand leaves keeps them all'(t) {
    const { secretariat, adminLogin } = t;
    const pin = ['--trust', secretariat.fingerprint()];
    const file = newFile();
    const ask = (method, path, body) => secretariat.exchange(method, path, body, adminLogin);
    await ask('PUT', '/crowded');
    await ask('POST', '/crowded/_bulk_docs', { new_edits: false, docs: crowd('crowd', 1000) });
    assert.equal((await copied(`${secretariat.url}/crowded`, file, t.atSource, ...pin)).written, 1000);
    await copied(file, `${secretariat.url}/crowded-copy`, t.atTarget, ...pin);
    const [one, other] = await Promise.all(['crowded', 'crowded-copy'].map(
      name => ask('GET', `/${name}/crowd?open_revs=all&revs=true`)));
    assert.equal(one.body.length, 1000);
    assert.deepEqual(other.body, one.body);
  },

  async 'a thousand leaves come from a foreign server, and go to one'(t) {
    const file = newFile();
    const source = t.foreign.db('crowd-there');
    const target = t.foreign.db('crowd-back');
    await source.bulkDocs(crowd('crowd', 1000), { new_edits: false });
    assert.equal((await copied(`${t.foreign.url}/crowd-there`, file)).written, 1000);
    assert.equal((await copied(file, `${t.foreign.url}/crowd-back`)).written, 1000);
    const [there, back] = await Promise.all([source, target].map(
      database => database.changes({ since: 0, style: 'all_docs' })));
    const revs = ({ results: [row] }) => row.changes.map(change => change.rev).sort();
    assert.equal(revs(there).length, 1000);
    assert.deepEqual(revs(back), revs(there));
    const [winner, other] = await Promise.all([source, target].map(database => database.get('crowd')));
    assert.deepEqual(other, winner);
    assert.equal((await copied(`${t.foreign.url}/crowd-there`, file)).listed, 0);
  },

  async 'from file to file, in one folder and in another'(t) {
    const one = newFile();
    const beside = one.replace('copy', 'other');
    const apart = newFile();
    await copied(`${t.foreign.url}/full`, one);
    await copied(one, beside);
    await copied(beside, apart);
    await copied(apart, `${t.foreign.url}/from-files`);
    await same(t.full, t.foreign.db('from-files'));
  },

  async 'a second run asks for nothing again'(t) {
    const file = newFile();
    const url = `${t.foreign.url}/full`;
    await copied(url, file);
    assert.equal((await copied(url, file)).listed, 0);
    assert.equal((await copied(file, url)).written, 0);
  },

  async 'what changed in between follows, both ways'(t) {
    const file = newFile();
    const database = t.foreign.db('both');
    const url = `${t.foreign.url}/both`;
    await database.put({ _id: 'a', n: 1 });
    await copied(url, file);
    await database.put({ ...(await database.get('a')), n: 2 });
    await database.remove(await database.get('a'));
    await database.put({ _id: 'b', n: 1 });
    assert.equal((await copied(url, file)).written, 2);
    await copied(file, `${t.foreign.url}/both-copy`);
    await same(database, t.foreign.db('both-copy'));
  },

  async 'continuous brings what is written later, until it is told to end'(t) {
    const source = t.foreign.db('live');
    const target = t.foreign.db('live-copy');
    await source.put({ _id: 'early' });
    await target.info();
    for (const place of [newFile(), `${t.foreign.url}/live-copy`]) {
      const { child, said } = start([`${t.foreign.url}/live`, place, '--create', '--continuous', '--json']);
      while (!said.err.includes('caught up')) await once(child.stderr, 'data');
      const id = `late-${place.length}`;
      await source.put({ _id: id });
      while (said.err.split('caught up').length < 3) await once(child.stderr, 'data');
      child.kill('SIGTERM');
      assert.equal((await once(child, 'close'))[0], 0, said.err);
      assert.ok(JSON.parse(said.out).written >= 2);
    }
    assert.deepEqual(Object.keys(await leaves(target)), Object.keys(await leaves(source)));
  },

  async 'killed part way, it goes on from there'(t) {
    const file = newFile();
    const source = t.foreign.db('long');
    await source.bulkDocs(papers(1500).map(paper => ({ ...paper, text: paper.text.padEnd(8000, ' again') })));
    const { child } = start([`${t.foreign.url}/long`, file, '--create', '--json']);
    const closed = once(child, 'close');
    // A batch is 4 MiB, and may be in the log before it is committed; one that follows it may not.
    const log = `${file}-wal`;
    while (child.exitCode === null && !(existsSync(log) && statSync(log).size > 6 << 20)) {
      await new Promise(resolve => { setTimeout(resolve, 5); });
    }
    child.kill('SIGKILL');
    await closed;
    const rest = await copied(`${t.foreign.url}/long`, file);
    assert.ok(rest.written < 1500, 'something was kept');
    console.log(`# ${rest.written} of 1500 were left when it was killed`);
    await copied(file, `${t.foreign.url}/long-copy`);
    assert.deepEqual(await leaves(t.foreign.db('long-copy')), await leaves(source));
  },

  async 'nothing is made that was not asked for'(t) {
    const nowhere = newFile();
    for (const [source, target] of [
      [`${t.foreign.url}/full`, nowhere], [`${t.foreign.url}/full`, `${t.foreign.url}/new-one`],
      [nowhere, `${t.foreign.url}/full`], [`${t.foreign.url}/no-such`, nowhere],
    ]) {
      const done = await replicate([source, target]);
      assert.equal(done.status, 5, done.err);
    }
    assert.ok(!existsSync(nowhere));
    const there = await fetch(`${t.foreign.url}/new-one`);
    assert.equal(there.status, 404);
  },

  async 'what is no place is wrong usage'(t) {
    for (const wrong of ['copy.txt', 'https://example.org', 'https://user:secret@example.org/db', 'ftp://example.org/db']) {
      const done = await replicate([wrong, newFile(), '--create']);
      assert.equal(done.status, 2, done.err);
      assert.ok(!done.err.includes('secret'));
    }
    const url = `${t.foreign.url}/full`;
    assert.equal((await replicate([url])).status, 2);
    assert.equal((await replicate([url, url])).status, 2);
  },

  async 'credentials and keys must be the right ones, and it is said which are not'(t) {
    const pin = t.secretariat.fingerprint();
    const from = `${t.secretariat.url}/public`;
    const cases = [
      [{}, ['--trust', pin], /set VALISE_USER and VALISE_PASSWORD/],
      [{ ...t.admin, VALISE_PASSWORD: 'wrong' }, ['--trust', pin], /set VALISE_USER and VALISE_PASSWORD/],
      [t.admin, ['--trust', 'ab'.repeat(32)], /another server in its place/],
      [t.admin, [], /another server in its place/],
    ];
    for (const [environment, options, remedy] of cases) {
      const done = await replicate([from, newFile(), '--create', ...options], environment);
      assert.equal(done.status, 4, done.err);
      assert.match(done.err, remedy);
      assert.ok(done.err.startsWith(`valisectl: ${from}: `), done.err);
      assert.ok(!done.err.includes(t.adminLogin.password));
    }
    const typo = await replicate([from, newFile(), '--create', '--trust', pin.slice(1)], t.admin);
    assert.equal(typo.status, 2, typo.err);
    assert.match(typo.err, /64 hexadecimal digits/);
    const good = await copied(from, newFile(), t.admin, '--trust', 'ab'.repeat(32), '--trust', pin);
    assert.ok(good.written > 0);
  },

  async 'who may not do it there is told so'(t) {
    const { username, password } = await t.secretariat.join('xke', 'delegate');
    const as = { VALISE_USER: username, VALISE_PASSWORD: password };
    const pin = ['--trust', t.secretariat.fingerprint()];
    const done = await replicate([`${t.secretariat.url}/inbox`, newFile(), '--create', ...pin], as);
    assert.equal(done.status, 4, done.err);
    assert.match(done.err, /who may not do this there/);
  },

  async 'a server that is not there is not waited for'(t) {
    const port = await new Promise(resolve => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port: free } = server.address();
        server.close(() => resolve(free));
      });
    });
    for (const nowhere of [`https://127.0.0.1:${port}/db`, 'https://no-such-host.invalid/db']) {
      const start = Date.now();
      const done = await replicate([nowhere, newFile(), '--create']);
      assert.equal(done.status, 4, done.err);
      assert.match(done.err, /the same command goes on from where it stopped/);
      assert.ok(Date.now() - start < 60000);
    }
  },

  async 'between two servers, each known by a key of its own'(t) {
    const other = await Secretariat.start(process.argv[2]);
    const { username, password } = await other.join('secretariat', 'secretariat');
    const both = { ...t.atSource, VALISE_TARGET_USER: username, VALISE_TARGET_PASSWORD: password };
    const places = [`${t.secretariat.url}/full`, `${other.url}/full`];
    const one = ['--trust', t.secretariat.fingerprint()];
    await copied(`${t.foreign.url}/full`, places[0], t.atTarget, ...one);
    const half = await replicate([...places, '--create', ...one], both);
    assert.equal(half.status, 4, half.err);
    assert.match(half.err, /of two servers, both/);
    const figures = await copied(...places, both, ...one, '--trust', other.fingerprint());
    assert.ok(figures.written > 60 + CROWD);
    await same(t.full, other.remote('full', { username, password }));
    await other.stop();
  },

  async 'interrupted between two servers, it goes on from there'(t) {
    const source = t.foreign.db('long-way');
    await source.bulkDocs(papers(1200).map(paper => ({ ...paper, text: paper.text.padEnd(8000, ' far') })));
    const places = [`${t.foreign.url}/long-way`, `${t.foreign.url}/long-way-copy`];
    const target = t.foreign.db('long-way-copy');
    await target.info();
    const { child, said } = start([...places, '--json']);
    while ((await target.info()).doc_count < 100) await new Promise(resolve => { setTimeout(resolve, 10); });
    child.kill('SIGINT');
    assert.equal((await once(child, 'close'))[0], 1, said.err);
    assert.match(said.err, /interrupted; the same command goes on from here/);
    const kept = (await target.info()).doc_count;
    const rest = await copied(...places);
    assert.equal(kept + rest.written, 1200, 'nothing is written twice');
    assert.deepEqual(await leaves(target), await leaves(source));
  },

  async 'what the target refuses is named, and the rest is there'(t) {
    const source = t.foreign.db('desk-source');
    const file = newFile();
    await source.bulkDocs([{ _id: 'xke:nonsense:1', type: 'nonsense' }, { _id: 'fra:nonsense:1' }]);
    await copied(`${t.foreign.url}/desk-source`, file);
    const done = await replicate([file, `${t.secretariat.url}/desk-xke`, '--trust', t.secretariat.fingerprint(), '--json'], t.admin);
    assert.equal(done.status, 6, done.err);
    assert.equal(JSON.parse(done.out).refused, 2);
    assert.match(done.err, /refused: xke:nonsense:1 1-/);
    const again = await replicate([file, `${t.secretariat.url}/desk-xke`, '--trust', t.secretariat.fingerprint(), '--json'], t.admin);
    assert.equal(again.status, 6, 'they are asked for again, not forgotten');
  },

  async 'design documents stay where they are'(t) {
    const source = t.foreign.db('designed');
    await source.put({ _id: '_design/rules', validate_doc_update: 'function () {}' });
    await source.put({ _id: 'ruled' });
    const figures = await copied(`${t.foreign.url}/designed`, newFile());
    assert.equal(figures.written, 1);
    assert.equal(figures.refused, 0);
  },

  async 'a folder in use is left alone'(t) {
    const held = join(t.secretariat.home, 'public.sqlite');
    const inside = existsSync(held) ? held : join(t.secretariat.home, 'databases', 'public.sqlite');
    const done = await replicate([inside, newFile(), '--create']);
    assert.equal(done.status, 1, done.err);
    assert.match(done.err, /held by process/);
  },
};

const foreign = await Foreign.start();
const secretariat = await Secretariat.start(process.argv[2]);
const adminLogin = await secretariat.join('secretariat', 'secretariat');
await secretariat.join('xke', 'delegate');
const context = {
  foreign,
  secretariat,
  adminLogin,
  admin: { VALISE_USER: adminLogin.username, VALISE_PASSWORD: adminLogin.password },
  atSource: { VALISE_SOURCE_USER: adminLogin.username, VALISE_SOURCE_PASSWORD: adminLogin.password },
  atTarget: { VALISE_TARGET_USER: adminLogin.username, VALISE_TARGET_PASSWORD: adminLogin.password },
  full: foreign.db('full'),
};
mkdirSync(join(folder, 'home'), { recursive: true });
await fill(context.full);
await run(tests, context, async () => {
  await secretariat.stop();
  await foreign.stop();
});
