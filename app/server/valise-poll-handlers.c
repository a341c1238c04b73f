/* valise-poll-handlers.c - several databases asked after in one question
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The feature "poll". POST /_valise/poll[?feed=longpoll&timeout=MS&heartbeat=MS] takes
 *
 *     {"server": RUN, "account": TAG,
 *      "databases": [{"name", "since", "uuid", "logs": [{"id", "session", "ordinal"}]}]}
 *
 * of which all but the names and ids may be left out, and, with "known": 1 beside "databases", what
 * valise-poll-words.h says; and answers
 *
 *     {"server": RUN, "account": {"tag": TAG, "databases": [{"name", "read", "write"}]},
 *      "databases": [{"name", "update_seq", "uuid", "instance_start_time", "doc_count",
 *                     "features", "logs": [ID], "held": [LOG]} or {"name", "error"}]}
 *
 * "server" names this run of the program: while that is the same, no older copy of a database can
 * have taken its place unseen. "account" is there where it is not the one that TAG names. Of the
 * databases, those are there of which the client knows nothing; that moved on from "since", or are
 * another than "uuid"; whose `_local` documents "logs" do not say "session_id" and "ordinal" as it
 * last saw them, or of which it does not say what it saw; and that do not exist, or not for this
 * account. "held" is what those logs say: null where there is none, false of one that is long. A
 * longpoll waits until there is one, or the account is another, or was revoked; a database that is
 * refused is best left out of it.
 *
 * Who asks with a password (Basic, RFC 7617) is given the cookie of a session as well: to a laptop
 * that has just been opened, a request that only signs in is a round trip of a slow line.
 */

#define G_LOG_DOMAIN "valise-poll-handlers"

#include "config.h"

#include <string.h>

#include "valise-access.h"
#include "valise-handlers.h"
#include "valise-patience.h"
#include "valise-poll-words.h"
#include "valise-zstd.h"

#define MAX_DATABASES 256
#define MAX_LOGS      4         /* of one database */
#define HELD_MAX      (8 << 10) /* bytes of a log that is told */
#define TAG_LENGTH    16

/* What the client believes of a `_local` document. */
typedef struct
{
  char  *id;
  char  *session; /* NULL: it does not know */
  gint64 ordinal;
} Log;

/* What it knows of a database; any member but the name may be NULL. */
typedef struct
{
  char      *name;
  char      *since;
  char      *uuid;
  GPtrArray *logs; /* (element-type Log) */
} Known;

/* A question: while it waits, this is all that is held for it. */
typedef struct
{
  ValiseService *service;
  ValisePerson  *person;
  char          *run;
  char          *tag;
  GPtrArray     *databases; /* (element-type Known) */
  GStrv          names;     /* of the databases, and the account's: what wakes it */
  gboolean       waits;
  gboolean       knows; /* what the answer may refer back to */
  ValisePatience patience;
  gint64         until_us; /* monotonic; 0: has not begun to wait */
} Poll;

static void
free_log (gpointer data)
{
  Log *log = data;

  g_free (log->id);
  g_free (log->session);
  g_free (log);
}

static void
free_known (gpointer data)
{
  Known *known = data;

  g_free (known->name);
  g_free (known->since);
  g_free (known->uuid);
  g_ptr_array_unref (known->logs);
  g_free (known);
}

static void
free_poll (gpointer data)
{
  Poll *poll = data;

  valise_person_unref (poll->person);
  g_free (poll->run);
  g_free (poll->tag);
  g_ptr_array_unref (poll->databases);
  g_strfreev (poll->names);
  g_free (poll);
}

/* --- what is there now ---------------------------------------------------------------------- */

static gboolean
is_as_known (const Log *log, const char *body)
{
  g_autoptr (ValiseJson) json =
      body != NULL ? valise_json_scan_text (body, -1, VALISE_JSON_ANY, NULL) : NULL;
  g_autofree char *session = json != NULL ? valise_json_dup_member (json, 0, "session_id") : NULL;

  return g_strcmp0 (session, log->session) == 0 && session != NULL
         && valise_json_get_member_int (json, 0, "ordinal", -1) == log->ordinal;
}

