// The gate in JavaScript against the table, as a CouchDB calls it.
// Usage: node gate-vectors.js VECTORS.json FOLDER (of DATABASE.js)
//
// SPDX-License-Identifier: GPL-3.0-or-later

'use strict';

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const [vectorsPath, folder] = process.argv.slice(2);
const modules = process.env.VALISE_INTEROP_MODULES || path.join(__dirname, '..', 'interop');
const gates = {};
let failed = 0;

function load(name) {
  try {
    return require(path.join(modules, 'node_modules', name));
  } catch (error) {
    console.log(`${name} is not installed: the syntax is not checked`);
    return null;
  }
}

// What ES5 has, and nothing else.
const ES5 = {
  this: `Object Function Array String Boolean Number Date RegExp Error EvalError RangeError
    ReferenceError SyntaxError TypeError URIError Math JSON NaN Infinity undefined parseInt parseFloat isNaN
    isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent eval`,
  'Array.prototype': `constructor length toString toLocaleString concat join pop push reverse shift slice sort
    splice unshift indexOf lastIndexOf every some forEach map filter reduce reduceRight`,
  'String.prototype': `constructor length toString valueOf charAt charCodeAt concat indexOf lastIndexOf
    localeCompare match replace search slice split substring toLowerCase toUpperCase trim substr`,
  Object: `length name prototype getPrototypeOf getOwnPropertyDescriptor getOwnPropertyNames create
    defineProperty defineProperties seal freeze preventExtensions isSealed isFrozen isExtensible keys`,
  Number: 'length name prototype MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY',
  Math: `E LN10 LN2 LOG2E LOG10E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil cos exp floor log max min
    pow random round sin sqrt tan`,
};

function strip(context) {
  for (const [owner, names] of Object.entries(ES5).reverse()) {
    vm.runInContext(`(function (kept, owner) {
      Object.getOwnPropertyNames(owner).forEach(function (name) {
        if (kept.indexOf(name) < 0) { delete owner[name]; }
      });
    })(${JSON.stringify(names.split(/\s+/))}, ${owner})`, context);
  }
}

// A context with the language's own objects and nothing of node's, nor a way to make code.
function makeGate(file) {
  const context = vm.createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
  const source = fs.readFileSync(file, 'utf8');
  if (acorn) acorn.parse(`(${source})`, { ecmaVersion: 5 });
  // Documents are parsed within, as the view server does, so that arrays are its own.
  const call = vm.runInContext(`(function (gate) {
    return function (text) {
      var args = JSON.parse(text);
      try {
        gate(args[0], args[1], args[2], args[3]);
        return null;
      } catch (error) {
        if (error && (error.forbidden || error.unauthorized)) { return error.forbidden || error.unauthorized; }
        throw error;
      }
    };
  })(${source})`, context, { filename: file });
  strip(context);
  const names = vm.runInContext('[typeof process, typeof require, typeof console, typeof Buffer].join()', context);
  if (names !== 'undefined,undefined,undefined,undefined') throw new Error(`not bare: ${names}`);
  return call;
}

// A user of CouchDB: the account, and its participant among the roles.
function makeUser(vector) {
  if (vector.user === null && vector.source === 'peer') {
    return { db: vector.database, name: 'relay', roles: ['relay'] };
  }
  const roles = (vector.roles || []).slice();
  if (vector.participant !== null) roles.push(`participant:${vector.participant}`);
  return { db: vector.database, name: vector.user, roles };
}

// The text of a member, as it stands in the table: JavaScript would spell its numbers anew.
function withMembers(text, members) {
  const added = Object.keys(members).map(name => `${JSON.stringify(name)}:${JSON.stringify(members[name])}`);
  const rest = text.trim().slice(1);
  return `{${added.join(',')}${rest.trim() === '}' ? '' : ','}${rest}`;
}

function judge(vector, raw) {
  const seen = vector.couchdb || vector;
  const isObject = vector.document !== null && typeof vector.document === 'object' && !Array.isArray(vector.document);
  const document = withMembers(isObject ? raw : '{}', Object.assign(
    { _id: vector.id, _rev: vector.rev || '1-0', _revisions: { start: 1, ids: ['0'] } },
    vector.deleted ? { _deleted: true } : {}));
  const previous = seen.previous && Object.assign({ _id: vector.id, _rev: '1-0' }, seen.previous,
    vector.previous_deleted ? { _deleted: true } : {});
  const args = `[${document},${JSON.stringify(previous)},${JSON.stringify(makeUser(vector))},{"members":{},"admins":{}}]`;
  const said = gates[vector.database](args);
  const place = `${vector.id} in ${vector.database}: `;
  if (said === null) return 'allow';
  if (!said.startsWith(place)) throw new Error(`does not name the document: ${said}`);
  return said.slice(place.length).split(': ')[0];
}

const acorn = load('acorn');
for (const file of fs.readdirSync(folder)) {
  gates[path.basename(file, '.js')] = makeGate(path.join(folder, file));
}

const text = fs.readFileSync(vectorsPath, 'utf8');
const { vectors } = JSON.parse(text);
const lines = text.split('\n').filter(line => line.startsWith('{"name"')).map(line => line.replace(/,$/, ''));
let count = 0;
for (const [index, vector] of vectors.entries()) {
  // What comes from the account's own server is not put to a CouchDB's gate.
  if (vector.source === 'server' || !gates[vector.database]) continue;
  const raw = /"document": (.*), "previous": /.exec(lines[index])[1];
  const seen = vector.couchdb || vector;
  const expected = seen.rule || seen.verdict;
  let given;
  try {
    given = judge(vector, raw);
  } catch (error) {
    given = `${error}`;
  }
  count += 1;
  if (given !== expected) {
    failed += 1;
    console.log(`${vector.name}: expected ${expected}, the gate says ${given}`);
  }
}
console.log(`${count} of ${vectors.length} vectors, ${failed} failed`);
process.exit(failed === 0 && count >= 150 ? 0 : 1);
