-- One replicated set of documents. Never changed once landed: see the next number.
-- SPDX-License-Identifier: GPL-3.0-or-later

-- What holds for the file as a whole; one row.
CREATE TABLE meta (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  uuid       TEXT    NOT NULL, -- 32 hex digits, made with the file: the epoch of its sequences
  created_us INTEGER NOT NULL, -- microseconds since 1970: instance_start_time
  update_seq INTEGER NOT NULL, -- the highest sequence ever given; none is given twice
  documents  INTEGER NOT NULL, -- documents whose winner is no tombstone
  deleted    INTEGER NOT NULL, -- documents whose winner is a tombstone
  absent     INTEGER NOT NULL, -- of the documents not deleted, those whose winner is not here
  clean      INTEGER NOT NULL  -- 0 from the first write until the file is closed
) STRICT;

-- A document. What the changes feed reads comes first, the body last, so that a feed
-- without bodies never follows a row into its overflow pages.
CREATE TABLE document (
  row         INTEGER PRIMARY KEY, -- names it inside this file only
  id          TEXT    NOT NULL UNIQUE,
  seq         INTEGER NOT NULL UNIQUE, -- of its last change
  rev         TEXT    NOT NULL, -- the winner, "N-hash"
  deleted     INTEGER NOT NULL, -- 1: the winner is a tombstone, and so is every other leaf
  here        INTEGER NOT NULL, -- 1: the winner's body is in this row
  size        INTEGER NOT NULL, -- bytes of the winner's body; of one not here, as announced
  leaves      INTEGER NOT NULL, -- how many; those besides the winner are in leaf
  tree        BLOB    NOT NULL, -- all revisions known: valise_revision_tree_to_bytes()
  attachments TEXT,             -- the winner's _attachments, as JSON text
  body        BLOB              -- the winner's body, as JSON text; NULL: known, not here
) STRICT;

-- The leaves that did not win.
CREATE TABLE leaf (
  document    INTEGER NOT NULL REFERENCES document (row),
  rev         TEXT    NOT NULL, -- "N-hash"
  size        INTEGER NOT NULL, -- bytes of the body; of one not here, as announced
  attachments TEXT,             -- its _attachments, as JSON text
  body        BLOB,             -- its body, as JSON text; NULL: known, not here
  PRIMARY KEY (document, rev)
) STRICT, WITHOUT ROWID;

-- `_local` documents, which never leave this file.
CREATE TABLE local (
  id   TEXT    PRIMARY KEY, -- without "_local/"
  rev  INTEGER NOT NULL,    -- the N of its revision, "0-N"
  body TEXT    NOT NULL     -- JSON text
) STRICT, WITHOUT ROWID;