static void
append_held (GString *out, const char *body)
{
  g_string_append (out, body == NULL ? "null" : strlen (body) > HELD_MAX ? "false" : body);
}

/* The logs that are not as the client knows them. Returns how many, or -1 with @error. */
static int
append_logs (GString            *out,
             ValiseDatabase     *database,
             const ValisePerson *person,
             const Known        *known,
             GError            **error)
{
  g_autoptr (GString) held = g_string_new (NULL);
  int                 count = 0;

  g_string_append (out, ",\"logs\":[");
  for (guint i = 0; i < known->logs->len; i++)
    {
      const Log         *log = g_ptr_array_index (known->logs, i);
      g_autofree char   *key = valise_local_dup_key (person, log->id);
      g_autoptr (GError) failure = NULL;
      g_autofree char   *body = valise_database_get_local (database, key, NULL, &failure);

      if (body == NULL
          && !g_error_matches (failure, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return -1;
        }
      if (is_as_known (log, body))
        continue;
      g_string_append (out, count > 0 ? "," : "");
      valise_json_append_string (out, log->id, -1);
      g_string_append (held, count++ > 0 ? "," : "");
      append_held (held, body);
    }
  g_string_append_c (out, ']');
  if (count > 0)
    g_string_append_printf (out, ",\"held\":[%s]", held->str);
  return count;
}

static void
append_info (GString *out, const ValiseDatabaseInfo *info)
{
  g_string_append (out, ",\"update_seq\":");
  valise_sequence_append (out, info->update_seq, info->uuid);
  g_string_append_printf (out,
                          ",\"uuid\":\"%s\",\"instance_start_time\":\"%" G_GINT64_FORMAT
                          "\",\"doc_count\":%" G_GINT64_FORMAT
                          ",\"features\":[\"stream\",\"known\",\"span\"]",
                          info->uuid, info->created_us, info->documents);
}

/* What is new of @database, without its name; NULL where nothing is. */
static char *
dup_news (ValiseDatabase *database, const ValisePerson *person, const Known *known, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  ValiseDatabaseInfo  info = { 0 };
  gboolean            moved = FALSE;
  int                 logs = 0;

  if (!valise_database_get_info (database, &info, error))
    return NULL;
  moved = (known->since == NULL && known->uuid == NULL)
          || valise_sequence_parse (known->since, &info) != info.update_seq
          || (known->uuid != NULL && strcmp (known->uuid, info.uuid) != 0);
  append_info (out, &info);
  logs = append_logs (out, database, person, known, error);
  if (logs < 0 || (logs == 0 && !moved))
    return NULL;
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* The same, where @person may read it at all. */
static char *
dup_news_for (Poll *poll, const ValisePerson *person, const Known *known, GError **error)
{
  g_autoptr (ValiseDatabase) database = NULL;

  if (!valise_access_allows (poll->service, known->name, person, VALISE_NEED_READ, error))
    {
      if (*error == NULL)
        g_set_error_literal (error, VALISE_HTTP_ERROR, 403,
                             "You are not allowed to access this db.");
      return NULL;
    }
  database = valise_office_get_database (poll->service->office, known->name, FALSE, error);
  return database != NULL ? dup_news (database, person, known, error) : NULL;
}

static gboolean
append_database (Poll *poll, const ValisePerson *person, const Known *known, GString *out)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char   *news = dup_news_for (poll, person, known, &failure);

  if (news == NULL && failure == NULL)
    return FALSE;
  if (out->str[out->len - 1] == '}')
    g_string_append_c (out, ',');
  g_string_append (out, "{\"name\":");
  valise_json_append_string (out, known->name, -1);
  if (news != NULL)
    g_string_append (out, news);
  else
    valise_answer_append_member (out, "error", valise_answer_get_name_of (failure));
  g_string_append_c (out, '}');
  return TRUE;
}

/* The account where it is not the one that the client knows. */
static gboolean
append_account (Poll *poll, const ValisePerson *person, GString *out)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char    *tag = NULL;

  valise_account_append_databases (text, valise_office_get_profile (poll->service->office), person);
  tag = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize) text->len);
  tag[TAG_LENGTH] = '\0';
  if (g_strcmp0 (tag, poll->tag) == 0)
    return FALSE;
  g_string_append_printf (out, ",\"account\":{\"tag\":\"%s\",%s}", tag, text->str);
  return TRUE;
}

