-- Which files are wanted, which are owed, and what is being uploaded. Never changed once
-- landed: see the next number.
-- SPDX-License-Identifier: GPL-3.0-or-later

-- A file that somebody on this laptop asked for once. Its bytes are in file and chunk.
CREATE TABLE wish (
  sha256   TEXT    PRIMARY KEY,
  database TEXT    NOT NULL, -- whose document file:SHA256 it is read through
  name     TEXT    NOT NULL, -- as its paper names it
  symbol   TEXT,             -- of that paper
  meeting  TEXT,             -- its id
  language TEXT,             -- code; NULL: none in particular
  length   INTEGER NOT NULL, -- bytes, as its paper says
  priority INTEGER NOT NULL, -- the higher goes first
  stage    INTEGER NOT NULL, -- 0: not now, 1: to be fetched, 2: held
  evicted  INTEGER NOT NULL, -- 1: it was here, and its bytes were given up for their room
  source   TEXT,             -- the peer that gave the bytes present
  tag      TEXT,             -- what that peer calls them: its ETag
  problem  TEXT              -- why it could not be fetched; NULL: nothing known
) STRICT, WITHOUT ROWID;

CREATE INDEX wish_in_order ON wish (priority DESC, meeting, language, length, sha256)
  WHERE stage > 0;

-- A file made here, and a database whose peer is to have it. Its bytes stay until it does.
CREATE TABLE parcel (
  sha256       TEXT    NOT NULL,
  database     TEXT    NOT NULL,
  acknowledged INTEGER NOT NULL, -- 1: the peer has it, durably
  problem      TEXT,             -- why it could not be sent; NULL: nothing known
  PRIMARY KEY (sha256, database)
) STRICT, WITHOUT ROWID;

-- A file that comes from an account in pieces. Its row in file has, in place of the digest,
-- the digest, "@" and the owner: nobody goes on with what another began, so that nobody gets a
-- file by knowing its digest and the end of it.
CREATE TABLE upload (
  file    INTEGER PRIMARY KEY REFERENCES file (row) ON DELETE CASCADE,
  owner   TEXT    NOT NULL, -- database and account
  seen_us INTEGER NOT NULL  -- when its last piece came, microseconds since 1970
) STRICT;

CREATE INDEX upload_by_owner ON upload (owner);

-- Which databases were shown a file's bytes: a document there may name it.
CREATE TABLE proof (
  sha256   TEXT NOT NULL,
  database TEXT NOT NULL,
  PRIMARY KEY (sha256, database)
) STRICT, WITHOUT ROWID;
