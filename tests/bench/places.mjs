// What the scenarios are played with: a secretariat, a relay that counts, laptops of both kinds.
//
// SPDX-License-Identifier: GPL-3.0-or-later

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const PEER_DESK = 'bench-desk';
const PATIENCE_MS = 8 * 60 * 1000; // for one answer
const QUIET_MS = 60; // without a byte: an exchange is over

// No keyring: what a laptop keeps is in its folder. And one record more, for what is written at a desk.
const records = fileURLToPath(new URL('records', import.meta.url));
const env = {
  ...process.env,
  DBUS_SESSION_BUS_ADDRESS: 'disabled:',
  G_RESOURCE_OVERLAYS: `/org/valise/Valise/programme/records=${records}`,
};

export const folder = mkdtempSync(join(process.env.VALISE_BENCH_FOLDER || tmpdir(), 'valise-bench-'));
const running = new Set();
let made = 0;

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

export function fresh(name) {
  made += 1;
  return join(folder, `${name}-${made}`);
}

// What is being played, and since when: on standard error, beside the table.
export function say(what) {
  if (process.stderr.isTTY || process.env.VALISE_BENCH_VERBOSE) {
    console.error(`${Math.round(process.uptime())} s: ${what}`);
  }
}

export function sleep(ms) {
  return new Promise(resolve => { setTimeout(resolve, ms); });
}

