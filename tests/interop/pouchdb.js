// PouchDB as a foreign peer of valise-server, over HTTPS, in TAP.
// Usage: node pouchdb.js VALISE_SERVER
//
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { CROWD, crowd, leaves, local, papers, run, Secretariat } from './interop.js';

async function bodies(database) {
  const { rows } = await database.allDocs({ include_docs: true, attachments: true });
  return rows.map(row => row.doc).map(({ _attachments, ...doc }) => ({
    ...doc,
    files: Object.entries(_attachments || {}).map(([name, { content_type, data }]) => ({ name, content_type, data })),
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
    const delegate = t.remote('public', t.delegate);
    const pulled = await one.replicate.from(delegate);
    assert.ok(pulled.docs_written > 1);
    assert.equal((await one.get('programme')).type, 'programme');
    await one.put({ _id: 'paper:FORGED', type: 'paper' });
    await assert.rejects(one.replicate.to(delegate), error => error.status === 403 || error.result !== undefined);
    await assert.rejects(delegate.get('paper:FORGED'), { status: 404 });
    await assert.rejects(t.remote('inbox', t.delegate).info().then(info => {
      if (info.error !== undefined) throw info;
    }));
  },

  async 'what the gate refuses is named and the rest goes on'(t) {
    const one = local();
    const desk = t.remote('desk-xke', t.delegate);
    await one.bulkDocs([{ _id: 'xke:nonsense:1', type: 'nonsense' }, { _id: 'fra:nonsense:1' }]);
    const pushed = await one.replicate.to(desk);
    assert.equal(pushed.doc_write_failures, 2);
    assert.equal((await desk.info()).doc_count, 0);
  },

  async 'a document of many leaves goes up and comes down'(t) {
    const one = local();
    const other = local();
    await one.bulkDocs(crowd('crowd'), { new_edits: false });
    await one.replicate.to(t.db, { doc_ids: ['crowd'] });
    await other.replicate.from(t.db, { doc_ids: ['crowd'] });
    const open = await other.get('crowd', { open_revs: 'all' });
    assert.equal(open.length, CROWD);
    assert.deepEqual((await leaves(other)).crowd, (await leaves(one)).crowd);
    assert.equal((await t.db.get('crowd'))._rev, (await one.get('crowd'))._rev);
  },
};

const secretariat = await Secretariat.start(process.argv[2]);
const admin = await secretariat.join('secretariat', 'secretariat');
const context = {
  db: secretariat.remote('interop', admin),
  delegate: await secretariat.join('xke', 'delegate'),
  remote: (name, auth) => secretariat.remote(name, auth),
};
await context.db.info();
await run(tests, context, () => secretariat.stop());
