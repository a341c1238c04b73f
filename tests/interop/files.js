// The documents of files, up to a foreign server and down from it, in TAP.
// Usage: node files.js VALISE_SERVER VALISECTL CARRY_FILE
//
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, Foreign, run } from './interop.js';

// What the program prints; it must do well.
async function carry(laptop, url, ...args) {
  const child = spawn(process.argv[4], [join(folder, laptop), url, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', piece => { said.out += piece; });
  child.stderr.on('data', piece => { said.err += piece; });
  const [status] = await once(child, 'close');
  assert.equal(status, 0, said.err);
  return said.out.trim();
}

function digest(bytes) {
  return createHash('sha256').update(bytes).digest();
}

const tests = {
  async 'a file that was attached here is there whole, under its digest'(t) {
    const sha256 = await carry('first', t.foreign.url, 'put', t.path);
    assert.equal(sha256, digest(t.bytes).toString('hex'));
    const stored = await t.database.get(`file:${sha256}`);
    assert.equal(stored.type, 'file');
    assert.equal(stored.length, t.bytes.length);
    assert.deepEqual(Object.keys(stored._attachments), ['original']);
    assert.equal(stored._attachments.original.content_type, 'application/pdf');
    const back = await t.database.getAttachment(stored._id, 'original');
    assert.ok(Buffer.from(back).equals(t.bytes));
  },

  async 'sent again it makes no other revision'(t) {
    const id = `file:${digest(t.bytes).toString('hex')}`;
    const before = await t.database.get(id, { conflicts: true });
    await carry('first', t.foreign.url, 'put', t.path);
    await carry('second', t.foreign.url, 'put', t.path);
    const after = await t.database.get(id, { conflicts: true });
    assert.equal(after._rev, before._rev);
    assert.equal(after._conflicts, undefined);
  },

  async 'fetched from there it is called by its SHA-256 here, whatever it is called there'(t) {
    const bytes = randomBytes(90000);
    const sha256 = digest(bytes).toString('hex');
    await t.database.put({
      _id: `file:${sha256}`, type: 'file', sha256, length: bytes.length, media: 'application/pdf',
      _attachments: { 'scan n° 1.pdf': { content_type: 'application/pdf', data: bytes.toString('base64') } },
    });
    const there = (await t.database.get(`file:${sha256}`))._attachments;
    assert.match(there['scan n° 1.pdf'].digest, /^md5-/);
    const here = JSON.parse(await carry('third', t.foreign.url, 'fetch', sha256, String(bytes.length)));
    const [stub] = Object.values(here);
    assert.equal(stub.digest, `sha256-${digest(bytes).toString('base64')}`);
    assert.equal(stub.length, bytes.length);
    assert.equal(stub.stub, true);
  },
};

const foreign = await Foreign.start();
const context = { foreign, database: foreign.db('carried'), bytes: randomBytes(200001), path: join(folder, 'paper.pdf') };
writeFileSync(context.path, context.bytes);
await context.database.info();
await run(tests, context, () => foreign.stop());