/* Appends the whole answer; says whether there is anything new in it. */
static gboolean
append_answer (Poll *poll, const ValisePerson *person, GString *out)
{
  const char *run = poll->service->run;
  gboolean    news = poll->run != NULL && strcmp (poll->run, run) != 0;

  g_string_append_printf (out, "{\"server\":\"%s\"", run);
  news = append_account (poll, person, out) || news;
  g_string_append (out, ",\"databases\":[");
  for (guint i = 0; i < poll->databases->len; i++)
    news = append_database (poll, person, g_ptr_array_index (poll->databases, i), out) || news;
  g_string_append (out, "]}\n");
  return news;
}

/* --- waiting -------------------------------------------------------------------------------- */

/* Who asked, as they are now: an account may have lost its rights while it waited. */
static ValisePerson *
find_person (Poll *poll, GError **error)
{
  ValisePerson *person = valise_accounts_find (valise_office_get_accounts (poll->service->office),
                                               poll->person->account);

  if (person == NULL)
    g_set_error_literal (error, VALISE_HTTP_ERROR, 401,
                         "You are not authorized to access this db.");
  return person;
}

static ValisePiece
produce_poll (gpointer producer, GString *out, ValiseWait *wait, GError **error)
{
  Poll                    *poll = producer;
  gsize                    start = out->len;
  gint64                   now = g_get_monotonic_time ();
  g_autoptr (ValisePerson) person = find_person (poll, error);
  guint                    generation = 0;

  if (person == NULL)
    return VALISE_PIECE_FAILED;
  generation = valise_watch_get_generation (valise_office_get_watch (poll->service->office),
                                            (const char *const *) poll->names);
  if (poll->until_us == 0)
    poll->until_us = now + (gint64) poll->patience.timeout_ms * 1000;
  if (append_answer (poll, person, out) || !poll->waits || wait->hurry || now >= poll->until_us)
    return VALISE_PIECE_LAST;

  g_string_truncate (out, start);
  wait->databases = g_strdupv (poll->names);
  wait->generation = generation;
  wait->until_us = poll->until_us;
  wait->heartbeat_ms = (guint) poll->patience.heartbeat_ms;
  return VALISE_PIECE_WAIT;
}

/* --- the question --------------------------------------------------------------------------- */

static gboolean
read_log (const ValiseJson *json, guint token, Known *known)
{
  Log *log = g_new0 (Log, 1);

  g_ptr_array_add (known->logs, log);
  log->id = valise_json_dup_member (json, token, "id");
  log->session = valise_json_dup_member (json, token, "session");
  log->ordinal = valise_json_get_member_int (json, token, "ordinal", -1);
  return log->id != NULL && known->logs->len <= MAX_LOGS;
}

static gboolean
read_database (const ValiseJson *json, guint token, Poll *poll)
{
  Known   *known = g_new0 (Known, 1);
  guint    logs = valise_json_find (json, token, "logs");
  gboolean ok = TRUE;

  g_ptr_array_add (poll->databases, known);
  known->logs = g_ptr_array_new_with_free_func (free_log);
  known->name = valise_json_dup_member (json, token, "name");
  known->since = valise_json_dup_member (json, token, "since");
  known->uuid = valise_json_dup_member (json, token, "uuid");
  for (guint log = logs != VALISE_JSON_NONE ? valise_json_first (json, logs) : VALISE_JSON_NONE;
       ok && log != VALISE_JSON_NONE; log = valise_json_next (json, log))
    ok = read_log (json, log, known);
  return ok && known->name != NULL && poll->databases->len <= MAX_DATABASES;
}

