// What the suites share: a secretariat, a foreign server, PouchDB as client, and comparisons.
//
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from 'node:assert/strict';
import { spawn, execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

// The modules are where npm put them, beside the lock file or in the build folder.
const require = createRequire(join(process.env.VALISE_INTEROP_MODULES || process.cwd(), 'x.js'));

export const PouchDB = require('pouchdb');
PouchDB.plugin(require('pouchdb-adapter-memory'));

// express-pouchdb's own promises may fail unseen; a suite must not end with them.
process.on('unhandledRejection', reason => {
  if (process.env.VALISE_INTEROP_VERBOSE) console.log(`# unhandled: ${reason && reason.stack}`);
});

export const folder = mkdtempSync(join(tmpdir(), 'valise-interop-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

let made = 0;

export function local(name) {
  made += 1;
  return new PouchDB(name || `local-${made}`, { adapter: 'memory' });
}

// --- a secretariat --------------------------------------------------------------------------

export class Secretariat {
  // Makes one, and serves it.
  static async start(program) {
    const self = new Secretariat();
    made += 1;
    self.program = program;
    self.home = join(folder, `secretariat-${made}`);
    execFileSync(program, ['init', self.home, '--name', 'Interop'], { stdio: 'ignore' });
    await self.serve();
    return self;
  }

  async serve() {
    this.child = spawn(this.program, ['serve', this.home, '--listen', '127.0.0.1:0'],
      { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = await once(createInterface(this.child.stdout), 'line');
    this.url = line.replace('listening on ', '');
    this.certificate = readFileSync(join(this.home, 'server', 'certificate.pem'));
    this.agent = new https.Agent({ ca: this.certificate, keepAlive: true });
  }

  // SHA-256 of its public key, in hex.
  fingerprint() {
    const key = execFileSync('openssl', ['x509', '-pubkey', '-noout'], { input: this.certificate });
    const der = execFileSync('openssl', ['pkey', '-pubin', '-outform', 'DER'], { input: key });
    return execFileSync('openssl', ['dgst', '-sha256', '-r'], { input: der, encoding: 'utf8' }).slice(0, 64);
  }

  exchange(method, path, body, login) {
    return new Promise((resolve, reject) => {
      const request = https.request(this.url + path,
        {
          method, agent: this.agent, headers: { 'Content-Type': 'application/json' },
          auth: login && `${login.username}:${login.password}`,
        },
        response => {
          let text = '';
          response.on('data', piece => { text += piece; });
          response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
        });
      request.on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  // The account of somebody new: { username, password }.
  async join(participant, role) {
    const text = execFileSync(this.program, ['invite', this.home, '--participant', participant,
      '--role', role, '--name', 'A Person'], { encoding: 'utf8' });
    const device = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x;
    const answer = await this.exchange('POST', '/_valise/join',
      { token: JSON.parse(text).token, device, name: 'interop' });
    assert.equal(answer.status, 201);
    return { username: answer.body.account, password: answer.body.password };
  }

  remote(name, auth) {
    return new PouchDB(`${this.url}/${name}`,
      { auth, fetch: (where, options) => PouchDB.fetch(where, { ...options, agent: this.agent }) });
  }

  async stop() {
    this.agent.destroy();
    this.child.kill('SIGTERM');
    const status = this.child.exitCode === null ? (await once(this.child, 'exit'))[0] : this.child.exitCode;
    assert.equal(status, 0, `valise-server ended with ${status}`);
  }
}

// --- a foreign server: express-pouchdb in this process -----------------------------------------

export class Foreign {
  // @admins: { NAME: PASSWORD }, or nobody: then whoever comes may do all. @more: takes the
  // application, for routes beside CouchDB's.
  static async start(admins = {}, more = () => {}) {
    const self = new Foreign();
    made += 1;
    const express = require('express');
    self.Store = PouchDB.defaults({ adapter: 'memory', prefix: `foreign-${made}-` });
    const app = express();
    const couch = require('express-pouchdb')(self.Store, {
      inMemoryConfig: true, logPath: join(folder, `foreign-${made}.log`), mode: 'fullCouchDB',
      overrideMode: { exclude: ['routes/fauxton'] },
    });
    for (const [name, password] of Object.entries(admins)) couch.couchConfig.set('admins', name, password, () => {});
    more(app);
    app.use('/', couch);
    self.server = app.listen(0, '127.0.0.1');
    await once(self.server, 'listening');
    self.url = `http://127.0.0.1:${self.server.address().port}`;
    return self;
  }

  db(name) {
    return new this.Store(name);
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

// --- what is compared -----------------------------------------------------------------------

// Every document's winner and all its leaves, deleted or not, with their bodies and files.
export async function leaves(database, { bodies = false } = {}) {
  const found = {};
  const { results } = await database.changes({ since: 0, style: 'all_docs' });
  for (const row of results) {
    if (row.id.startsWith('_design/')) continue;
    const open = await database.get(row.id, { open_revs: 'all' });
    const revs = open.map(one => one.ok._rev + (one.ok._deleted ? ' deleted' : '')).sort();
    const winner = await database.get(row.id).then(doc => doc._rev, () => 'deleted');
    found[row.id] = { winner, revs };
    if (bodies) found[row.id].bodies = await contents(database, row.id, open.map(one => one.ok));
  }
  return found;
}

async function contents(database, id, documents) {
  const list = [];
  for (const { _attachments = {}, _revisions, ...body } of documents) {
    const files = {};
    for (const name of Object.keys(_attachments).sort()) {
      const bytes = await database.getAttachment(id, name, { rev: body._rev });
      files[name] = `${_attachments[name].content_type} ${Buffer.from(bytes).toString('base64')}`;
    }
    list.push({ body, files });
  }
  return list.sort((a, b) => (a.body._rev < b.body._rev ? -1 : 1));
}

export function papers(count) {
  const text = 'States should not conduct or support activity that damages infrastructure. ';
  return Array.from({ length: count }, (_, i) => ({
    _id: `paper:A/X/${i}`, n: i, title: `Papier № ${i} — 网络安全`, text: text.repeat(1 + i % 30),
  }));
}

// Leaves of one document: PouchDB takes seconds for a thousand, so fewer unless asked.
export const CROWD = Number(process.env.VALISE_INTEROP_LEAVES || 100);

// A document with @count leaves, as though so many had edited it apart.
export function crowd(id, count = CROWD) {
  const parent = '1'.repeat(32);
  return Array.from({ length: count }, (_, i) => {
    const hash = i.toString(16).padStart(32, '0');
    return { _id: id, _rev: `2-${hash}`, _revisions: { start: 2, ids: [hash, parent] }, voice: i };
  });
}

// --- TAP --------------------------------------------------------------------------------------

// Runs @tests ({ NAME: function }) one after another with @context; ends the process.
export async function run(tests, context, tidy) {
  const only = process.env.VALISE_INTEROP_ONLY;
  const names = Object.keys(tests).filter(name => !only || name.includes(only));
  let failed = 0;
  console.log(`TAP version 13\n1..${names.length}`);
  for (const [index, name] of names.entries()) {
    try {
      await tests[name](context);
      console.log(`ok ${index + 1} - ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`not ok ${index + 1} - ${name}`);
      console.log(String(error.stack || JSON.stringify(error)).replace(/^/gm, '# '));
    }
  }
  try {
    await tidy();
  } catch (error) {
    console.log(`Bail out! ${error.message}`);
    failed += 1;
  }
  process.exit(failed === 0 ? 0 : 1);
}
