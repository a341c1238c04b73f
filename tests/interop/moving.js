// A live secretariat moves to a CouchDB, as replication, and back, in TAP; its laptops go on.
// Usage: node moving.js VALISE_SERVER VALISECTL
//
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crowd, folder, Foreign, leaves, run, Secretariat } from './interop.js';
import { nginx, startNginx } from './proxy.js';

const [program, valisectl] = process.argv.slice(2);
const databases = ['public', 'states', 'inbox', 'bureau', 'languages', 'team-secretariat', 'desk-xke', 'annex'];
let papers = 0;

async function execute(file, args, environment = {}) {
  const child = spawn(file, args, {
    env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'disabled:', ...environment }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', piece => { said.out += piece; });
  child.stderr.on('data', piece => { said.err += piece; });
  const [status] = await once(child, 'close');
  assert.equal(status, 0, `${args.join(' ')}\n${said.out}${said.err}`);
  return said.out;
}

// Issues @count papers at the secretariat in @home; their symbols.
async function issue(home, count) {
  const files = Array.from({ length: count }, () => {
    papers += 1;
    const path = join(folder, `paper-${papers}.txt`);
    writeFileSync(path, `Working paper ${papers} on moving house\n\nSubmitted by Kestria\n\n1. Nothing is left behind (${papers}).\n`);
    return path;
  });
  const out = await execute(program, ['import', home, ...files, '--language', 'en']);
  return [...out.matchAll(/^registered (\S+)/gm)].map(match => match[1]);
}

class Laptop {
  static async join(secretariat, name) {
    const self = new Laptop();
    self.data = join(folder, name);
    const invitation = join(folder, `${name}.valise`);
    writeFileSync(invitation, await execute(program, ['invite', secretariat.home, '--participant', 'xke', '--role', 'delegate', '--name', 'A Person']));
    await execute(valisectl, ['join', invitation, '--data', self.data]);
    return self;
  }

  file(name) {
    return join(this.data, readdirSync(this.data)[0], name);
  }

  read(name) {
    return JSON.parse(readFileSync(this.file(name), 'utf8'));
  }

  // What an operator does by giving the new server the old one's name.
  pointAt(url, pin) {
    const account = this.read('account.json');
    const { pin: old, backup_pin: backup, ...rest } = account;
    writeFileSync(this.file('account.json'), JSON.stringify({ ...rest, server: url, ...(pin ? { pin: old, backup_pin: backup } : {}) }));
  }

  // The key of a server that took over.
  trust(pin) {
    writeFileSync(this.file('account.json'), JSON.stringify({ ...this.read('account.json'), pin }));
  }

  async sync() {
    return JSON.parse(await execute(valisectl, ['sync', '--data', this.data, '--json']));
  }

  async show(symbol) {
    return execute(valisectl, ['show', symbol, '--data', this.data]);
  }
}

async function replicate(t, source, target, ...options) {
  const out = await execute(valisectl, ['replicate', source, target, '--json', '--trust', t.secretariat.fingerprint(), ...options], {
    VALISE_SOURCE_USER: source.startsWith(t.foreign.url) ? 'admin' : t.login.username,
    VALISE_SOURCE_PASSWORD: source.startsWith(t.foreign.url) ? 'secret' : t.login.password,
    VALISE_TARGET_USER: 'admin', VALISE_TARGET_PASSWORD: 'secret',
  });
  return JSON.parse(out);
}

async function copyOver(t) {
  for (const name of databases) {
    await replicate(t, `${t.secretariat.url}/${name}`, `${t.foreign.url}/${name}`, ...(name === 'annex' ? ['--create'] : []));
  }
}

// Writes, edits, deletes and makes conflicts in @database, @count times, taking its time.
async function scribble(database, who, count) {
  for (let i = 0; i < count; i += 1) {
    const id = `${who}-${i % 17}`;
    const found = await database.get(id).catch(() => null);
    const hash = createHash('md5').update(`${who} ${i}`).digest('hex');
    if (i % 5 === 4) {
      await database.bulkDocs([{ _id: id, _rev: `1-${hash}`, _revisions: { start: 1, ids: [hash] }, apart: i }], { new_edits: false });
    } else if (i % 7 === 6 && found) {
      await database.remove(found);
    } else {
      await database.put({ ...found, _id: id, n: i });
    }
    await new Promise(resolve => { setTimeout(resolve, 20); });
  }
}

const tests = {
  async 'everything goes to the CouchDB, and is judged there'(t) {
    const account = t.laptop.read('account.json');
    const { password } = t.laptop.read('secrets.json');
    const users = join(folder, 'users.json');
    writeFileSync(users, JSON.stringify([{ name: account.user, password, participant: 'xke', role: 'delegate' }]));
    await execute(program, ['provision', t.foreign.url, '--users', users], { VALISE_USER: 'admin', VALISE_PASSWORD: 'secret' });
    await copyOver(t);
    for (const name of databases) {
      assert.deepEqual(await leaves(t.foreign.db(name)), await leaves(t.secretariat.remote(name, t.login)), name);
    }
    assert.ok(Object.keys(await leaves(t.foreign.db('public'))).length > 20);
  },

  async 'while it goes over, the server goes on, and what it takes goes over too'(t) {
    const [symbol] = await issue(t.secretariat.home, 1);
    await copyOver(t);
    assert.equal((await t.foreign.db('public').get(`paper:${symbol}`)).symbol, symbol);
  },

  async 'writes go on all the way there, and after a last run not one is missing'(t) {
    const source = t.secretariat.remote('annex', t.login);
    const papersBefore = papers;
    const written = scribble(source, 'there', 40).then(() => issue(t.secretariat.home, 2));
    let runs = 0;
    for (let done = false; !done; runs += 1) {
      done = await Promise.race([written.then(() => true), new Promise(resolve => { setTimeout(resolve, 1, false); })]);
      for (const name of ['annex', 'public']) {
        await replicate(t, `${t.secretariat.url}/${name}`, `${t.foreign.url}/${name}`);
      }
    }
    console.log(`# ${runs} runs meanwhile, the last one after the last write`);
    assert.equal(papers, papersBefore + 2);
    for (const name of ['annex', 'public']) {
      assert.deepEqual(await leaves(t.foreign.db(name)), await leaves(t.secretariat.remote(name, t.login)), name);
    }
  },

  async 'and all the way back'(t) {
    const source = t.foreign.db('annex');
    const file = join(folder, 'way-back', 'annex.sqlite');
    const written = scribble(source, 'back', 120);
    for (let done = false; !done;) {
      done = await Promise.race([written.then(() => true), new Promise(resolve => { setTimeout(resolve, 1, false); })]);
      await replicate(t, `${t.foreign.url}/annex`, file, '--create');
    }
    await replicate(t, file, `${t.foreign.url}/annex-seen`, '--create');
    assert.deepEqual(await leaves(t.foreign.db('annex-seen')), await leaves(source));
  },

  async 'a laptop goes on at the CouchDB: it looks through all, and fetches what is new'(t) {
    t.laptop.pointAt(t.foreign.url, false);
    const first = await t.laptop.sync();
    assert.equal(first.documents, 6, 'the papers issued meanwhile, and their texts');
    assert.equal((await t.laptop.sync()).documents, 0);
    const [symbol] = await issue(t.secretariat.home, 1);
    await copyOver(t);
    assert.equal((await t.laptop.sync()).documents, 2);
    assert.match(await t.laptop.show(symbol), /Nothing is left behind/);
  },

  async 'a laptop that stays in step waits in every database, and in each by itself'(t) {
    const child = spawn(valisectl, ['sync', '--watch', '--data', t.laptop.data],
      { env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'disabled:' }, stdio: 'ignore' });
    const count = promisify(t.foreign.server.getConnections.bind(t.foreign.server));
    const before = await count();
    while (await count() - before < 3) await new Promise(resolve => { setTimeout(resolve, 50); });
    const [symbol] = await issue(t.secretariat.home, 1);
    await replicate(t, `${t.secretariat.url}/public`, `${t.foreign.url}/public`);
    await new Promise(resolve => { setTimeout(resolve, 3000); });
    console.log(`# ${await count() - before} connections`);
    child.kill('SIGINT');
    await once(child, 'close');
    assert.match(await t.laptop.show(symbol), /Nothing is left behind/);
  },

  async 'behind nginx it is known by its key, and a laptop goes on there'(t) {
    if (!nginx) {
      console.log('# nginx is not on this machine');
      return;
    }
    const proxy = await startNginx(t.foreign.url);
    const [symbol] = await issue(t.secretariat.home, 1);
    await copyOver(t);
    t.laptop.pointAt(proxy.url, false);
    t.laptop.trust('ab'.repeat(32));
    await assert.rejects(t.laptop.sync());
    t.laptop.trust(proxy.pin);
    const figures = await t.laptop.sync();
    assert.equal(figures.documents, 2);
    assert.match(await t.laptop.show(symbol), /Nothing is left behind/);
    proxy.agent.destroy();
    proxy.child.kill('SIGTERM');
    await once(proxy.child, 'exit');
  },

  async 'and back, into an empty secretariat that has only its keys and accounts'(t) {
    const old = t.secretariat.home;
    const before = await leaves(t.foreign.db('public'));
    await t.secretariat.stop();
    const kept = `${old}-kept`;
    renameSync(old, kept);
    cpSync(kept, old, { recursive: true, filter: path => !/\.sqlite(-wal|-shm)?$/.test(path) || path.includes('accounts') });
    for (const name of databases) {
      await replicate(t, `${t.foreign.url}/${name}`, join(old, `${name}.sqlite`), '--create');
    }
    await t.secretariat.serve();
    for (const name of databases) {
      assert.deepEqual(await leaves(t.secretariat.remote(name, t.login)), await leaves(t.foreign.db(name)), name);
    }
    assert.deepEqual(await leaves(t.secretariat.remote('public', t.login)), before);
    rmSync(kept, { recursive: true });
  },

  async 'the laptop goes on there as well, and the next symbol is the next'(t) {
    t.laptop.pointAt(t.secretariat.url, false);
    const account = t.laptop.read('account.json');
    writeFileSync(t.laptop.file('account.json'), JSON.stringify({ ...account, pin: t.secretariat.fingerprint() }));
    assert.equal((await t.laptop.sync()).documents, 0, 'nothing is fetched twice');
    const [symbol] = await issue(t.secretariat.home, 1);
    assert.match(symbol, new RegExp(`WP\\.${papers}$`));
    assert.equal((await t.laptop.sync()).documents, 2);
    assert.match(await t.laptop.show(symbol), /Nothing is left behind/);
  },

  async 'a new laptop gets the same there, every seal checked'(t) {
    const other = await Laptop.join(t.secretariat, 'other');
    const { documents } = await other.sync();
    const there = Object.values(await leaves(t.secretariat.remote('public', t.login)));
    assert.equal(documents, there.length);
    const list = JSON.parse(await execute(valisectl, ['list', '--data', other.data, '--json']));
    assert.equal(list.length, papers);
  },

  async 'what a CouchDB let in, the laptop refuses by its name'(t) {
    t.laptop.pointAt(t.foreign.url, false);
    const [symbol] = await issue(t.secretariat.home, 1);
    const id = `paper:${symbol}`;
    await copyOver(t);
    await t.laptop.sync();
    const database = t.foreign.db('public');
    const before = await leaves(database);
    const old = await database.get(id);
    // Older than its rules, or by its administrator: the winner is a lie, and then a grave.
    const high = (generation, letter, body) => ({
      ...body, _id: id, _rev: `${generation}-${letter.repeat(32)}`,
      _revisions: { start: generation, ids: [letter.repeat(32), '0'.repeat(32)] },
    });
    await database.bulkDocs([
      high(9000, 'a', { ...old, title: { en: 'Something else' } }),
      high(9001, 'b', { _deleted: true }),
      high(9002, 'c', old),
    ], { new_edits: false });
    assert.equal((await database.get(id))._rev, `9002-${'c'.repeat(32)}`);
    await t.laptop.sync();
    assert.match(await t.laptop.show(symbol), /Nothing is left behind/);
    await replicate(t, t.laptop.file('public.sqlite'), `${t.foreign.url}/seen`, '--create');
    assert.deepEqual((await leaves(t.foreign.db('seen')))[id], before[id]);
  },
};

const foreign = await Foreign.start({ admin: 'secret' });
const secretariat = await Secretariat.start(program);
const login = await secretariat.join('secretariat', 'secretariat');
await issue(secretariat.home, 8);
const laptop = await Laptop.join(secretariat, 'laptop');
await laptop.sync();
const annex = secretariat.remote('annex', login);
await annex.info();
await annex.bulkDocs(crowd('crowd', 20), { new_edits: false });
await annex.bulkDocs([{ _id: 'gone' }, { _id: 'with-file', _attachments: { 'a.bin': { content_type: 'application/pdf', data: 'AAEC' } } }]);
await annex.remove(await annex.get('gone'));
await run(tests, { foreign, secretariat, login, laptop }, async () => {
  await secretariat.stop();
  await foreign.stop();
});
