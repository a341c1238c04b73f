  // Who may write what, as app/programme/valise-rules.c has it, for a CouchDB: role and shape.
  // RULES is made of data/profiles and data/records; this interpreter is the same everywhere.
  // ES5 and no more, without any global: SpiderMonkey 1.8.5 and QuickJS both run it.
  //
  // SPDX-License-Identifier: GPL-3.0-or-later

  var MAX_INTEGER = 9007199254740992;
  var MAX_SYMBOL = 160; // bytes
  var MAX_ID = 4096; // bytes
  var MAX_NESTING = 8;
  var DEFAULT_MAX = 1000; // bytes of a text, and elements of an array
  var id = newDoc._id;
  var localId = id;
  var record = null;
  var place = null;
  var previous = oldDoc && !oldDoc._deleted ? oldDoc : null;

  // --- what others are made of -----------------------------------------------------------

  function refuse(rule, matter) {
    throw { forbidden: id + ' in ' + RULES.database + ': ' + rule + ': ' + matter };
  }

  function has(object, name) {
    return Object.prototype.hasOwnProperty.call(object, name);
  }

  function contains(list, value) {
    return !!list && list.indexOf(value) >= 0;
  }

  function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }

  // Bytes of UTF-8; a half of a pair counts two, and so the pair four.
  function countBytes(text) {
    var bytes = 0;
    for (var i = 0; i < text.length; i++) {
      var unit = text.charCodeAt(i);
      bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
    }
    return bytes;
  }

  function hasControls(text) {
    return /[\x00-\x1f\x7f]/.test(text);
  }

  // One text for one value, however its members are ordered.
  function spell(value) {
    if (Array.isArray(value)) {
      return '[' + value.map(spell).join(',') + ']';
    }
    if (isObject(value)) {
      return '{' + Object.keys(value).sort().map(function (name) {
        return JSON.stringify(name) + ':' + spell(value[name]);
      }).join(',') + '}';
    }
    return JSON.stringify(value);
  }

  // --- kinds of fields -------------------------------------------------------------------

  function isText(value, field) {
    return typeof value === 'string' && value.length > 0 && !hasControls(value)
      && countBytes(value) <= (has(field, 'max') ? field.max : DEFAULT_MAX);
  }

  // The closed set of inline tags, each closed in its turn, and the three entities.
  function isMarkup(value, field) {
    var token = /<(\/?)(i|b|u|sup)>|<note ref="[0-9A-Za-z*]+"\/>|&(?:amp|lt|gt);|[^<>&\x00-\x1f\x7f]+|[\s\S]/g;
    var open = [];
    var match;
    if (typeof value !== 'string' || countBytes(value) > (has(field, 'max') ? field.max : DEFAULT_MAX)) {
      return false;
    }
    while ((match = token.exec(value)) !== null) {
      if (match[2] && match[1]) {
        if (open.pop() !== match[2]) {
          return false;
        }
      } else if (match[2]) {
        if (open.length === MAX_NESTING) {
          return false;
        }
        open.push(match[2]);
      } else if (match[0].length === 1 && /[<>&\x00-\x08\x0b-\x1f\x7f]/.test(match[0])) {
        return false;
      }
    }
    return open.length === 0;
  }

  function isDay(text) {
    var year = Number(text.slice(0, 4));
    var month = Number(text.slice(5, 7));
    var day = Number(text.slice(8, 10));
    var days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) {
      days[1] = 29;
    }
    return year > 0 && month > 0 && month <= 12 && day > 0 && day <= days[month - 1];
  }

  function isClock(text) {
    return Number(text.slice(0, 2)) < 24 && Number(text.slice(3, 5)) < 60;
  }

  function matches(value, pattern) {
    return typeof value === 'string' && pattern.test(value);
  }

  function isMoment(value) {
    return matches(value, /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/)
      && isDay(value) && isClock(value.slice(11)) && Number(value.slice(17, 19)) < 60
      && Number(value.slice(0, 4)) >= 1970;
  }

  function isSymbol(value) {
    return typeof value === 'string' && value.length > 0 && countBytes(value) <= MAX_SYMBOL
      && value.indexOf(':') < 0 && !hasControls(value);
  }

  function isId(value) {
    return typeof value === 'string' && value.indexOf(':') > 0
      && value.indexOf(':') < value.length - 1 && countBytes(value) <= MAX_ID && !hasControls(value);
  }

  function isInteger(value, field) {
    return typeof value === 'number' && Math.floor(value) === value
      && value >= (has(field, 'least') ? field.least : 0)
      && value <= (has(field, 'most') ? field.most : DEFAULT_MAX);
  }

  function areAll(value, field, test, distinct) {
    var seen = [];
    if (!Array.isArray(value) || value.length > (has(field, 'most') ? field.most : DEFAULT_MAX)) {
      return false;
    }
    return value.every(function (element) {
      if (!test(element, field) || (distinct && contains(seen, element))) {
        return false;
      }
      seen.push(element);
      return true;
    });
  }

  function isLanguage(value) {
    return typeof value === 'string' && contains(RULES.languages, value);
  }

  function areTexts(value, field) {
    return isObject(value) && Object.keys(value).length > 0
      && Object.keys(value).every(function (language) {
        return isLanguage(language) && isText(value[language], field);
      });
  }

  var kinds = {
    text: isText,
    markup: isMarkup,
    texts: areTexts,
    strings: function (value, field) { return areAll(value, field, isText, false); },
    choice: function (value, field) { return typeof value === 'string' && contains(field.choices, value); },
    integer: isInteger,
    flag: function (value) { return value === true || value === false; },
    date: function (value) { return matches(value, /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/) && isDay(value); },
    clock: function (value) { return matches(value, /^[0-9]{2}:[0-9]{2}$/) && isClock(value); },
    time: function (value) {
      return matches(value, /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$/) && isDay(value)
        && isClock(value.slice(11));
    },
    moment: isMoment,
    language: isLanguage,
    languages: function (value, field) { return areAll(value, field, isLanguage, true); },
    symbol: isSymbol,
    symbols: function (value, field) { return areAll(value, field, isSymbol, false); },
    id: isId,
    digest: function (value) { return matches(value, /^[0-9a-f]{64}$/); },
    key: function (value) { return matches(value, /^[A-Za-z0-9_\-]{43}$/); }
  };

  // Objects within objects name what is wrong by its whole path, so they refuse by themselves.
  function checkAll(fields, object, path) {
    Object.keys(fields).forEach(function (name) {
      var full = path === '' ? name : path + '.' + name;
      if (has(object, name)) {
        checkOne(fields[name], object[name], full);
      } else if (fields[name].required) {
        refuse('required', '“' + full + '” is required');
      }
    });
  }

  function checkOne(field, value, path) {
    var isList = field.kind === 'list';
    var good = isList ? areAll(value, field, function () { return true; }, false)
      : field.kind === 'object' ? isObject(value) : kinds[field.kind](value, field);
    if (!good) {
      refuse('field', '“' + path + '” is not of its kind, ' + field.kind);
    }
    (isList ? value : field.kind === 'object' ? [value] : []).forEach(function (element, index) {
      var full = isList ? path + '[' + index + ']' : path;
      if (!isObject(element)) {
        refuse('field', '“' + full + '” is not an object');
      }
      if (field.fields) {
        checkAll(field.fields, element, full);
      }
    });
  }

  // --- the rules, in the order of the gate in C ------------------------------------------

  function hasIntegersOnly(value) {
    if (typeof value === 'number') {
      return Math.floor(value) === value && Math.abs(value) <= MAX_INTEGER;
    }
    if (Array.isArray(value)) {
      return value.every(hasIntegersOnly);
    }
    return !isObject(value) || Object.keys(value).every(function (name) {
      return hasIntegersOnly(value[name]);
    });
  }

  function judgeShape() {
    if (newDoc._deleted) {
      refuse('tombstone', 'withdrawing is a state, nothing here is deleted');
    }
    Object.keys(newDoc).forEach(function (name) {
      if (name.charAt(0) !== '_' && !hasIntegersOnly(newDoc[name])) {
        refuse('integers', 'a number is no integer within 2^53');
      }
    });
  }

  function isParticipant(text) {
    return typeof text === 'string' && /^[a-z][a-z0-9\-]{2,}$/.test(text) && text.length <= RULES.maxParticipant;
  }

  function judgePrefix() {
    var colon = id.indexOf(':');
    var prefix = id.slice(0, colon < 0 ? 0 : colon);
    if (!RULES.ids || /^file:[0-9a-f]{64}$/.test(id)) { // a digest is nobody's name
      return;
    }
    localId = id.slice(colon + 1);
    if (colon < 0 || (RULES.ids === 'participant' ? prefix !== RULES.participant
      : !isParticipant(prefix) || localId.indexOf(':') < 0)) {
      refuse('prefix', 'the id must begin with the participant');
    }
  }

  function judgeType() {
    var type = typeof newDoc.type === 'string' ? newDoc.type : '';
    if (!has(RULES.records, type)) {
      refuse(contains(RULES.elsewhere, type) ? 'database' : 'type', 'no “' + type + '” belongs here');
    }
    record = RULES.records[type];
    place = record.place;
  }

  function judgeId() {
    var complete = true;
    var expected = record.id.replace(/\{([^}:]*)(:?)\}/g, function (whole, name, after) {
      var value = typeof newDoc[name] === 'string' ? newDoc[name] : null;
      if (value === null || (after && value.indexOf(':') < 0)) {
        complete = false;
        return '';
      }
      return after ? value.slice(value.indexOf(':') + 1) : value;
    });
    var last = expected.length - 1;
    var open = last >= 0 && expected.charAt(last) === '*';
    if (!complete || last < 0 || (open ? localId.slice(0, last) !== expected.slice(0, last)
      || localId.length <= last : localId !== expected)) {
      refuse('id', 'by its fields it is “' + expected + '”');
    }
  }

  function readState(document) {
    var field = record.state ? record.state.field : null;
    if (field === null) {
      return null;
    }
    return typeof document[field] === 'string' ? document[field] : record.state.first[0];
  }

  // Whoever carries others' documents is no author: the relay, whose user is the operator's.
  function isRelay() {
    return contains(userCtx.roles, '_admin') || contains(userCtx.roles, 'relay');
  }

  // A role "participant:fra" says whose user it is.
  function getParticipant() {
    for (var i = 0; i < userCtx.roles.length; i++) {
      if (userCtx.roles[i].indexOf('participant:') === 0) {
        return userCtx.roles[i].slice('participant:'.length);
      }
    }
    return null;
  }

  function isMeant(audience) {
    var participant = getParticipant();
    var known = userCtx.roles.some(function (role) { return contains(RULES.roles, role); });
    return known && !!audience && audience.some(function (word) {
      return word === 'everyone' || contains(userCtx.roles, word)
        || (word === 'states' && isParticipant(participant) && participant.length === 3)
        || (word === 'participant' && RULES.participant !== null && RULES.participant === participant);
    });
  }

  function judgeRole() {
    var act = !previous ? 'create' : readState(newDoc) === 'withdrawn' ? 'withdraw' : 'change';
    if (!isRelay() && !isMeant(place[act])) {
      refuse('role', (userCtx.name || 'who is not signed in') + ' may not ' + act + ' a ' + newDoc.type + ' here');
    }
  }

  function judgeSeal() {
    if (RULES.sealed && !(has(newDoc, 'seal') && isObject(newDoc.seal))) {
      refuse('seal', 'everything here carries the secretariat\'s seal');
    }
  }

  function judgeState() {
    var now = record.state ? readState(newDoc) : null;
    var before = record.state && previous ? readState(previous) : null;
    if (!record.state) {
      return;
    }
    if (before === null) {
      if (!contains(record.state.first, now)) {
        refuse('state', 'it cannot begin as “' + now + '”');
      }
    } else if (contains(record.state.closed, before)) {
      refuse('closed', 'it is ' + before + ', and changes no more');
    } else if (before !== now && !(has(record.state.moves, before) && contains(record.state.moves[before], now))) {
      refuse('state', 'no move from “' + before + '” to “' + now + '”');
    }
  }

  function judgeFinal() {
    Object.keys(previous ? record.fields : {}).forEach(function (name) {
      if (record.fields[name].final && has(previous, name)
        && (!has(newDoc, name) || spell(previous[name]) !== spell(newDoc[name]))) {
        refuse('final', '“' + name + '” was set and stays');
      }
    });
  }

  // Rules of a database are its administrators' own affair.
  if (id.slice(0, 8) === '_design/') {
    return;
  }
  judgeShape();
  judgePrefix();
  judgeType();
  checkAll(record.fields, newDoc, '');
  judgeId();
  judgeRole();
  judgeSeal();
  judgeState();
  judgeFinal();
