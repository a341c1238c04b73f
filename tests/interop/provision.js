// valise-server provision: against what Apache CouchDB's documentation promises, and against a
// foreign server that runs the rules, in TAP.
// Usage: node provision.js VALISE_SERVER
//
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Couch } from './couch.js';
import { folder, Foreign, PouchDB, run } from './interop.js';

const program = process.argv[2];
const admin = { VALISE_USER: 'admin', VALISE_PASSWORD: 'secret' };
const relay = { VALISE_RELAY_PASSWORD: 'carry' };
const seal = { key: '0123456789abcdef', issue: 7, signature: 'A'.repeat(86) };
const body = { type: 'body', key: 'poa', name: { en: 'Programme of Action' }, seal };
const people = [
  { name: 'officer', password: 'one', participant: 'secretariat', role: 'secretariat' },
  { name: 'xke-1', password: 'two', participant: 'xke', role: 'delegate' },
  { name: 'org-1', password: 'three', participant: 'org-icrc', role: 'observer' },
  { name: 'chair-1', password: 'four', participant: 'xor', role: 'chair' },
];

async function provision(url, environment = {}, options = [], users = people) {
  const list = join(folder, 'users.json');
  writeFileSync(list, JSON.stringify(users));
  const child = spawn(program, ['provision', url, '--profile', 'poa', '--users', list, ...options],
    { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.on('data', piece => { out += piece; });
  child.stderr.on('data', piece => { out += piece; });
  const [status] = await once(child, 'close');
  for (const secret of ['secret', 'carry', 'three']) assert.ok(!out.includes(`${secret}"`), out);
  return { status, out };
}

async function prepared(couch, environment = { ...admin, ...relay }, ...more) {
  const done = await provision(couch.url, environment, ...more);
  assert.equal(done.status, 0, done.out);
  return done.out;
}

const roles = (couch, database) => couch.databases[database].security.members.roles;

const tests = {
  async 'a dry run tells everything and changes nothing'() {
    const couch = await Couch.start();
    const told = await prepared(couch, { ...admin, ...relay }, ['--dry-run']);
    assert.deepEqual(couch.changes(), []);
    const done = await prepared(couch);
    assert.equal(done.replace(/^(?=made|set)/gm, 'would have '), told.replace('to change', 'changed'));
    await couch.stop();
  },

  async 'a second run finds all as it should be'() {
    const couch = await Couch.start();
    await prepared(couch);
    const before = couch.changes().length;
    assert.match(await prepared(couch), /^0 changed, [1-9]\d* as they should be$/m);
    assert.equal(couch.changes().length, before);
    await couch.stop();
  },

  async 'every database has its members and its rules, the rules first'() {
    const couch = await Couch.start();
    await prepared(couch);
    assert.deepEqual(Object.keys(couch.databases).sort(), ['_replicator', '_users', 'bureau',
      'desk-org-icrc', 'desk-xke', 'desk-xor', 'inbox', 'languages', 'public', 'states', 'team-secretariat']);
    assert.ok(roles(couch, 'public').includes('observer'));
    assert.deepEqual(roles(couch, 'states'), ['chair', 'secretariat', 'states', 'relay']);
    assert.deepEqual(roles(couch, 'desk-xke'), ['secretariat', 'participant:xke', 'relay']);
    assert.deepEqual(roles(couch, 'inbox'), ['secretariat', 'relay']);
    assert.deepEqual(roles(couch, 'bureau'), ['chair', 'secretariat', 'relay']);
    for (const [name, { documents, security }] of Object.entries(couch.databases)) {
      if (name.startsWith('_')) continue;
      assert.match(documents['_design/valise'].validate_doc_update, new RegExp(`"database":"${name}"`));
      assert.deepEqual(security.admins, { names: [], roles: ['_admin'] });
      const order = couch.changes().filter(({ path }) => path.startsWith(`/${name}/`)).map(({ path }) => path);
      assert.deepEqual(order, [`/${name}/_design/valise`, `/${name}/_security`]);
    }
    await couch.stop();
  },

  async 'users have their roles, and nobody’s password is changed'() {
    const couch = await Couch.start();
    await prepared(couch);
    const users = couch.databases._users.documents;
    assert.deepEqual(users['org.couchdb.user:xke-1'].roles, ['delegate', 'participant:xke', 'states']);
    assert.deepEqual(users['org.couchdb.user:org-1'].roles, ['observer', 'participant:org-icrc']);
    assert.deepEqual(users['org.couchdb.user:valise-relay'].roles, ['relay']);
    couch.asked.length = 0;
    const out = await prepared(couch, { ...admin, ...relay }, [],
      people.map(user => (user.name === 'xke-1' ? { ...user, role: 'head', password: undefined } : user)));
    assert.match(out, /^set user xke-1$/m);
    const [{ body: sent }, ...others] = couch.changes();
    assert.deepEqual(others, []);
    assert.equal(sent.password, undefined);
    assert.equal(sent.derived_key, 'ab12');
    assert.deepEqual(sent.roles, ['head', 'participant:xke', 'states']);
    await couch.stop();
  },

  async 'a relay joins each desk with the inbox, and only its own'() {
    const couch = await Couch.start();
    await prepared(couch, { ...admin, ...relay }, ['--relay-url', 'https://couch.example:6984']);
    const jobs = couch.databases._replicator.documents;
    assert.equal(Object.keys(jobs).length, 6);
    const out = jobs['valise:desk-xke:inbox'];
    const back = jobs['valise:inbox:desk-xke'];
    assert.equal(out.source.url, 'https://couch.example:6984/desk-xke');
    assert.deepEqual(out.source.auth, { basic: { username: 'valise-relay', password: 'carry' } });
    assert.ok(out.continuous && back.continuous && !out.create_target);
    assert.deepEqual(back.selector, { _id: { $gte: 'xke:', $lt: 'xke;' } });
    assert.deepEqual(out.selector, { _id: { $gte: 'xke:', $lt: 'xke;' } }, 'both ways');
    // Whatever a relay may not write, a design document say, it does not try to carry.
    for (const job of Object.values(jobs)) assert.ok(job.selector, job._id);
    await couch.stop();
  },

  async 'what somebody changed by hand is put right, and told'() {
    const couch = await Couch.start();
    await prepared(couch);
    couch.databases.public.documents['_design/valise'].validate_doc_update = 'function () {}';
    couch.databases.states.security.members.roles.push('observer');
    const out = await prepared(couch);
    assert.match(out, /^set the rules of public$/m);
    assert.match(out, /^set the members of states$/m);
    assert.match(out, /^2 changed/m);
    await couch.stop();
  },

  async 'whatever somebody changed, all of it is put right at once, and their own is left'() {
    const couch = await Couch.start();
    await prepared(couch);
    const jobs = couch.databases._replicator.documents;
    const users = couch.databases._users.documents;
    delete couch.databases.languages;
    delete couch.databases.bureau.documents['_design/valise'];
    delete jobs['valise:inbox:desk-org-icrc'];
    delete jobs['valise:desk-xke:inbox'].selector;
    jobs['valise:inbox:desk-xke'].target.url = 'https://elsewhere.example/desk-xke';
    users['org.couchdb.user:xke-1'].roles = ['delegate', '_admin'];
    users['org.couchdb.user:org-1'].nickname = 'kept';
    couch.databases.inbox.security.members.names = ['friend'];
    couch.databases.states.documents['_design/theirs'] = { _id: '_design/theirs', _rev: '1-a', views: {} };
    Object.assign(jobs['valise:desk-xor:inbox'], { _replication_state: 'triggered', user_ctx: null });
    const out = await prepared(couch);
    assert.deepEqual(out.trim().split('\n').slice(0, -1), [
      'set the members of inbox', 'set the rules of bureau', 'made database languages', 'set the rules of languages',
      'set the members of languages', 'set user xke-1', 'set relay from desk-xke to inbox',
      'set relay from inbox to desk-xke', 'set relay from inbox to desk-org-icrc',
    ].sort((a, b) => out.indexOf(a) - out.indexOf(b)));
    assert.match(out, /^9 changed/m);
    assert.deepEqual(users['org.couchdb.user:xke-1'].roles, ['delegate', 'participant:xke', 'states']);
    assert.equal(users['org.couchdb.user:xke-1'].derived_key, 'ab12');
    assert.equal(users['org.couchdb.user:org-1'].nickname, 'kept');
    assert.ok(couch.databases.states.documents['_design/theirs']);
    assert.equal(jobs['valise:desk-xke:inbox'].owner, 'admin');
    assert.match(jobs['valise:inbox:desk-xke'].target.url, /^http:\/\/127\.0\.0\.1:5984\/desk-xke$/);
    assert.match(await prepared(couch), /^0 changed/m);
    await couch.stop();
  },

  async 'a participant who comes later gets what they need, and nothing else is touched'() {
    const couch = await Couch.start({ cluster: true });
    await prepared(couch);
    couch.asked.length = 0;
    const out = await prepared(couch, { ...admin, ...relay }, [],
      [...people, { name: 'xto-1', password: 'five', participant: 'xto', role: 'delegate' }]);
    assert.match(out, /^6 changed/m);
    assert.deepEqual(couch.changes().map(({ path }) => decodeURIComponent(path)), [
      '/desk-xto', '/desk-xto/_design/valise', '/desk-xto/_security', '/_users/org.couchdb.user:xto-1',
      '/_replicator/valise:desk-xto:inbox', '/_replicator/valise:inbox:desk-xto',
    ]);
    await couch.stop();
  },

  async 'a relay that was given another password has it everywhere'() {
    const couch = await Couch.start();
    await prepared(couch);
    delete couch.databases._users.documents['org.couchdb.user:valise-relay'];
    const out = await prepared(couch, { ...admin, VALISE_RELAY_PASSWORD: 'fetch' });
    assert.match(out, /^7 changed/m, 'the user, and each of six relays');
    for (const { source, target } of Object.values(couch.databases._replicator.documents)) {
      assert.deepEqual([source.auth.basic.password, target.auth.basic.password], ['fetch', 'fetch']);
    }
    await couch.stop();
  },

  async 'a run that was cut anywhere is finished by the next'() {
    const whole = await Couch.start();
    await prepared(whole);
    for (const after of [1, 9, 25, 39]) {
      const couch = await Couch.start();
      couch.fails = after;
      const cut = await provision(couch.url, { ...admin, ...relay });
      assert.equal(cut.status, 1, cut.out);
      delete couch.fails;
      await prepared(couch);
      const text = ({ databases, url }) => JSON.stringify(databases).replaceAll(url, '');
      assert.deepEqual(JSON.parse(text(couch)), JSON.parse(text(whole)));
      await couch.stop();
    }
    await whole.stop();
  },

  async 'the rules as they were pushed say what the table of vectors says'() {
    const couch = await Couch.start();
    await prepared(couch);
    const gates = join(folder, 'gates');
    mkdirSync(gates, { recursive: true });
    for (const [name, { documents }] of Object.entries(couch.databases)) {
      if (documents['_design/valise']) writeFileSync(join(gates, `${name}.js`), documents['_design/valise'].validate_doc_update);
    }
    // The table has records of its own, which no programme ships: their vectors are left out here.
    const programme = join(dirname(fileURLToPath(import.meta.url)), '..', 'programme');
    const lines = readFileSync(join(programme, 'gate-vectors.json'), 'utf8').split('\n');
    const own = JSON.parse(lines.join('\n')).records.map(({ type }) => `"type": "${type}"`);
    const vectors = lines.filter(line => line.startsWith('{"name"') && !own.some(type => line.includes(type)));
    const table = join(folder, 'vectors.json');
    writeFileSync(table, `{"vectors": [\n${vectors.map(line => line.replace(/,$/, '')).join(',\n')}\n]}\n`);
    for (const trick of ['a new root at a high generation', 'a late tombstone']) {
      assert.ok(vectors.some(line => line.startsWith(`{"name": "${trick}`)), trick);
    }
    const { status, stdout } = spawnSync('node', [join(programme, 'gate-vectors.js'), table, gates], { encoding: 'utf8' });
    console.log(`# ${stdout.trim().replace(/\n/g, '\n# ')}`);
    assert.equal(status, 0);
    await couch.stop();
  },

  async 'an old CouchDB is refused before anything is made'() {
    for (const version of ['2.3.1', '3.2.2', '1.7.2']) {
      const couch = await Couch.start({ version });
      const done = await provision(couch.url, { ...admin, ...relay });
      assert.equal(done.status, 1);
      assert.match(done.out, /older than 3\.3/);
      assert.deepEqual(couch.changes(), []);
      await couch.stop();
    }
    for (const version of ['3.3.0', '3.5.0', '4.0.0']) {
      const couch = await Couch.start({ version });
      await prepared(couch);
      await couch.stop();
    }
  },

  async 'who is no administrator changes nothing'() {
    const couch = await Couch.start();
    for (const environment of [{}, { ...admin, VALISE_PASSWORD: 'wrong' }]) {
      assert.equal((await provision(couch.url, environment)).status, 1);
    }
    assert.deepEqual(couch.changes(), []);
    await couch.stop();
  },

  async 'a user without a password, or of no role, is named'() {
    const couch = await Couch.start();
    const nobody = await provision(couch.url, admin, [], [{ name: 'x', participant: 'xke', role: 'delegate' }]);
    assert.equal(nobody.status, 1);
    assert.match(nobody.out, /x is not a user yet/);
    const king = await provision(couch.url, admin, [], [{ name: 'x', password: 'y', participant: 'xke', role: 'king' }]);
    assert.match(king.out, /user 1 lacks/);
    const stranger = await provision(couch.url, admin, [], [{ name: 'x', password: 'y', participant: 'Xke!', role: 'delegate' }]);
    assert.match(stranger.out, /no participant/);
    await couch.stop();
  },

  async 'a foreign server runs the rules'() {
    const foreign = await Foreign.start({ admin: 'secret' });
    const done = await provision(foreign.url, admin);
    assert.equal(done.status, 0, done.out);
    const as = (user, name) => new PouchDB(`${foreign.url}/${name}`,
      { skip_setup: true, auth: user && { username: user.name, password: user.password } });
    const [officer, delegate, observer] = people;
    await as(officer, 'public').put({ _id: 'body:poa', ...body });
    assert.equal((await as(observer, 'public').get('body:poa')).key, 'poa');
    await assert.rejects(as(delegate, 'public').put({ _id: 'body:xke', ...body, key: 'xke' }),
      error => /role: xke-1 may not create a body/.test(error.reason || error.message));
    await assert.rejects(as(officer, 'public').put({ _id: 'body:ga', ...body, key: 'ga', seal: undefined }),
      error => /: seal: /.test(error.reason || error.message));
    await assert.rejects(as(officer, 'public').remove(await as(officer, 'public').get('body:poa')),
      error => /: tombstone: /.test(error.reason || error.message));
    await assert.rejects(as(null, 'public').get('body:poa'));
    await assert.rejects(as(observer, 'states').allDocs());
    await assert.rejects(as(delegate, 'desk-xor').allDocs());
    assert.equal((await as(delegate, 'desk-xke').allDocs()).total_rows, 1, 'its rules alone');
    // As replication brings it: the rest goes on.
    const { docs } = { docs: [
      { _id: 'body:one', _rev: `1-${'1'.repeat(32)}`, ...body, key: 'one' },
      { _id: 'body:two', _rev: `1-${'2'.repeat(32)}`, ...body, key: 'three' },
    ] };
    await as(officer, 'public').bulkDocs(docs, { new_edits: false });
    assert.equal((await as(officer, 'public').get('body:one')).key, 'one');
    await assert.rejects(as(officer, 'public').get('body:two'), { status: 404 });
    const again = await provision(foreign.url, admin);
    assert.match(again.out, /^0 changed/m);
    await foreign.stop();
  },
};

await run(tests, {}, async () => {});
