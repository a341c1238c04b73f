/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-poll"

#include "config.h"

#include "valise-membership.h"
#include "valise-poll-words.h"
#include "valise-poll.h"
#include "valise-wire.h"

#define MAX_NEWS 256 /* databases in an answer */

struct _ValisePoll
{
  GString *body;
  guint    databases;
  guint    logs; /* of the last of them */
};

static void
append_text (GString *out, const char *name, const char *text)
{
  if (text != NULL)
    valise_json_append_member (out, name, text);
}

ValisePoll *
valise_poll_new (const char *run, const char *tag)
{
  ValisePoll *self = g_new0 (ValisePoll, 1);

  self->body = g_string_new ("{");
  append_text (self->body, "server", run);
  append_text (self->body, "account", tag);
  g_string_append (self->body, self->body->len > 1 ? ",\"databases\":[" : "\"databases\":[");
  return self;
}

void
valise_poll_free (ValisePoll *self)
{
  g_string_free (self->body, TRUE);
  g_free (self);
}

static void
end_database (ValisePoll *self)
{
  if (self->logs > 0)
    g_string_append_c (self->body, ']');
  if (self->databases > 0)
    g_string_append_c (self->body, '}');
  self->logs = 0;
}

void
valise_poll_add (ValisePoll *self, const char *database, const char *since, const char *uuid)
{
  end_database (self);
  g_string_append (self->body, self->databases++ > 0 ? ",{" : "{");
  valise_json_append_member (self->body, "name", database);
  append_text (self->body, "since", since);
  append_text (self->body, "uuid", uuid);
}

void
valise_poll_add_log (ValisePoll *self, const char *id, const char *text)
{
  g_autoptr (ValiseJson) json =
      text != NULL ? valise_json_scan_text (text, -1, VALISE_JSON_ANY, NULL) : NULL;
  g_autofree char *session = json != NULL ? valise_json_dup_member (json, 0, "session_id") : NULL;

  g_return_if_fail (self->databases > 0);

  g_string_append (self->body, self->logs++ > 0 ? ",{" : ",\"logs\":[{");
  valise_json_append_member (self->body, "id", id);
  if (session != NULL)
    {
      valise_json_append_member (self->body, "session", session);
      g_string_append_printf (self->body, ",\"ordinal\":%" G_GINT64_FORMAT,
                              valise_json_get_member_int (json, 0, "ordinal", 0));
    }
  g_string_append_c (self->body, '}');
}

/* --- the answer ------------------------------------------------------------------------------ */

static void
free_news (gpointer data)
{
  ValisePollNews *news = data;

  g_free (news->name);
  g_free (news->error);
  g_free (news->seq);
  g_free (news->uuid);
  g_strfreev (news->logs);
  valise_json_unref (news->json);
  g_free (news);
}

void
valise_poll_answer_free (ValisePollAnswer *self)
{
  g_free (self->run);
  g_free (self->tag);
  g_clear_pointer (&self->grants, g_ptr_array_unref);
  g_ptr_array_unref (self->news);
  g_free (self);
}

const ValisePollNews *
valise_poll_answer_find (const ValisePollAnswer *self, const char *database)
{
  for (guint i = 0; i < self->news->len; i++)
    {
      const ValisePollNews *news = g_ptr_array_index (self->news, i);

      if (g_str_equal (news->name, database))
        return news;
    }
  return NULL;
}

gboolean
valise_poll_news_find_log (const ValisePollNews *self, const char *id, char **body)
{
  guint array = valise_json_find (self->json, self->object, "held");
  guint token = VALISE_JSON_NONE;
  guint i = 0;

  if (array == VALISE_JSON_NONE
      || valise_json_get_kind (self->json, array) != VALISE_JSON_KIND_ARRAY)
    return FALSE;
  token = valise_json_first (self->json, array);
  while (token != VALISE_JSON_NONE && self->logs[i] != NULL && !g_str_equal (self->logs[i], id))
    {
      token = valise_json_next (self->json, token);
      i++;
    }
  if (token == VALISE_JSON_NONE || self->logs[i] == NULL)
    return FALSE;
  *body = NULL;
  if (valise_json_get_kind (self->json, token) == VALISE_JSON_KIND_OBJECT)
    *body = valise_json_dup_raw (self->json, token);
  return *body != NULL || valise_json_get_kind (self->json, token) == VALISE_JSON_KIND_NULL;
}

