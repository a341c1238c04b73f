// What an account's exchanges cost on the wire: the same, played by Valise and by PouchDB.
//
// SPDX-License-Identifier: GPL-3.0-or-later

import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { PEER_DESK, Place, folder as here, run, say, sleep } from './places.mjs';

const NOTE = 500; // bytes
const LONG_NOTE = 10000;
const FILE = 1 << 20;
const CUT_MS = 10000; // to go on by itself
const CUT_PATIENCE = 12000; // looks, 10 ms apart, until half has come
const SEEDED = 1000000; // numbers of notes from here on are the laptop's own

function middle(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

export function median(costs) {
  const all = {};
  for (const key of Object.keys(costs[0])) {
    if (typeof costs[0][key] === 'number') all[key] = middle(costs.map(cost => cost[key]));
  }
  return all;
}

function paper(number) {
  const words = ['States', 'capacity', 'confidence', 'measures', 'security', 'building', 'norms'];
  let text = `A/AC.292/2026/WP.${number}\n\nA view on item ${number}\n\n`;
  for (let i = 1; i <= 40; i += 1) {
    text += `${i}. States`;
    for (let j = 0; j < 22; j += 1) text += ` ${words[(i * 7 + j * j) % 7]} ${randomBytes(1).toString('hex')}`;
    text += '.\n\n';
  }
  const path = join(here, `A_AC.292_2026_WP.${number}-en.txt`);
  writeFileSync(path, text);
  return path;
}

// A secretariat with @count texts in `public` and as many notes in each participant's desk.
export async function makeAccount(build, count) {
  say(`an account with ${count} texts and as many notes`);
  const place = await Place.make(build, true);
  place.fill(count);
  await place.serve();
  place.makePeerDesk();
  for (const [author, desk] of [[place.open('XKE'), 'desk-xke'], [place.openPouch('XOR'), PEER_DESK]]) {
    await author.ask(`notes 0 ${count} ${NOTE} -`);
    await author.ask('sync');
    await author.end();
    const arrived = place.documents('XKE', desk);
    if (arrived !== count) throw new Error(`${arrived} notes of ${count} arrived`);
  }
  return place;
}

// One laptop of each kind, whose program is open.
async function openBoth(place) {
  return [
    { talker: place.open('XKE'), pull: 'sync' },
    { talker: place.openPouch('XOR'), pull: 'pull' },
  ];
}

// The same for both, one after the other: [ours, the peer's].
async function both(place, laptops, action) {
  const costs = [];
  for (const laptop of laptops) costs.push(await place.measure(() => action(laptop)));
  return costs;
}

async function playFirst(place, rows) {
  const laptops = await openBoth(place);
  for (const { talker } of laptops) await talker.ask('memory'); // it has started
  rows.initial.push(await both(place, laptops, laptop => laptop.talker.ask(laptop.pull)));
  rows.firstPush.push(await both(place, laptops, laptop => laptop.talker.ask('sync')));
  return laptops;
}

async function playChanges(place, laptops, rows, round) {
  const sync = laptop => laptop.talker.ask('sync');
  const own = SEEDED + 10 * round;
  const write = async line => {
    for (const { talker } of laptops) await talker.ask(line);
  };

  // What an earlier scenario left to be said, and a line that was cut, is not idleness.
  for (const { talker } of laptops) await talker.ask('sync');
  rows.idle.push(await both(place, laptops, sync));
  place.import(paper(9000 + round), '--language', 'en');
  rows.changeDown.push(await both(place, laptops, sync));
  await write(`notes ${own} 1 ${NOTE} -`);
  rows.changeUp.push(await both(place, laptops, sync));
  await write(`notes ${own + 1} 1 ${LONG_NOTE} -`);
  await both(place, laptops, sync);
  await write(`edit ${own + 1}`);
  rows.field.push(await both(place, laptops, sync));
}

// A paper with a file: ours names it by its digest, PouchDB's has it attached.
async function playFile(place, laptops, rows) {
  const [ours, peer] = laptops;
  const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(FILE - 9)]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const original = paper(8000).replace('.txt', '.pdf');
  const own = SEEDED + 5;

  writeFileSync(original, bytes);
  place.import(original.replace('.pdf', '.txt'), '--language', 'en');
  place.import(original);
  await ours.talker.ask(`notes ${own} 1 ${NOTE} ${sha256}`);
  await peer.talker.ask(`attach ${own} ${FILE}`);
  await both(place, laptops, laptop => laptop.talker.ask('sync'));
  for (const { talker } of laptops) await talker.ask(`edit ${own}`);
  rows.file.push(await both(place, laptops, laptop => laptop.talker.ask('sync')));
}

