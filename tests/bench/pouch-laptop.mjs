// A program with PouchDB (leveldb) that stays open, told what to do: the peer beside bench-laptop.
//
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Usage: node pouch-laptop.mjs URL USER PASSWORD DESK FOLDER. For each line of standard input it
// does one thing and answers by one line of JSON:
//   pull                   public, states and the desk, all at once
//   sync                   the same, and the desk the other way
//   notes FIRST COUNT SIZE writes notes of SIZE bytes into the desk
//   edit NUMBER            changes one field of note NUMBER
//   attach NUMBER BYTES    writes a note with a file of BYTES bytes attached
//   memory                 { resident, peak } in bytes, from the kernel's account
// DESK is a database beside the programme: at a real desk revisions are ours, by their digests.
// PouchDB's defaults, but for connections that are kept, which spares it a handshake a request.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const modules = process.env.VALISE_INTEROP_MODULES || fileURLToPath(new URL('../interop', import.meta.url));
const PouchDB = createRequire(join(modules, 'x.js'))('pouchdb');
const [url, username, password, desk, folder] = process.argv.slice(2);
const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
const words = ['States', 'capacity', 'confidence', 'measures', 'security', 'building', 'programme',
  'mechanism', 'norms', 'dialogue', 'cooperation', 'assistance'];
const names = ['public', 'states', desk];
const local = {};
const remote = {};

for (const name of names) {
  local[name] = new PouchDB(join(folder, name));
  remote[name] = new PouchDB(`${url}/${name}`, {
    skip_setup: true,
    auth: { username, password },
    fetch: (address, options) => PouchDB.fetch(address, { ...options, agent }),
  });
}

function id(number) {
  return `xor:note:${number}`;
}

// Words that compress as prose does.
function note(number, size) {
  let seed = number % 1000003 + 1;
  const dice = limit => {
    seed = (seed * 48271) % 2147483647;
    return seed % limit;
  };
  let text = '';
  while (text.length + 60 < size) text += `${words[dice(words.length)]} ${dice(1024).toString(16)} `;
  return { _id: id(number), type: 'note', edited: 0, n: number, text };
}

async function all(jobs) {
  for (const result of await Promise.allSettled(jobs)) {
    if (result.status === 'rejected') throw result.reason;
    const { ok, doc_write_failures: failures, errors } = result.value;
    if (!ok || failures > 0) throw new Error(`not all was replicated: ${JSON.stringify(errors)}`);
  }
}

const pulls = () => names.map(name => PouchDB.replicate(remote[name], local[name]));

const commands = {
  pull: () => all(pulls()),
  sync: () => all([...pulls(), PouchDB.replicate(local[desk], remote[desk])]),
  async notes(first, count, size) {
    for (let i = first; i < first + count; i += 1) await local[desk].put(note(i, size));
  },
  async edit(number) {
    const { ...doc } = await local[desk].get(id(number));
    await local[desk].put({ ...doc, edited: doc.edited + 1 });
  },
  async attach(number, bytes) {
    const data = randomBytes(bytes);
    await local[desk].put({ ...note(number, 500),
      _attachments: { 'paper.pdf': { content_type: 'application/pdf', data } } });
  },
  memory() {
    const status = readFileSync('/proc/self/status', 'utf8');
    const read = name => 1024 * Number(new RegExp(`${name}:\\s*(\\d+)`).exec(status)[1]);
    return { resident: read('VmRSS'), peak: read('VmHWM') };
  },
};

for await (const line of createInterface(process.stdin)) {
  const [name, ...numbers] = line.split(' ');
  const start = process.hrtime.bigint();
  let answer;
  try {
    const figures = await commands[name](...numbers.map(Number));
    answer = figures || { milliseconds: Number(process.hrtime.bigint() - start) / 1e6 };
  } catch (error) {
    answer = { error: String(error.message || error) };
  }
  console.log(JSON.stringify(answer));
}
for (const name of names) await local[name].close();
process.exit(0);
