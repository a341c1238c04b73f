/* valise-changes-handlers.c - what changed in a database, and what will
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-changes-handlers"

#include "config.h"

#include <string.h>

#include "valise-feed-filter.h"
#include "valise-handlers.h"
#include "valise-patience.h"

#define PAGE_ROWS 1000 /* of the feed read at once */

/* A feed read backwards cannot be taken up again, so it is one page. */
#define BACKWARDS_ROOM (32 * 1024 * 1024)

typedef enum
{
  FEED_NORMAL,
  FEED_LONGPOLL,
  FEED_CONTINUOUS,
} FeedKind;

/* A feed under way: while it waits, this is all that is held for it. */
typedef struct
{
  ValiseWatch       *watch;
  ValiseAccounts    *accounts; /* NULL: a laptop's, which has none */
  ValisePerson      *person;   /* (nullable): who asks */
  ValiseDatabase    *database;
  char               uuid[33];
  FeedKind           kind;
  gint64             since;
  gboolean           limited;
  guint64            left; /* rows still to give, where limited */
  ValiseChangesFlags flags;
  guint64            interval; /* one sequence in so many rows; 0 or 1: every row */
  ValisePatience     patience;
  gint64             idle_until_us; /* monotonic */
  ValiseFeedFilter  *filter;
  guint64            given; /* rows */
  gboolean           begun;
  gint64             pending;

  /* While a page is read: */
  GString *out;
  gsize    start;
  gsize    room; /* bytes that a page may take */
  gboolean full; /* the page stopped before its end */
} Feed;

static void
free_feed (gpointer data)
{
  Feed *feed = data;

  g_object_unref (feed->database);
  g_clear_pointer (&feed->person, valise_person_unref);
  g_clear_pointer (&feed->filter, valise_feed_filter_free);
  g_free (feed);
}

/* What begins the answer. It waits for the first row, so that a feed which finds none can
 * still be answered whole. */
static void
begin (Feed *feed)
{
  if (!feed->begun && feed->kind != FEED_CONTINUOUS)
    g_string_append (feed->out, "{\"results\":[\n");
  feed->begun = TRUE;
}

static void
append_leaves (GString *out, GPtrArray *leaves)
{
  g_string_append (out, ",\"changes\":[");
  for (guint i = 0; i < leaves->len; i++)
    {
      ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, i);

      g_string_append_printf (out, "%s{\"rev\":\"%s\"}", i > 0 ? "," : "", leaf->rev);
    }
  g_string_append_c (out, ']');
}

static void
append_row (Feed *feed, const ValiseChange *change)
{
  GString *out = feed->out;

  begin (feed);
  if (feed->given > 0 && feed->kind != FEED_CONTINUOUS)
    g_string_append (out, ",\n");
  feed->given++;
  g_string_append (out, "{\"seq\":");
  if (feed->interval < 2 || feed->given % feed->interval == 0)
    valise_sequence_append (out, change->seq, feed->uuid);
  else
    g_string_append (out, "null");
  g_string_append (out, ",\"id\":");
  valise_json_append_string (out, change->id, -1);
  append_leaves (out, change->leaves);
  g_string_append_printf (out, ",\"size\":%" G_GINT64_FORMAT, change->size);
  if (change->deleted)
    g_string_append (out, ",\"deleted\":true");
  if ((feed->flags & VALISE_CHANGES_DOCUMENTS) != 0
      && valise_feed_filter_shows_documents (feed->filter))
    {
      g_string_append (out, ",\"doc\":");
      if (change->document != NULL && change->document->body != NULL)
        valise_document_append_json (change->document, VALISE_DOCUMENT_PLAIN, out);
      else
        g_string_append (out, "null");
    }
  g_string_append (out, feed->kind == FEED_CONTINUOUS ? "}\n" : "}");
}

