// PouchDB as oracle: of each line {docs, winner, deleted}, the leaves go in by replication, in an
// order of its own, and the winner must be the one told.
// Usage: node convergence-oracle.js FILE; 77 where PouchDB is not installed
//
// SPDX-License-Identifier: GPL-3.0-or-later

'use strict';

const fs = require('node:fs');
const path = require('node:path');

const modules = process.env.VALISE_INTEROP_MODULES || path.join(__dirname, '..', 'interop');
let PouchDB;
try {
  PouchDB = require(path.join(modules, 'node_modules', 'pouchdb'));
  PouchDB.plugin(require(path.join(modules, 'node_modules', 'pouchdb-adapter-memory')));
} catch (error) {
  process.exit(77);
}

// Every document is there as often as it has leaves: last first, one call for each.
async function main() {
  const database = new PouchDB('oracle', { adapter: 'memory' });
  const lines = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map(JSON.parse);
  const most = Math.max(...lines.map(line => line.docs.length));
  for (let i = 0; i < most; i += 1) {
    const docs = lines.map(line => line.docs[line.docs.length - 1 - i]).filter(Boolean);
    await database.bulkDocs(docs, { new_edits: false });
  }
  let failed = 0;
  for (const { docs, winner, deleted } of lines) {
    const id = docs[0]._id;
    const open = await database.get(id, { open_revs: 'all' });
    const revs = open.map(one => one.ok._rev).sort();
    const { results } = await database.changes({ doc_ids: [id], style: 'main_only' });
    const found = results[0].changes[0].rev;
    const expected = docs.map(doc => doc._rev).sort();
    if (found !== winner || !!results[0].deleted !== deleted || String(revs) !== String(expected)) {
      failed += 1;
      console.log(`${id}: PouchDB says ${found}, not ${winner}`);
    }
  }
  console.log(`${lines.length} histories, ${failed} judged otherwise by PouchDB`);
  process.exit(failed === 0 ? 0 : 1);
}

main();
