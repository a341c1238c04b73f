-- The bytes of files, each kept once. Never changed once landed: see the next number.
-- SPDX-License-Identifier: GPL-3.0-or-later

CREATE TABLE file (
  row      INTEGER PRIMARY KEY, -- names it inside this database only
  sha256   TEXT    NOT NULL UNIQUE, -- of all its bytes, 64 lower-case hex digits
  length   INTEGER NOT NULL, -- bytes, as announced
  present  INTEGER NOT NULL, -- bytes here, from the first on
  complete INTEGER NOT NULL  -- 1: all are here and make the digest, so it may be offered
) STRICT;

CREATE TABLE chunk (
  file   INTEGER NOT NULL REFERENCES file (row),
  number INTEGER NOT NULL, -- from 0
  bytes  BLOB    NOT NULL, -- 65536 of them; fewer in the last one present
  PRIMARY KEY (file, number)
) STRICT;
