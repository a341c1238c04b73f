// How fast a record comes in, and what memory it takes: Valise, PouchDB, and the floor.
//
// SPDX-License-Identifier: GPL-3.0-or-later

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { Place, run, say } from './places.mjs';
import { median } from './wire.mjs';

// A first pull by a program that is just started: time, its processor time, memory above idle.
async function pull(talker, command) {
  const { resident } = await talker.ask('memory');
  const before = talker.processor();
  const { milliseconds } = await talker.ask(command);
  const processor = talker.processor() - before;
  const { peak } = await talker.ask('memory');
  await talker.end();
  return { milliseconds, processor, memory: peak - resident };
}

async function pullOurs(place) {
  const laptop = place.join('XKE');
  const cost = await pull(place.open('XKE', laptop), 'sync');
  rmSync(laptop, { recursive: true });
  return cost;
}

async function pullPeer(place) {
  const laptop = place.join('XOR');
  const cost = await pull(place.openPouch('XOR', laptop), 'pull');
  rmSync(laptop, { recursive: true });
  return cost;
}

// Until all of it can be searched.
function pullIndexed(place) {
  const laptop = place.join('XKE');
  const figures = JSON.parse(run(join(place.build, 'app', 'valisectl'), 'sync', '--once', '--json', '--index',
    '--data', laptop));
  rmSync(laptop, { recursive: true });
  return { milliseconds: figures.searchable_milliseconds };
}

// @rounds of @few texts in turn, then once as many as @many.
export async function playPace(build, few, many, rounds) {
  say(`pulls of ${few} texts`);
  const place = await Place.make(build, false);
  place.fill(few);
  await place.serve();
  place.makePeerDesk();
  const costs = { ours: [], peer: [], indexed: [], floor: [] };
  for (let round = 0; round < rounds; round += 1) {
    costs.ours.push(await pullOurs(place));
    costs.peer.push(await pullPeer(place));
    costs.indexed.push(pullIndexed(place));
    costs.floor.push(await place.floor('XKE'));
  }
  say(`pulls of ${many} texts`);
  await place.stop();
  place.fill(many - few, few);
  await place.serve();
  const large = { ours: await pullOurs(place), peer: await pullPeer(place), floor: await place.floor('XKE') };
  await place.close();
  return { few: Object.fromEntries(Object.entries(costs).map(([name, list]) => [name, median(list)])), large };
}

// In 50,000 texts, in ms: { p50, p95 } of a processor, and { wall: { p50, p95 } }, which is what one waits for.
export function playSearch(build) {
  say('searches');
  const text = run(join(build, 'tests', 'bench', 'bench-search'));
  const read = what => {
    const [, p50, p95] = new RegExp(`^${what}, at rest: p50 ([\\d.]+) ms, p95 ([\\d.]+) ms`, 'm').exec(text);
    return { p50: Number(p50), p95: Number(p95) };
  };
  return { ...read('of one processor'), wall: read('search, top 20 with snippets') };
}

// First frames in ms, and memory in MB: an empty window, the sample, and 50,000 papers more.
export function playStart(build, display, folder) {
  say('first frames');
  mkdirSync(folder);
  const text = run(display, join(build, 'tests', 'bench', 'bench-start'), folder);
  const read = name => {
    const [, frame, memory] = new RegExp(`^${name} +frame +([\\d.]+) ms .* memory +([\\d.]+)`, 'm').exec(text);
    return { frame: Number(frame), memory: Number(memory) };
  };
  return { empty: read('empty window'), few: read('sample'), many: read('and many papers') };
}