// What @program prints.
export function run(program, ...args) {
  return execFileSync(program, args, { encoding: 'utf8', env, maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', process.env.VALISE_BENCH_VERBOSE ? 'inherit' : 'ignore'] });
}

// A program that answers each line by a line of JSON.
export class Talker {
  constructor(program, ...args) {
    const log = openSync(join(folder, 'talkers.log'), 'a');
    this.name = program;
    this.child = spawn(program, args, { env, stdio: ['pipe', 'pipe', log] });
    this.lines = createInterface(this.child.stdout)[Symbol.asyncIterator]();
    running.add(this.child);
    this.child.once('exit', () => running.delete(this.child));
  }

  async read() {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${this.name} does not answer`)), PATIENCE_MS);
    });
    const { value, done } = await Promise.race([this.lines.next(), late]);
    clearTimeout(timer);
    if (done) throw new Error(`${this.name} ended: ${readFileSync(join(folder, 'talkers.log'), 'utf8').slice(-500)}`);
    return JSON.parse(value);
  }

  // Where it @mayFail, its error is part of the answer.
  async ask(line, { mayFail = false } = {}) {
    this.child.stdin.write(`${line}\n`);
    const answer = await this.read();
    if (answer.error && !mayFail) throw new Error(`${this.name}: ${line}: ${answer.error}`);
    return answer;
  }

  // Processor time so far, in ms.
  processor() {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  async kill() {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  async end() {
    const gone = once(this.child, 'exit');
    this.child.stdin.end();
    await gone;
  }
}

// --- a secretariat ------------------------------------------------------------------------------

export class Place {
  // @build: the build folder. @counted: whether laptops go through the relay.
  static async make(build, counted) {
    const self = new Place();
    self.build = build;
    self.home = fresh('secretariat');
    self.log = `${self.home}.log`;
    self.server = join(build, 'app', 'valise-server');
    run(self.server, 'init', self.home, '--name', 'Bench');
    if (counted) {
      self.relay = new Talker(join(build, 'tests', 'bench', 'count-relay'));
      self.url = (await self.relay.read()).url;
    }
    return self;
  }

  fill(count, first = 0) {
    run(join(this.build, 'tests', 'bench', 'fill-programme'), this.home, String(count), String(first));
  }

  async serve() {
    this.child = spawn(this.server, ['serve', this.home, '--listen', '127.0.0.1:0'],
      { env, stdio: ['ignore', 'pipe', openSync(this.log, 'a')] });
    running.add(this.child);
    const [line] = await once(createInterface(this.child.stdout), 'line');
    this.direct = line.replace('listening on ', '');
    if (this.relay) await this.relay.ask(`target ${new URL(this.direct).port}`);
    else this.url = this.direct;
  }

  async stop() {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
    running.delete(this.child);
  }

  async close() {
    await this.stop();
    if (this.relay) await this.relay.end();
    rmSync(this.home, { recursive: true });
  }

  import(...args) {
    return run(this.server, 'import', this.home, ...args);
  }

  // What PouchDB writes to: a database that delegates may write to, and the programme's rules leave alone.
  makePeerDesk() {
    const { user, password } = this.credentials(this.join('secretariat', 'secretariat'));
    const put = (path, body) => run('curl', '-sSk', '--fail', '-u', `${user}:${password}`, '-X', 'PUT',
      '-H', 'Content-Type: application/json', '-d', body, `${this.url}/${path}`);
    put(PEER_DESK, '');
    put(`${PEER_DESK}/_security`, '{"members":{"names":[],"roles":["delegate"]}}');
  }

  // How many documents @database holds, as one of @participant's sees it.
  documents(participant, database) {
    const { user, password } = this.credentials(this.join(participant));
    return JSON.parse(run('curl', '-sSk', '--fail', '-u', `${user}:${password}`, `${this.url}/${database}`)).doc_count;
  }

  requests() {
    return readFileSync(this.log, 'utf8').split('"method"').length - 1;
  }

  // The folder of a laptop of @participant's that joined, and has nothing yet.
  join(participant, role = 'delegate') {
    const invitation = fresh('invitation');
    const laptop = fresh('laptop');
    writeFileSync(invitation, run(this.server, 'invite', this.home, '--participant', participant,
      '--role', role, '--name', 'Bench', '--url', this.url));
    run(join(this.build, 'app', 'valisectl'), 'join', invitation, '--data', laptop);
    return laptop;
  }

  // { user, password } of the account in @laptop.
  credentials(laptop) {
    const account = join(laptop, readdirSync(laptop)[0]);
    const read = name => JSON.parse(readFileSync(join(account, name), 'utf8'));
    return { user: read('account.json').user, password: read('secrets.json').password };
  }

  open(participant, laptop = this.join(participant)) {
    return new Talker(join(this.build, 'tests', 'bench', 'bench-laptop'), laptop);
  }

  openPouch(participant, laptop = this.join(participant)) {
    const { user, password } = this.credentials(laptop);
    const program = fileURLToPath(new URL('pouch-laptop.mjs', import.meta.url));
    return new Talker(process.execPath, program, this.url, user, password, PEER_DESK, laptop);
  }

  // Bytes down and up of everything until the line is quiet.
  async count() {
    let before = await this.relay.ask('get');
    for (;;) {
      await sleep(QUIET_MS);
      const now = await this.relay.ask('get');
      if (now.down === before.down && now.up === before.up) return now;
      before = now;
    }
  }

  // What @action costs, an exchange that answers { milliseconds }.
  async measure(action) {
    const requests = this.requests();
    await this.relay.ask('zero');
    const { milliseconds, error } = await action();
    const { down, up } = await this.count();
    return { milliseconds, down, up, requests: this.requests() - requests, error };
  }

  // The floor of a pull: curl of all documents, compressed, then one transaction of plain SQLite's.
  async floor(participant) {
    const { user, password } = this.credentials(this.join(participant));
    const file = fresh('floor');
    const fetch = () => {
      const start = process.hrtime.bigint();
      run('curl', '-sSk', '--compressed', '--fail', '-u', `${user}:${password}`, '-o', file,
        `${this.url}/public/_all_docs?include_docs=true`);
      return { milliseconds: Number(process.hrtime.bigint() - start) / 1e6 };
    };
    const cost = this.relay ? await this.measure(fetch) : fetch();
    const { rows, milliseconds } = JSON.parse(
      run(join(this.build, 'tests', 'bench', 'bulk-insert'), file, `${file}.sqlite`));
    for (const name of [file, `${file}.sqlite`]) rmSync(name, { force: true });
    return { ...cost, milliseconds: cost.milliseconds + milliseconds, rows };
  }
}
