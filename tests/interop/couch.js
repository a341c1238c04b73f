// A server that answers as Apache CouchDB's documentation says, for what `provision` asks, and
// remembers what it was asked. No more than that: it replicates nothing.
//
// SPDX-License-Identifier: GPL-3.0-or-later

import { once } from 'node:events';
import http from 'node:http';
import { gunzipSync } from 'node:zlib';

const CLOSED = { members: { roles: ['_admin'] }, admins: { roles: ['_admin'] } }; // since 3.0

export class Couch {
  static async start({ version = '3.3.3', user = 'admin', password = 'secret', cluster = false } = {}) {
    const self = new Couch();
    Object.assign(self, { version, user, password, cluster, asked: [], databases: {} });
    self.server = http.createServer((request, response) => self.serve(request, response));
    self.server.listen(0, '127.0.0.1');
    await once(self.server, 'listening');
    self.url = `http://127.0.0.1:${self.server.address().port}`;
    return self;
  }

  async serve(request, response) {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    const text = String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes);
    const segments = request.url.split('?')[0].split('/').slice(1).map(decodeURIComponent);
    const body = text === '' ? undefined : JSON.parse(text);
    this.asked.push({ method: request.method, path: request.url, body });
    if (this.fails !== undefined && request.method === 'PUT' && (this.fails -= 1) < 0) {
      request.socket.destroy(); // as where the line is cut
      return;
    }
    const [status, answer, headers] = this.answer(request, segments, body);
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(`${JSON.stringify(answer)}\n`);
  }

  isAdmin(request) {
    const basic = `Basic ${Buffer.from(`${this.user}:${this.password}`).toString('base64')}`;
    return request.headers.authorization === basic || /AuthSession=admin/.test(request.headers.cookie || '');
  }

  answer(request, [name, ...rest], body) {
    if (name === '') return [200, { couchdb: 'Welcome', version: this.version, uuid: 'c0ffee', vendor: { name: 'The Apache Software Foundation' }, features: [] }];
    if (name === '_session' && request.method === 'POST') {
      if (body.name !== this.user || body.password !== this.password) {
        return [401, { error: 'unauthorized', reason: 'Name or password is incorrect.' }];
      }
      return [200, { ok: true, name: this.user, roles: ['_admin'] }, { 'Set-Cookie': 'AuthSession=admin; Version=1; Path=/; HttpOnly' }];
    }
    if (!this.isAdmin(request)) return [401, { error: 'unauthorized', reason: 'You are not a server admin.' }];
    if (rest.length === 0) return this.database(request.method, name);
    const database = this.databases[name];
    if (!database) return [404, { error: 'not_found', reason: 'Database does not exist.' }];
    if (rest[0] === '_security') return this.security(request.method, database, body);
    return this.document(request.method, name, database, rest.join('/'), body);
  }

  database(method, name) {
    if (method === 'PUT' && this.databases[name]) {
      return [412, { error: 'file_exists', reason: 'The database could not be created, the file already exists.' }];
    }
    if (method === 'PUT') this.databases[name] = { documents: {}, security: CLOSED };
    if (method === 'PUT') return [this.cluster ? 202 : 201, { ok: true }]; // 202: some nodes have it
    return this.databases[name] ? [200, { db_name: name, update_seq: '1-x', instance_start_time: '0' }]
      : [404, { error: 'not_found', reason: 'Database does not exist.' }];
  }

  security(method, database, body) {
    if (method === 'PUT') database.security = body;
    return [200, method === 'PUT' ? { ok: true } : database.security];
  }

  document(method, name, database, id, body) {
    const found = database.documents[id];
    if (method === 'GET') return found ? [200, found] : [404, { error: 'not_found', reason: 'missing' }];
    if ((found && found._rev) !== body._rev) return [409, { error: 'conflict', reason: 'Document update conflict.' }];
    const generation = found ? Number(found._rev.split('-')[0]) + 1 : 1;
    database.documents[id] = { ...this.owned(name, this.hashed(name, body)), _id: id, _rev: `${generation}-${'0'.repeat(32)}` };
    return [this.cluster ? 202 : 201, { ok: true, id, rev: database.documents[id]._rev }];
  }

  // A user's password goes in, and is never seen again.
  hashed(name, { password, ...body }) {
    if (name !== '_users' || password === undefined) return password === undefined ? body : { ...body, password };
    return { ...body, password_scheme: 'pbkdf2', pbkdf2_prf: 'sha256', derived_key: 'ab12', salt: 'cd34', iterations: 600000 };
  }

  // A replication is whose who wrote it first.
  owned(name, body) {
    return name === '_replicator' && body.owner === undefined ? { ...body, owner: this.user } : body;
  }

  changes() {
    return this.asked.filter(({ method, path }) => method !== 'GET' && path !== '/_session');
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
