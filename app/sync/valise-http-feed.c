/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-feed"

#include "config.h"

#include "valise-http-feed.h"
#include "valise-http-fetch.h"
#include "valise-wire.h"

#define MAX_ROW      (1 << 20) /* bytes of a row of the feed */
#define QUIET_MARGIN 5000      /* ms that an answer may come late */

struct _ValiseHttpFeed
{
  char *path;
  guint timeout_ms;
  char *tag; /* (nullable): the server's name for how all was when the feed was read to */
  char *end; /* its end, here */
};

ValiseHttpFeed *
valise_http_feed_new (const char *path, guint timeout_ms)
{
  ValiseHttpFeed *self = g_new0 (ValiseHttpFeed, 1);

  self->path = g_strdup (path);
  self->timeout_ms = timeout_ms;
  return self;
}

void
valise_http_feed_free (ValiseHttpFeed *self)
{
  g_free (self->path);
  g_free (self->tag);
  g_free (self->end);
  g_free (self);
}

typedef struct
{
  ValisePeerChangeFunc func;
  gpointer             user_data;
  gboolean             stopped;
} Feed;

static gboolean
take_row (const char *text, gsize length, gpointer user_data, GError **error)
{
  Feed    *feed = user_data;
  gboolean more = TRUE;

  if (feed->stopped)
    return TRUE;
  if (!valise_wire_read_change (text, length, feed->func, feed->user_data, &more, error))
    return FALSE;
  feed->stopped = !more;
  return TRUE;
}

/* `timeout` alone where that is shorter than the silence we bear: a heartbeat wakes a radio,
 * and CouchDB with one never lets go. */
static char *
dup_changes_path (ValiseHttpFeed *self, const char *since, guint limit, guint wait_ms)
{
  GString         *path = g_string_new (self->path);
  g_autofree char *escaped = g_uri_escape_string (since != NULL ? since : "0", NULL, FALSE);

  g_string_append_printf (path, "/_changes?style=all_docs&since=%s", escaped);
  if (limit > 0)
    g_string_append_printf (path, "&limit=%u&seq_interval=%u", limit, limit);
  if (wait_ms > 0)
    g_string_append_printf (path, "&feed=longpoll&timeout=%u", wait_ms);
  if (wait_ms > 0 && wait_ms + QUIET_MARGIN > self->timeout_ms)
    g_string_append_printf (path, "&heartbeat=%u", self->timeout_ms / 3);
  return g_string_free (path, FALSE);
}

/* CouchDB's tag is over the whole database, whatever was asked: after a page that leaves something
 * out, it would hide the rest for ever. */
static void
keep_tag (ValiseHttpFeed *self, ValiseHttpAnswer *answer, const char *last_seq, gint64 pending)
{
  g_clear_pointer (&self->tag, g_free);
  g_clear_pointer (&self->end, g_free);
  if (pending != 0)
    return;
  self->tag = g_strdup (valise_http_answer_get_header (answer, "ETag"));
  self->end = g_strdup (last_seq);
}

gboolean
valise_http_feed_read (ValiseHttpFeed      *self,
                       ValiseHttpSession   *session,
                       const char          *since,
                       guint                limit,
                       guint                wait_ms,
                       ValisePeerChangeFunc func,
                       gpointer             user_data,
                       char               **last_seq,
                       gint64              *pending,
                       GCancellable        *cancellable,
                       GError             **error)
{
  g_autofree char             *path = dup_changes_path (self, since, limit, wait_ms);
  g_autoptr (ValiseHttpAnswer) answer = NULL;
  g_autoptr (ValiseSplitter)   splitter = NULL;
  g_autoptr (ValiseJson)       rest = NULL;
  Feed                         feed = { func, user_data, FALSE };

  answer = valise_http_session_send (session, "GET", path, NULL, NULL, cancellable, error);
  if (answer == NULL)
    return FALSE;
  splitter = valise_splitter_new ("results", MAX_ROW, take_row, &feed);
  if (!valise_http_answer_split (answer, splitter, cancellable, error))
    return FALSE;
  rest = valise_splitter_finish (splitter, error);
  *last_seq =
      rest != NULL ? valise_wire_dup_seq (rest, valise_json_find (rest, 0, "last_seq")) : NULL;
  if (*last_seq == NULL)
    {
      g_clear_error (error);
      g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                           "The feed does not say where it ends");
      return FALSE;
    }
  *pending = valise_json_get_member_int (rest, 0, "pending", -1);
  if (wait_ms == 0)
    keep_tag (self, answer, *last_seq, feed.stopped ? -1 : *pending);
  return TRUE;
}

gboolean
valise_http_feed_is_unchanged (ValiseHttpFeed    *self,
                               ValiseHttpSession *session,
                               GCancellable      *cancellable)
{
  const char *const            headers[] = { "If-None-Match", self->tag, NULL };
  const ValiseHttpExtras       extras = { .headers = headers };
  g_autofree char             *path = NULL;
  g_autoptr (ValiseHttpAnswer) answer = NULL;
  guint                        status = 0;

  if (self->tag == NULL)
    return FALSE;
  path = dup_changes_path (self, self->end, 1, 0);
  answer = valise_http_session_send_with (session, "GET", path, NULL, &extras, &status, cancellable,
                                          NULL);
  return status == 304;
}
