-- What is on this laptop, by word and by place. Derived: dropped and made anew at will, so it
-- may change, with VALISE_SEARCH_FORMAT in valise-search-store.c.
-- SPDX-License-Identifier: GPL-3.0-or-later

-- What the file was made by; one row.
CREATE TABLE meta (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  format  INTEGER NOT NULL, -- of these tables and of the tokenizer's rules
  version INTEGER NOT NULL, -- of what the extractor takes from a document
  place   INTEGER NOT NULL  -- the last one given; none is given twice
) STRICT;

-- The databases followed.
CREATE TABLE followed (
  database TEXT PRIMARY KEY, -- its name
  uuid     TEXT    NOT NULL, -- of its file, whose sequences count
  seq      INTEGER NOT NULL  -- indexed up to here
) STRICT, WITHOUT ROWID;

-- One document's entry, or that of a file that a document names: of type "file", its id that of
-- the document with " file:" and the digest after it.
CREATE TABLE entry (
  row        INTEGER PRIMARY KEY,
  place      INTEGER NOT NULL, -- rowid of its words in its language's table; 0: not searched
  length     INTEGER NOT NULL, -- words
  here       INTEGER NOT NULL, -- 1: the document's body is on this machine; of a file: it is,
                               -- and has been looked at
  size       INTEGER NOT NULL, -- bytes of the body; of one not here, as announced
  database   TEXT    NOT NULL,
  id         TEXT    NOT NULL,
  type       TEXT    NOT NULL,
  belongs    TEXT,             -- what it belongs together with: the symbol
  language   TEXT,
  symbol     TEXT,
  kind       TEXT,
  date       TEXT,             -- "2026-06-30"
  meeting    TEXT,             -- id of the meeting document
  item       TEXT,             -- agenda item
  item_key   TEXT    NOT NULL, -- the same, sorting as numbers do
  author     TEXT,
  order_key  TEXT    NOT NULL, -- sorts within its list
  title      TEXT,
  summary    TEXT,             -- JSON text, opaque here
  file       TEXT,             -- of a file: its SHA-256
  UNIQUE (database, id)
) STRICT;

-- A list is read from here alone: first what it is sorted by, then what it is filtered by.
CREATE INDEX entry_list ON entry (type, meeting, item_key, order_key, date DESC, row, item, kind,
                                  author, language, symbol, belongs, here);
-- How many of a kind of record are here, by meeting, is asked whenever something changed: counted in
-- a fifth of the pages of entry_list.
CREATE INDEX entry_here ON entry (type, meeting) WHERE here;
CREATE INDEX entry_belongs ON entry (belongs, language, here, type);
CREATE INDEX entry_file ON entry (file, here) WHERE file IS NOT NULL;

-- What was read of a file that is here. Its bytes are in files.sqlite, and reading them takes
-- its time, so the text is kept: snippets are cut from it.
CREATE TABLE reading (
  sha256 TEXT PRIMARY KEY,
  tries  INTEGER NOT NULL, -- how often it was begun: a file at which the program ends is left alone
  state  INTEGER NOT NULL, -- 0: begun, 1: read, 2: it can't be read
  pages  TEXT    NOT NULL  -- the words of its pages, U+000C between them
) STRICT;

-- The words met, as they stand in texts: what the last word typed is completed from.
CREATE TABLE word (
  language  INTEGER NOT NULL, -- number of the table below it belongs to, from 0
  word      TEXT    NOT NULL, -- folded
  stem      TEXT    NOT NULL, -- what the tables below have
  documents INTEGER NOT NULL, -- with it, about
  PRIMARY KEY (language, word)
) STRICT, WITHOUT ROWID;

-- The words of the texts, a table a language, so that each is stemmed by its own rules. The
-- texts are not kept: they are in the databases. The length of each is in entry.
CREATE VIRTUAL TABLE words_ar USING fts5 (symbol, title, body, content='', columnsize=0, tokenize='valise ar');
CREATE VIRTUAL TABLE words_en USING fts5 (symbol, title, body, content='', columnsize=0, tokenize='valise en');
CREATE VIRTUAL TABLE words_es USING fts5 (symbol, title, body, content='', columnsize=0, tokenize='valise es');
CREATE VIRTUAL TABLE words_fr USING fts5 (symbol, title, body, content='', columnsize=0, tokenize='valise fr');
CREATE VIRTUAL TABLE words_ru USING fts5 (symbol, title, body, content='', columnsize=0, tokenize='valise ru');
CREATE VIRTUAL TABLE words_zh USING fts5 (symbol, title, body, content='', columnsize=0, tokenize='valise zh');
CREATE VIRTUAL TABLE words_none USING fts5 (symbol, title, body, content='', columnsize=0, tokenize='valise none');

-- The same of symbols and titles alone: small, so that even a word that is in every text is
-- soon looked for in every title.
CREATE VIRTUAL TABLE heads_ar USING fts5 (symbol, title, content='', columnsize=0, tokenize='valise ar');
CREATE VIRTUAL TABLE heads_en USING fts5 (symbol, title, content='', columnsize=0, tokenize='valise en');
CREATE VIRTUAL TABLE heads_es USING fts5 (symbol, title, content='', columnsize=0, tokenize='valise es');
CREATE VIRTUAL TABLE heads_fr USING fts5 (symbol, title, content='', columnsize=0, tokenize='valise fr');
CREATE VIRTUAL TABLE heads_ru USING fts5 (symbol, title, content='', columnsize=0, tokenize='valise ru');
CREATE VIRTUAL TABLE heads_zh USING fts5 (symbol, title, content='', columnsize=0, tokenize='valise zh');
CREATE VIRTUAL TABLE heads_none USING fts5 (symbol, title, content='', columnsize=0, tokenize='valise none');

-- 8 MiB of postings, not 1, before a segment is written: the fewer, the less to merge.
INSERT INTO words_ar (words_ar, rank) VALUES ('hashsize', 8388608);
INSERT INTO words_en (words_en, rank) VALUES ('hashsize', 8388608);
INSERT INTO words_es (words_es, rank) VALUES ('hashsize', 8388608);
INSERT INTO words_fr (words_fr, rank) VALUES ('hashsize', 8388608);
INSERT INTO words_ru (words_ru, rank) VALUES ('hashsize', 8388608);
INSERT INTO words_zh (words_zh, rank) VALUES ('hashsize', 8388608);
INSERT INTO words_none (words_none, rank) VALUES ('hashsize', 8388608);

-- Segments are merged when there is nothing else to do (valise-search-merge.c), not while texts
-- wait to be found; past 32 of them after all, since each is looked into by every search.
INSERT INTO words_ar (words_ar, rank) VALUES ('automerge', 0), ('crisismerge', 32);
INSERT INTO words_en (words_en, rank) VALUES ('automerge', 0), ('crisismerge', 32);
INSERT INTO words_es (words_es, rank) VALUES ('automerge', 0), ('crisismerge', 32);
INSERT INTO words_fr (words_fr, rank) VALUES ('automerge', 0), ('crisismerge', 32);
INSERT INTO words_ru (words_ru, rank) VALUES ('automerge', 0), ('crisismerge', 32);
INSERT INTO words_zh (words_zh, rank) VALUES ('automerge', 0), ('crisismerge', 32);
INSERT INTO words_none (words_none, rank) VALUES ('automerge', 0), ('crisismerge', 32);
