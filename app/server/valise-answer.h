/* valise-answer.h - what a handler answers: at once, in pieces, or when something changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a producer that has nothing now wants to be woken. */
typedef struct
{
  char   **databases;    /* whose changes wake it */
  guint    generation;   /* of those databases, read before they were looked at */
  gint64   until_us;     /* monotonic; then it is woken too */
  guint    heartbeat_ms; /* a line feed so often while it waits; 0: never */
  gboolean begin;        /* send the headers now, though there is no piece yet */
  gboolean hurry;        /* set by the caller: the server stops, so do not wait */
} ValiseWait;

typedef enum
{
  VALISE_PIECE_FAILED = -1,
  VALISE_PIECE_MORE, /* there is more: ask again when this one is nearly sent */
  VALISE_PIECE_LAST,
  VALISE_PIECE_WAIT, /* see @wait */
} ValisePiece;

/* Appends the next piece to @out: about %VALISE_ANSWER_PIECE bytes, so that an answer of any
 * length holds little memory. On a worker, never twice at once. */
typedef ValisePiece (*ValiseProduceFunc) (gpointer    producer,
                                          GString    *out,
                                          ValiseWait *wait,
                                          GError    **error);

#define VALISE_ANSWER_PIECE (1024 * 1024)

typedef struct
{
  guint             status;
  GPtrArray        *headers; /* name, value, name, value… */
  const char       *type;    /* static */
  GString          *text;    /* the body, where there is no producer and no @bytes */
  GBytes           *bytes;
  gboolean          stored; /* not to be compressed: files */
  gboolean          dense;  /* to be compressed as well as can be: long, and asked for by us */
  GBytes           *known;  /* (nullable): what a dense answer may refer back to */
  gint64            length; /* of a producer's whole body, in bytes; -1: not known */
  char             *cache_key;
  ValiseProduceFunc produce;
  gpointer          producer;
  GDestroyNotify    destroy;
} ValiseAnswer;

ValiseAnswer *valise_answer_new (void) G_GNUC_WARN_UNUSED_RESULT; /* 200, application/json */
void          valise_answer_free (ValiseAnswer *self);

void valise_answer_add_header (ValiseAnswer *self, const char *name, const char *value);

/* {"error": @error, "reason": @reason}, dropping what was written so far. */
void valise_answer_fail (ValiseAnswer *self, guint status, const char *error, const char *reason);
/* The same from an error of the store, the gate, JSON or HTTP; anything else is 500, and the
 * reason then says nothing of the inside. */
void valise_answer_fail_with (ValiseAnswer *self, const GError *error);
/* The status and the name that valise_answer_fail_with() uses. */
guint       valise_answer_get_status_of (const GError *error);
const char *valise_answer_get_name_of (const GError *error);

/* {"ok":true} with @status. */
void valise_answer_ok (ValiseAnswer *self, guint status);

void valise_answer_set_producer (ValiseAnswer     *self,
                                 ValiseProduceFunc produce,
                                 gpointer          producer,
                                 GDestroyNotify    destroy);

/* Appends ,"name":"value" and the like to an object being written. */
void valise_answer_append_member (GString *out, const char *name, const char *value);
void valise_answer_append_error (GString *out, const GError *error); /* "error":…,"reason":… */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseAnswer, valise_answer_free)

G_END_DECLS
