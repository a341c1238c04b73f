/* valise-record.h - kinds of documents, described as data
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * data/records/TYPE.json, of which the gate, the generic forms and lists, and CouchDB's
 * validation are made:
 *
 *     type, label, help    the word in `type`, and what people call it (msgids)
 *     id                   "paper:{symbol}"; {field:} is the part of a field after its colon;
 *                          a `*` last stands for any key
 *     databases            NAME or NAME-*: {create, change, withdraw: [audience words]}
 *     fields               NAME: {kind, required, final, max, least, most, choices, fields}
 *     state                {field, first, moves: {FROM: [TO…]}, closed}; a document without
 *                          the field is in the first state of `first`; what is in a state of
 *                          `closed` changes no more
 *     search, list         the fields that are searched, and that a list shows
 *
 * Members that a description does not name are kept and not judged, so that a later Valise
 * may write more than an earlier one knows.
 */

#pragma once

#include "valise-json.h"

G_BEGIN_DECLS

#define VALISE_RECORD_ERROR (valise_record_error_quark ())

/**
 * ValiseRecordError:
 * @VALISE_RECORD_ERROR_DESCRIPTION: a description is not of our form
 * @VALISE_RECORD_ERROR_REQUIRED: a document lacks a required field
 * @VALISE_RECORD_ERROR_FIELD: a field is not of its kind, or past its limits
 */
typedef enum
{
  VALISE_RECORD_ERROR_DESCRIPTION,
  VALISE_RECORD_ERROR_REQUIRED,
  VALISE_RECORD_ERROR_FIELD,
} ValiseRecordError;

GQuark valise_record_error_quark (void);

/**
 * ValiseFieldKind:
 * @VALISE_FIELD_TEXT: a string of at most `max` bytes (1,000 where not said), not empty
 * @VALISE_FIELD_MARKUP: the same with the closed set of inline tags; may be empty
 * @VALISE_FIELD_TEXTS: an object of language codes and texts, at least one
 * @VALISE_FIELD_STRINGS: an array of texts, at most `most` (1,000 where not said)
 * @VALISE_FIELD_CHOICE: one of `choices`
 * @VALISE_FIELD_INTEGER: from `least` to `most`
 * @VALISE_FIELD_FLAG: true or false
 * @VALISE_FIELD_DATE: "2026-07-20"
 * @VALISE_FIELD_CLOCK: "10:00"
 * @VALISE_FIELD_TIME: "2026-07-20T10:00", in a time zone told elsewhere
 * @VALISE_FIELD_MOMENT: "2026-07-20T14:00:00Z"
 * @VALISE_FIELD_LANGUAGE: one of the programme's language codes
 * @VALISE_FIELD_LANGUAGES: an array of them, each once
 * @VALISE_FIELD_SYMBOL: 1 to 160 bytes, without `:` and control characters
 * @VALISE_FIELD_SYMBOLS: an array of them
 * @VALISE_FIELD_ID: a document's id, "TYPE:KEY"
 * @VALISE_FIELD_DIGEST: 64 lower-case hex digits
 * @VALISE_FIELD_KEY: a public key, 43 characters of base64url
 * @VALISE_FIELD_OBJECT: an object of `fields`
 * @VALISE_FIELD_LIST: an array of such objects, at most `most` (1,000 where not said)
 */
typedef enum
{
  VALISE_FIELD_TEXT,
  VALISE_FIELD_MARKUP,
  VALISE_FIELD_TEXTS,
  VALISE_FIELD_STRINGS,
  VALISE_FIELD_CHOICE,
  VALISE_FIELD_INTEGER,
  VALISE_FIELD_FLAG,
  VALISE_FIELD_DATE,
  VALISE_FIELD_CLOCK,
  VALISE_FIELD_TIME,
  VALISE_FIELD_MOMENT,
  VALISE_FIELD_LANGUAGE,
  VALISE_FIELD_LANGUAGES,
  VALISE_FIELD_SYMBOL,
  VALISE_FIELD_SYMBOLS,
  VALISE_FIELD_ID,
  VALISE_FIELD_DIGEST,
  VALISE_FIELD_KEY,
  VALISE_FIELD_OBJECT,
  VALISE_FIELD_LIST,
} ValiseFieldKind;

typedef struct
{
  char           *name;
  ValiseFieldKind kind;
  gboolean        required;
  gboolean        final; /* once set, it stays */
  gint64          max;   /* bytes */
  gint64          least;
  gint64          most; /* of an integer its value, of an array its length */
  char          **choices;
  GPtrArray      *fields; /* of #ValiseField; NULL: anything */
  char           *label;  /* msgid */
  char           *help;   /* msgid, or NULL */
} ValiseField;

/* Who may do what in one database, as audience words. */
typedef struct
{
  char  *pattern; /* "public", "desk-*" */
  char **create;
  char **change;
  char **withdraw;
} ValiseRecordPlace;

/**
 * ValiseRecord:
 *
 * One description. Read only, so any thread may read it.
 */
typedef struct
{
  char       *type;
  char       *label;
  char       *help;
  char       *id;
  GPtrArray  *fields; /* of #ValiseField */
  GPtrArray  *places; /* of #ValiseRecordPlace */
  char       *state;  /* name of the field, or NULL */
  char      **first;
  GHashTable *moves; /* state to NULL-terminated array of states */
  char      **closed;
  char      **search;
  char      **list;
} ValiseRecord;

/* Fails with DESCRIPTION, naming what is wrong. */
ValiseRecord *valise_record_parse (const ValiseJson *json,
                                   GError          **error) G_GNUC_WARN_UNUSED_RESULT;
void          valise_record_free (ValiseRecord *self);

/* All that Valise ships (element-type ValiseRecord), by type. */
GPtrArray *valise_record_load_all (GError **error) G_GNUC_WARN_UNUSED_RESULT;

const ValiseField       *valise_record_find_field (const ValiseRecord *self, const char *name);
const ValiseRecordPlace *valise_record_find_place (const ValiseRecord *self, const char *database);

/* The id that @json has by its own fields: "paper:A/RES/77/37"; a `*` stays. NULL where a
 * field that it is made of is missing. */
char *valise_record_dup_id (const ValiseRecord *self, const ValiseJson *json);

/* The state of @json: what its field says, or the first one; NULL for kinds without states. */
char *valise_record_dup_state (const ValiseRecord *self, const ValiseJson *json);

/* Whether the fields of the document @json are there and of their kinds. @languages: the
 * programme's. Fails with REQUIRED or FIELD, naming the field by its path. */
gboolean valise_record_check (const ValiseRecord *self,
                              const ValiseJson   *json,
                              const char *const  *languages,
                              GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseRecord, valise_record_free)

G_END_DECLS