static gboolean
read_databases (const ValiseJson *json, Poll *poll)
{
  guint                    array = valise_json_find (json, 0, "databases");
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autofree char         *account = valise_office_dup_watched_name (poll->person->account);
  guint                    token = VALISE_JSON_NONE;

  g_strv_builder_add (names, account);
  if (array != VALISE_JSON_NONE && valise_json_get_kind (json, array) != VALISE_JSON_KIND_ARRAY)
    return FALSE;
  token = array != VALISE_JSON_NONE ? valise_json_first (json, array) : VALISE_JSON_NONE;
  for (; token != VALISE_JSON_NONE; token = valise_json_next (json, token))
    {
      if (!read_database (json, token, poll))
        return FALSE;
      g_strv_builder_add (names,
                          ((Known *) poll->databases->pdata[poll->databases->len - 1])->name);
    }
  poll->names = g_strv_builder_end (names);
  return TRUE;
}

static gboolean
read_question (Poll *poll, const ValiseRequest *request, GError **error)
{
  const char            *feed = valise_request_get_query (request, "feed");
  g_autoptr (ValiseJson) json = valise_request_scan (request, error);

  if (json == NULL || !valise_patience_read (&poll->patience, request, error))
    return FALSE;
  poll->run = valise_json_dup_member (json, 0, "server");
  poll->tag = valise_json_dup_member (json, 0, "account");
  poll->waits = g_strcmp0 (feed, "longpoll") == 0;
  poll->knows = valise_json_get_member_int (json, 0, "known", 0) == VALISE_POLL_WORDS;
  if ((feed == NULL || strcmp (feed, "normal") == 0 || poll->waits) && read_databases (json, poll))
    return TRUE;

  g_set_error (
      error, VALISE_HTTP_ERROR, 400,
      "A poll takes {databases: [{name, since, uuid, logs: [{id, session, ordinal}]}]}, at "
      "most %d of them with %d logs each, and feed=normal or longpoll",
      MAX_DATABASES, MAX_LOGS);
  return FALSE;
}

/* --- answering ------------------------------------------------------------------------------ */

/* At once, and as what refers back to the question. */
static void
answer_packed (Poll *poll, const ValiseRequest *request, ValiseAnswer *answer)
{
  gsize               length = 0;
  const char         *question = g_bytes_get_data (request->body, &length);
  g_autoptr (GBytes)  words = valise_poll_words_make (question, length);
  g_autoptr (GString) text = g_string_new (NULL);

  (void) append_answer (poll, poll->person, text);
  answer->bytes = valise_zstd_pack (text->str, text->len, words);
  answer->stored = TRUE;
  valise_answer_add_header (answer, "Content-Encoding", "zstd");
}

/* @packed: to a laptop, then, and without what only browsers heed: none can read such an answer. */
static void
give_cookie (ValiseService       *service,
             const ValiseRequest *request,
             gboolean             packed,
             ValiseAnswer        *answer)
{
  g_autofree char *cookie = valise_sessions_make_cookie (service->sessions, request->person);

  if (packed)
    *strchrnul (cookie, ';') = '\0';
  valise_answer_add_header (answer, "Set-Cookie", cookie);
}

VALISE_HANDLER (poll)
{
  Poll              *poll = g_new0 (Poll, 1);
  g_autoptr (GError) error = NULL;
  gboolean           packed = FALSE;

  poll->service = service;
  poll->person = valise_person_ref (request->person);
  poll->databases = g_ptr_array_new_with_free_func (free_known);
  if (!read_question (poll, request, &error))
    {
      valise_answer_fail_with (answer, error);
      free_poll (poll);
      return;
    }
  packed = poll->knows && !poll->waits && valise_request_takes (request, "zstd");
  if (valise_request_get_header (request, "authorization") != NULL)
    give_cookie (service, request, packed, answer);
  if (packed)
    {
      answer_packed (poll, request, answer);
      free_poll (poll);
    }
  else
    valise_answer_set_producer (answer, produce_poll, poll, free_poll);
}
