/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-document"

#include "config.h"

#include <string.h>

#include "valise-document.h"
#include "valise-revision.h"

static void
clear_document (gpointer data)
{
  ValiseDocument *self = data;

  g_free (self->id);
  g_free (self->rev);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_strfreev (self->ancestors);
  g_free (self->attachments);
}

/**
 * valise_document_new:
 * @id: (nullable): its id; %NULL where the caller sets it before it shares the document
 * @rev: (nullable): "N-hash"
 * @body: (nullable): the text of a JSON object without `_` members; %NULL: not here
 *
 * Returns: (transfer full): a document
 */
ValiseDocument *
valise_document_new (const char *id, const char *rev, gboolean deleted, GBytes *body)
{
  ValiseDocument *self = g_atomic_rc_box_new0 (ValiseDocument);

  self->id = g_strdup (id);
  self->rev = g_strdup (rev);
  self->deleted = deleted;
  self->body = body != NULL ? g_bytes_ref (body) : NULL;
  self->size = body != NULL ? (gint64) g_bytes_get_size (body) : 0;
  return self;
}

ValiseDocument *
valise_document_ref (ValiseDocument *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
valise_document_unref (ValiseDocument *self)
{
  g_atomic_rc_box_release_full (self, clear_document);
}

/**
 * valise_document_scan:
 *
 * Fails with any #ValiseJsonError where the body is damaged.
 *
 * Returns: (transfer full) (nullable): the body scanned; %NULL, without an error, where it
 *   is not here
 */
gsize
valise_document_get_weight (const ValiseDocument *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (self->body == NULL)
    return 0;
  return g_bytes_get_size (self->body)
         + (self->attachments != NULL ? strlen (self->attachments) : 0);
}

ValiseJson *
valise_document_scan (const ValiseDocument *self, GError **error)
{
  return self->body != NULL ? valise_json_scan (self->body, VALISE_JSON_ANY, error) : NULL;
}

/* --- reading the wire form ----------------------------------------------------------- */

static gboolean
refuse_member (const char *name, const char *reason, GError **error)
{
  g_set_error (error, VALISE_JSON_ERROR, VALISE_JSON_ERROR_SYNTAX, "Document member %s: %s", name,
               reason);
  return FALSE;
}

static gboolean
take_string (const ValiseJson *json, guint token, const char *name, char **out, GError **error)
{
  g_free (*out);
  *out = valise_json_dup_string (json, token);
  return *out != NULL || refuse_member (name, "not a string", error);
}

/* `_revisions`: {"start": N, "ids": [newest, …]}. */
static gboolean
take_revisions (ValiseDocument   *self,
                const ValiseJson *json,
                guint             token,
                char            **rev,
                GError          **error)
{
  gint64                start = valise_json_get_member_int (json, token, "start", 0);
  guint                 ids = valise_json_find (json, token, "ids");
  g_autoptr (GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);

  if (start < 1 || start > G_MAXINT32 + G_GINT64_CONSTANT (1) || ids == VALISE_JSON_NONE
      || valise_json_get_kind (json, ids) != VALISE_JSON_KIND_ARRAY
      || valise_json_count (json, ids) == 0 || valise_json_count (json, ids) > start)
    return refuse_member ("_revisions", "no start and ids that agree", error);

  for (guint id = valise_json_first (json, ids); id != VALISE_JSON_NONE;
       id = valise_json_next (json, id))
    {
      g_autofree char *hash = valise_json_dup_string (json, id);
      g_autofree char *name = g_strdup_printf ("1-%s", hash != NULL ? hash : "");

      if (!valise_revision_parse (name, NULL, NULL))
        return refuse_member ("_revisions", "an id that is no hash", error);
      g_ptr_array_add (hashes, g_steal_pointer (&hash));
    }

  *rev = g_strdup_printf ("%" G_GINT64_FORMAT "-%s", start, (char *) hashes->pdata[0]);
  g_ptr_array_remove_index (hashes, 0);
  g_ptr_array_add (hashes, NULL);
  g_strfreev (self->ancestors);
  self->ancestors = (char **) g_ptr_array_free (g_steal_pointer (&hashes), FALSE);
  return TRUE;
}

static gboolean
take_deleted (ValiseDocument *self, const ValiseJson *json, guint token, GError **error)
{
  ValiseJsonKind kind = valise_json_get_kind (json, token);

  self->deleted = kind == VALISE_JSON_KIND_TRUE;
  return kind == VALISE_JSON_KIND_TRUE || kind == VALISE_JSON_KIND_FALSE
         || refuse_member ("_deleted", "neither true nor false", error);
}

static gboolean
take_attachments (ValiseDocument *self, const ValiseJson *json, guint token, GError **error)
{
  if (valise_json_get_kind (json, token) != VALISE_JSON_KIND_OBJECT)
    return refuse_member ("_attachments", "not an object", error);

  g_free (self->attachments);
  self->attachments =
      valise_json_count (json, token) > 0 ? valise_json_dup_raw (json, token) : NULL;
  return TRUE;
}

/* What CouchDB adds to an answer when asked; it says nothing about the document itself. */
static gboolean
is_commentary (const char *name)
{
  static const char *const names[] = { "_conflicts", "_deleted_conflicts", "_local_seq",
                                       "_revs_info", NULL };

  return g_strv_contains (names, name);
}

static gboolean
take_member (ValiseDocument   *self,
             const ValiseJson *json,
             guint             token,
             const char       *name,
             char            **revisions_rev,
             GError          **error)
{
  if (g_str_equal (name, "_id"))
    return take_string (json, token, name, &self->id, error);
  if (g_str_equal (name, "_rev"))
    return take_string (json, token, name, &self->rev, error);
  if (g_str_equal (name, "_revisions"))
    return take_revisions (self, json, token, revisions_rev, error);
  if (g_str_equal (name, "_deleted"))
    return take_deleted (self, json, token, error);
  if (g_str_equal (name, "_attachments"))
    return take_attachments (self, json, token, error);
  return is_commentary (name) || refuse_member (name, "not one of the protocol's", error);
}

/* Where the name of the member begins that follows @after, the end of the value before it or
 * of the brace. Only white space and one comma can be between. */
static const char *
find_name (const char *after)
{
  return after + strspn (after, " \t\r\n,");
}

/* The name of a member's value, where it begins with `_`; NULL for any other. */
static char *
dup_reserved_name (const ValiseJson *json, guint token, const char *quote)
{
  char *name = NULL;

  /* Unescaping only where it may matter: "\u005fid" is a reserved name too. */
  if (quote[1] != '_' && quote[1] != '\\')
    return NULL;

  name = valise_json_dup_name (json, token);
  if (*name != '_')
    g_clear_pointer (&name, g_free);
  return name;
}

/* Appends the object's text without its reserved members, each of which goes with one comma;
 * between two members that stay is what followed the first. Every other byte is as it came. */
static gboolean
split_members (ValiseDocument   *self,
               const ValiseJson *json,
               guint             object,
               GString          *body,
               char            **revisions_rev,
               GError          **error)
{
  gsize       length = 0;
  const char *text = valise_json_get_raw (json, object, &length);
  const char *end = text + length;
  const char *after = find_name (text + 1); /* the end of the value before; at first, of none */
  const char *gap = NULL;                   /* what followed the last member that stayed */
  gsize       gap_length = 0;
  gboolean    has_kept = FALSE;

  g_string_append_len (body, text, after - text);
  for (guint token = valise_json_first (json, object); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      const char      *quote = find_name (after);
      g_autofree char *name = dup_reserved_name (json, token, quote);
      const char      *value = valise_json_get_raw (json, token, &length);

      if (name != NULL && !take_member (self, json, token, name, revisions_rev, error))
        return FALSE;
      if (gap == NULL && has_kept)
        {
          gap = after;
          gap_length = (gsize) (quote - after);
        }
      after = value + length;
      if (name != NULL)
        continue;

      g_string_append_len (body, gap, (gssize) gap_length);
      g_string_append_len (body, quote, after - quote);
      gap = NULL;
      gap_length = 0;
      has_kept = TRUE;
    }
  g_string_append_len (body, after, end - after);
  return TRUE;
}

/* "0-N", as `_local` documents are counted. It names no node of a tree, so whoever would
 * merge or edit by it is refused there. */
static gboolean
is_local_revision (const char *rev)
{
  return g_str_has_prefix (rev, "0-") && rev[2] != '\0'
         && strspn (rev + 2, "0123456789") == strlen (rev + 2);
}

/* `_rev` and `_revisions` must name the same revision; either alone will do. */
static gboolean
join_revisions (ValiseDocument *self, char *revisions_rev, GError **error)
{
  if (self->rev != NULL && !valise_revision_parse (self->rev, NULL, NULL)
      && (revisions_rev != NULL || !is_local_revision (self->rev)))
    return refuse_member ("_rev", "no revision", error);
  if (self->rev != NULL && revisions_rev != NULL
      && valise_revision_compare (self->rev, revisions_rev) != 0)
    return refuse_member ("_revisions", "another revision than _rev", error);

  if (self->rev == NULL)
    self->rev = g_strdup (revisions_rev);
  return TRUE;
}

/**
 * valise_document_from_json:
 * @token: the object in @json that is the document
 *
 * Reads the wire form. Members that begin with `_` are taken out of the body; those CouchDB
 * adds to answers (`_conflicts`, `_revs_info`…) are dropped. `_id` and `_rev` may lack: a
 * path may give them.
 *
 * Fails with %VALISE_JSON_ERROR_SYNTAX where the value is no object, or a member that begins
 * with `_` is unknown or not as the protocol has it.
 *
 * Returns: (transfer full): the document, its body here
 */
ValiseDocument *
valise_document_from_json (const ValiseJson *json, guint token, GError **error)
{
  g_autoptr (ValiseDocument) self = NULL;
  g_autofree char           *revisions_rev = NULL;
  g_autoptr (GString)        body = NULL;
  gsize                      length = 0;

  if (token == VALISE_JSON_NONE || valise_json_get_kind (json, token) != VALISE_JSON_KIND_OBJECT)
    {
      g_set_error (error, VALISE_JSON_ERROR, VALISE_JSON_ERROR_SYNTAX,
                   "A document must be an object");
      return NULL;
    }

  valise_json_get_raw (json, token, &length);
  self = valise_document_new (NULL, NULL, FALSE, NULL);
  body = g_string_sized_new (length + 1);
  if (!split_members (self, json, token, body, &revisions_rev, error)
      || !join_revisions (self, revisions_rev, error))
    return NULL;

  self->size = (gint64) body->len;
  self->body = g_string_free_to_bytes (g_steal_pointer (&body));
  return g_steal_pointer (&self);
}

/* --- writing the wire form ----------------------------------------------------------- */

static void
append_revisions (const ValiseDocument *self, GString *out)
{
  guint       start = 0;
  const char *hash = NULL;

  if (self->rev == NULL || !valise_revision_parse (self->rev, &start, &hash))
    return;

  g_string_append_printf (out, ",\"_revisions\":{\"start\":%u,\"ids\":[", start);
  valise_json_append_string (out, hash, -1);
  for (guint i = 0; self->ancestors != NULL && self->ancestors[i] != NULL; i++)
    {
      g_string_append_c (out, ',');
      valise_json_append_string (out, self->ancestors[i], -1);
    }
  g_string_append (out, "]}");
}

/* The members of the body, and the closing brace. */
static void
append_body (const ValiseDocument *self, GString *out)
{
  gsize       length = 0;
  const char *text = self->body != NULL ? g_bytes_get_data (self->body, &length) : NULL;
  gsize       skip = 1;

  while (skip < length && g_ascii_isspace (text[skip]))
    skip++;
  if (skip < length && text[skip] != '}' && out->str[out->len - 1] != '{')
    g_string_append_c (out, ',');
  if (length > 0)
    g_string_append_len (out, text + 1, (gssize) length - 1);
  else
    g_string_append_c (out, '}');
}

/**
 * valise_document_append_json:
 *
 * Appends the wire form. The body's own bytes stand as they are after the members that begin
 * with `_`; a document that is not here has those alone.
 */
void
valise_document_append_json (const ValiseDocument *self, ValiseDocumentFlags flags, GString *out)
{
  g_string_append_c (out, '{');
  if (self->id != NULL)
    valise_json_append_member (out, "_id", self->id);
  if (self->rev != NULL)
    valise_json_append_member (out, "_rev", self->rev);
  if (self->deleted)
    g_string_append_printf (out, "%s\"_deleted\":true", out->str[out->len - 1] == '{' ? "" : ",");
  if (flags & VALISE_DOCUMENT_REVISIONS)
    append_revisions (self, out);
  if (self->attachments != NULL)
    g_string_append_printf (out, "%s\"_attachments\":%s", out->str[out->len - 1] == '{' ? "" : ",",
                            self->attachments);
  append_body (self, out);
}