static GStrv
dup_logs (const ValiseJson *json, guint object)
{
  guint                    array = valise_json_find (json, object, "logs");
  guint                    token = VALISE_JSON_NONE;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  token = array != VALISE_JSON_NONE ? valise_json_first (json, array) : VALISE_JSON_NONE;
  for (; token != VALISE_JSON_NONE; token = valise_json_next (json, token))
    {
      g_autofree char *id = valise_json_dup_string (json, token);

      if (id != NULL)
        g_strv_builder_add (builder, id);
    }
  return g_strv_builder_end (builder);
}

/* NULL where it says neither where the database stands nor why not. */
static ValisePollNews *
read_news (ValiseJson *json, guint object)
{
  ValisePollNews *news = g_new0 (ValisePollNews, 1);

  news->json = valise_json_ref (json);
  news->object = object;
  news->name = valise_json_dup_member (json, object, "name");
  news->error = valise_json_dup_member (json, object, "error");
  news->seq = valise_wire_dup_seq (json, valise_json_find (json, object, "update_seq"));
  news->uuid = valise_json_dup_member (json, object, "uuid");
  news->logs = dup_logs (json, object);
  if (news->name != NULL && (news->error != NULL || (news->seq != NULL && news->uuid != NULL)))
    return news;
  free_news (news);
  return NULL;
}

static gboolean
read_all_news (ValisePollAnswer *self, ValiseJson *json)
{
  guint array = valise_json_find (json, 0, "databases");
  guint token = VALISE_JSON_NONE;

  if (array == VALISE_JSON_NONE || valise_json_get_kind (json, array) != VALISE_JSON_KIND_ARRAY)
    return FALSE;
  for (token = valise_json_first (json, array); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      ValisePollNews *news = self->news->len < MAX_NEWS ? read_news (json, token) : NULL;

      if (news == NULL)
        return FALSE;
      g_ptr_array_add (self->news, news);
    }
  return TRUE;
}

ValisePollAnswer *
valise_poll_answer_read (ValiseJson *json, GError **error)
{
  g_autoptr (ValisePollAnswer) self = g_new0 (ValisePollAnswer, 1);
  guint                        account = valise_json_find (json, 0, "account");

  self->news = g_ptr_array_new_with_free_func (free_news);
  self->run = valise_json_dup_member (json, 0, "server");
  if (account != VALISE_JSON_NONE)
    {
      self->tag = valise_json_dup_member (json, account, "tag");
      self->grants =
          valise_membership_read_grants (json, valise_json_find (json, account, "databases"));
    }
  if (self->run != NULL && read_all_news (self, json))
    return g_steal_pointer (&self);
  g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                       "The server does not say how its databases stand");
  return NULL;
}

/* A sign of life well before the silence that we bear is over, and otherwise as seldom as can be:
 * each wakes a radio. */
static char *
dup_path (ValiseHttpSession *session, guint wait_s)
{
  if (wait_s == 0)
    return g_strdup ("/_valise/poll");
  return g_strdup_printf ("/_valise/poll?feed=longpoll&timeout=%u&heartbeat=%u", wait_s * 1000,
                          valise_http_session_get_timeout (session) * 1000 * 3 / 4);
}

ValisePollAnswer *
valise_poll_ask (ValisePoll        *self,
                 ValiseHttpSession *session,
                 guint              wait_s,
                 guint             *status,
                 GCancellable      *cancellable,
                 GError           **error)
{
  g_autofree char       *path = dup_path (session, wait_s);
  g_autoptr (GString)    body = NULL;
  g_autoptr (GBytes)     words = NULL;
  g_autoptr (ValiseJson) json = NULL;

  end_database (self);
  self->databases = 0;
  body = g_string_new_len (self->body->str, (gssize) self->body->len);
  g_string_append_c (body, ']');
  if (wait_s == 0)
    g_string_append_printf (body, ",\"known\":%d", VALISE_POLL_WORDS);
  g_string_append_c (body, '}');
  if (wait_s == 0)
    words = valise_poll_words_make (body->str, body->len);
  json = valise_http_session_greet (session, "POST", path, body, words, status, cancellable, error);
  return json != NULL ? valise_poll_answer_read (json, error) : NULL;
}