static gboolean
take_change (const ValiseChange *change, gpointer user_data)
{
  Feed *feed = user_data;

  feed->since = change->seq;
  if (valise_feed_filter_passes (feed->filter, change))
    {
      append_row (feed, change);
      if (feed->limited)
        feed->left--;
    }
  feed->full = feed->out->len - feed->start >= feed->room || (feed->limited && feed->left == 0);

  return !feed->full;
}

/* Reads one page; TRUE in @whole where the feed has no more rows now. */
static gboolean
read_page (Feed *feed, gboolean *whole, GError **error)
{
  gboolean descending = (feed->flags & VALISE_CHANGES_DESCENDING) != 0;
  guint    limit = descending ? 0 : PAGE_ROWS;
  gint64   last = 0;
  gint64   pending = 0;
  guint64  given = feed->given;

  /* A page no longer than what is left lets the store count what remains after it. */
  if (feed->limited && feed->left < limit && !valise_feed_filter_drops (feed->filter))
    limit = (guint) feed->left;
  feed->full = FALSE;
  feed->room = descending ? BACKWARDS_ROOM : VALISE_ANSWER_PIECE;
  if (!valise_database_changes (feed->database, descending ? 0 : feed->since, limit, feed->flags,
                                take_change, feed, &last, &pending, error))
    return FALSE;

  feed->pending = pending;
  *whole = descending || (!feed->full && pending == 0);
  if (*whole && !descending)
    feed->since = MAX (feed->since, last);
  if (feed->given > given)
    feed->idle_until_us = 0;

  return TRUE;
}

static ValisePiece
finish (Feed *feed)
{
  begin (feed);
  g_string_append (feed->out,
                   feed->kind == FEED_CONTINUOUS ? "{\"last_seq\":" : "\n],\"last_seq\":");
  valise_sequence_append (feed->out, feed->since, feed->uuid);
  g_string_append_printf (feed->out, ",\"pending\":%" G_GINT64_FORMAT "}\n", feed->pending);

  return VALISE_PIECE_LAST;
}

/* Whether who asks still may: an account may have been revoked while it waited. */
static gboolean
check_person (Feed *feed, GError **error)
{
  g_autoptr (ValisePerson) person = NULL;

  if (feed->accounts == NULL || feed->person == NULL)
    return TRUE;
  person = valise_accounts_find (feed->accounts, feed->person->account);
  if (person == NULL)
    g_set_error_literal (error, VALISE_HTTP_ERROR, 401,
                         "You are not authorized to access this db.");
  return person != NULL;
}

/* What wakes it: the database, and the end of the account. */
static GStrv
dup_watched (Feed *feed)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autofree char         *account =
      feed->person != NULL ? valise_office_dup_watched_name (feed->person->account) : NULL;

  g_strv_builder_add (names, valise_database_get_name (feed->database));
  if (account != NULL)
    g_strv_builder_add (names, account);
  return g_strv_builder_end (names);
}

/* Nothing more now: waits, unless the time is up. */
static ValisePiece
wait_for_more (Feed *feed, GStrv *watched, guint generation, ValiseWait *wait)
{
  gint64 now = g_get_monotonic_time ();

  if (feed->idle_until_us == 0)
    feed->idle_until_us = now + (gint64) feed->patience.timeout_ms * 1000;
  if (now >= feed->idle_until_us || wait->hurry)
    return finish (feed);

  wait->databases = g_steal_pointer (watched);
  wait->generation = generation;
  wait->until_us = feed->idle_until_us;
  wait->heartbeat_ms = (guint) feed->patience.heartbeat_ms;
  wait->begin = feed->kind == FEED_CONTINUOUS;
  return VALISE_PIECE_WAIT;
}