// The line breaks half way, once: what comes down twice. Who has not gone on by itself after a
// while is ended and started again.
async function resume(place, open, folder, pull, whole) {
  const first = open(folder);
  await first.ask('memory');
  await place.relay.ask('zero');
  await place.relay.ask(`cut ${Math.floor(whole / 2)}`);
  const asked = first.ask(pull, { mayFail: true }).catch(error => ({ error }));
  for (let i = 0; (await place.relay.ask('get')).armed; i += 1) {
    if (i > CUT_PATIENCE) throw new Error('the line was not cut');
    await sleep(10);
  }
  const answer = await Promise.race([asked, sleep(CUT_MS).then(() => ({ error: 'late' }))]);
  await first.kill();
  if (answer.error) {
    const second = open(folder);
    await second.ask(pull);
    await second.end();
  }
  const { down, up } = await place.count();
  return { down: Math.max(down - whole, 0), up, whole };
}

async function playCut(place, rows) {
  const whole = side => middle(rows.initial.map(costs => costs[side].down));

  rows.cut.push([
    await resume(place, folder => place.open('XKE', folder), place.join('XKE'), 'sync', whole(0)),
    await resume(place, folder => place.openPouch('XOR', folder), place.join('XOR'), 'pull', whole(1)),
  ]);
}

// { name: [{ ours, peer }] } as medians over @rounds.
export async function playWire(place, rounds) {
  const rows = {
    initial: [], firstPush: [], idle: [], changeDown: [], changeUp: [], field: [], file: [], cut: [], floor: [],
  };
  let laptops;
  say('first pulls');
  for (let round = 0; round < Math.min(rounds, 3); round += 1) {
    for (const { talker } of laptops || []) await talker.end();
    laptops = await playFirst(place, rows);
    rows.floor.push([await place.floor('XKE')]);
  }
  say('a line that is cut');
  await playCut(place, rows);
  say('changes, each way');
  for (let round = 0; round < rounds; round += 1) await playChanges(place, laptops, rows, round);
  await playFile(place, laptops, rows);
  for (const { talker } of laptops) await talker.end();
  const figures = {};
  for (const [name, costs] of Object.entries(rows)) {
    figures[name] = { ours: median(costs.map(pair => pair[0])) };
    if (costs[0].length > 1) figures[name].peer = median(costs.map(pair => pair[1]));
  }
  return figures;
}

// Bytes down for the corpus, and of its JSON; null where it is not here.
export async function playCorpus(build, corpus) {
  say('the corpus');
  const place = await Place.make(build, true);
  run('sh', '-c', `exec "$0" import "$1" ${corpus}/*/*.xml`, place.server, place.home);
  await place.serve();
  place.makePeerDesk();
  const laptop = place.open('XKE');
  const peer = place.openPouch('XOR');
  await peer.ask('memory');
  const ours = await place.measure(() => laptop.ask('sync'));
  const theirs = await place.measure(() => peer.ask('pull'));
  const { user, password } = place.credentials(place.join('XKE'));
  const raw = run('curl', '-sSk', '--fail', '-u', `${user}:${password}`,
    `${place.url}/public/_all_docs?include_docs=true`);
  const floor = await place.floor('XKE');
  await laptop.end();
  await peer.end();
  await place.close();
  return { ours, peer: theirs, floor, raw: Buffer.byteLength(raw) };
}
