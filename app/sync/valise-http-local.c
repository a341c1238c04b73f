/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-local"

#include "config.h"

#include <string.h>

#include "valise-http-local.h"

struct _ValiseHttpLocal
{
  char       *path;
  GHashTable *revs;     /* "0-N" by id */
  GHashTable *expected; /* body by id; NULL: there is none */
};

ValiseHttpLocal *
valise_http_local_new (const char *path)
{
  ValiseHttpLocal *self = g_new0 (ValiseHttpLocal, 1);

  self->path = g_strdup (path);
  self->revs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->expected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
valise_http_local_free (ValiseHttpLocal *self)
{
  g_hash_table_unref (self->revs);
  g_hash_table_unref (self->expected);
  g_free (self->path);
  g_free (self);
}

static void
keep_rev (ValiseHttpLocal *self, const char *id, char *rev)
{
  if (rev != NULL)
    g_hash_table_replace (self->revs, g_strdup (id), rev);
}

static char *
dup_path (ValiseHttpLocal *self, const char *id)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strconcat (self->path, "/_local/", escaped, NULL);
}

void
valise_http_local_expect (ValiseHttpLocal *self, const char *id, const char *body)
{
  g_hash_table_replace (self->expected, g_strdup (id), g_strdup (body));
}

void
valise_http_local_expect_nothing (ValiseHttpLocal *self)
{
  g_hash_table_remove_all (self->expected);
}

static gboolean
take_expected (ValiseHttpLocal *self, const char *id, char **body, GError **error)
{
  g_autofree char *key = NULL;

  if (!g_hash_table_steal_extended (self->expected, id, (gpointer *) &key, (gpointer *) body))
    return FALSE;
  if (*body == NULL)
    g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING, "%s has no _local/%s",
                 self->path, id);
  return TRUE;
}

char *
valise_http_local_get (ValiseHttpLocal   *self,
                       ValiseHttpSession *session,
                       const char        *id,
                       GCancellable      *cancellable,
                       GError           **error)
{
  g_autofree char       *path = dup_path (self, id);
  char                  *expected = NULL;
  g_autoptr (ValiseJson) json = NULL;

  if (take_expected (self, id, &expected, error))
    return expected;
  json = valise_http_session_exchange (session, "GET", path, NULL, NULL, cancellable, error);
  if (json == NULL)
    return NULL;
  keep_rev (self, id, valise_json_dup_member (json, 0, "_rev"));
  return valise_json_dup_raw (json, 0);
}

/* @body with the revision it replaces, where we know it. */
static GString *
make_body (ValiseHttpLocal *self, const char *id, const char *body)
{
  GString    *out = g_string_new ("{");
  const char *rev = g_hash_table_lookup (self->revs, id);
  const char *members = strchr (body, '{');

  if (rev != NULL)
    {
      g_string_append (out, "\"_rev\":");
      valise_json_append_string (out, rev, -1);
    }
  members = members != NULL ? members + 1 : "}";
  if (rev != NULL && members[strspn (members, " \n\r\t")] != '}')
    g_string_append_c (out, ',');
  g_string_append (out, members);
  return out;
}

/* CouchDB never answers 409 here, PouchDB does: another hand wrote it, so read it and then
 * write ours. */
gboolean
valise_http_local_put (ValiseHttpLocal   *self,
                       ValiseHttpSession *session,
                       const char        *id,
                       const char        *body,
                       GCancellable      *cancellable,
                       GError           **error)
{
  g_autofree char *path = dup_path (self, id);
  guint            status = 409;

  g_hash_table_remove (self->expected, id);
  for (int attempt = 0; attempt < 3 && status == 409; attempt++)
    {
      g_autoptr (GString)    text = NULL;
      g_autoptr (ValiseJson) json = NULL;
      g_autofree char       *theirs = NULL;

      if (attempt > 0)
        {
          g_clear_error (error);
          theirs = valise_http_local_get (self, session, id, cancellable, NULL);
        }
      text = make_body (self, id, body);
      json = valise_http_session_exchange (session, "PUT", path, text, &status, cancellable, error);
      if (json != NULL)
        {
          keep_rev (self, id, valise_json_dup_member (json, 0, "rev"));
          return TRUE;
        }
    }
  return FALSE;
}