static ValisePiece
produce_feed (gpointer producer, GString *out, ValiseWait *wait, GError **error)
{
  Feed          *feed = producer;
  gboolean       whole = FALSE;
  g_auto (GStrv) watched = dup_watched (feed);
  guint generation = valise_watch_get_generation (feed->watch, (const char *const *) watched);

  if (!check_person (feed, error))
    return VALISE_PIECE_FAILED;
  feed->out = out;
  feed->start = out->len;
  while (!whole && out->len - feed->start < VALISE_ANSWER_PIECE)
    {
      if (feed->limited && feed->left == 0)
        return finish (feed);
      if (!read_page (feed, &whole, error))
        return VALISE_PIECE_FAILED;
    }
  if (feed->limited && feed->left == 0)
    return finish (feed);
  if (!whole)
    return VALISE_PIECE_MORE;
  if (feed->kind == FEED_NORMAL || (feed->kind == FEED_LONGPOLL && feed->given > 0))
    return finish (feed);
  if (out->len > feed->start)
    return VALISE_PIECE_MORE; /* sent first; the next call waits */

  return wait_for_more (feed, &watched, generation, wait);
}

/* --- the question --------------------------------------------------------------------------- */

static gboolean
read_kind (Feed *feed, const ValiseRequest *request, GError **error)
{
  const char *kind = valise_request_get_query (request, "feed");

  if (kind == NULL || strcmp (kind, "normal") == 0)
    feed->kind = FEED_NORMAL;
  else if (strcmp (kind, "longpoll") == 0)
    feed->kind = FEED_LONGPOLL;
  else if (strcmp (kind, "continuous") == 0)
    feed->kind = FEED_CONTINUOUS;
  else
    {
      g_set_error (error, VALISE_HTTP_ERROR, 400,
                   "Supported `feed` types: normal, continuous, longpoll");
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_counts (Feed *feed, const ValiseRequest *request, GError **error)
{
  feed->left = G_MAXUINT64;
  if (!valise_patience_read (&feed->patience, request, error)
      || !valise_request_get_count (request, "limit", G_MAXINT32, &feed->left, error)
      || !valise_request_get_count (request, "seq_interval", G_MAXINT32, &feed->interval, error))
    return FALSE;
  feed->limited = feed->left != G_MAXUINT64;
  feed->left = MAX (feed->left, 1); /* as CouchDB, where 0 is 1 */
  return TRUE;
}

static gboolean
read_question (Feed *feed, const ValiseRequest *request, GError **error)
{
  g_autofree char   *since = valise_request_dup_query_string (request, "since");
  const char        *last = valise_request_get_header (request, "last-event-id");
  ValiseDatabaseInfo info = { 0 };

  if (!read_kind (feed, request, error) || !read_counts (feed, request, error)
      || !valise_database_get_info (feed->database, &info, error))
    return FALSE;

  memcpy (feed->uuid, info.uuid, sizeof feed->uuid);
  feed->since = valise_sequence_parse (since != NULL ? since : last, &info);
  if (g_strcmp0 (valise_request_get_query (request, "style"), "all_docs") == 0)
    feed->flags |= VALISE_CHANGES_ALL_LEAVES;
  if (valise_request_get_flag (request, "descending") && feed->kind == FEED_NORMAL)
    feed->flags |= VALISE_CHANGES_DESCENDING;
  if (valise_request_get_flag (request, "include_docs"))
    feed->flags |= VALISE_CHANGES_DOCUMENTS;
  feed->filter = valise_feed_filter_new (request, error);
  if (feed->filter != NULL && valise_feed_filter_needs_documents (feed->filter))
    feed->flags |= VALISE_CHANGES_DOCUMENTS;

  return feed->filter != NULL;
}

VALISE_HANDLER (changes)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autoptr (GError)         error = NULL;
  Feed                      *feed = NULL;

  if (database == NULL)
    return;

  feed = g_new0 (Feed, 1);
  feed->watch = valise_office_get_watch (service->office);
  feed->accounts = valise_office_get_accounts (service->office);
  feed->person = request->person != NULL ? valise_person_ref (request->person) : NULL;
  feed->database = g_steal_pointer (&database);
  valise_answer_set_producer (answer, produce_feed, feed, free_feed);
  if (!read_question (feed, request, &error))
    {
      valise_answer_fail_with (answer, error);
      return;
    }

  if (feed->kind == FEED_NORMAL)
    valise_service_set_cacheable (service, request, feed->database, answer);
}
