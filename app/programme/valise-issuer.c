/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-issuer"

#include "config.h"

#include "valise-issuer.h"

#include "valise-canonical.h"
#include "valise-clock.h"
#include "valise-seal.h"

#define NUMBERS_ID   "issues" /* of a `_local` document */
#define NUMBERS_HOME "public"
#define ISSUED       "issued" /* the member that says when */
#define NEWEST_TO_READ                                                                             \
  32 /* documents; a restored copy may hold higher numbers than its own note                       \
      */

struct _ValiseIssuer
{
  ValiseHome  *home;
  ValiseRules *rules;
  ValiseKey   *key;
  char        *programme;
  gint64       last;    /* the number last given */
  GPtrArray   *pending; /* of Pending, in the order of their numbers */
};

typedef struct
{
  char           *database;
  ValiseDocument *document;
} Pending;

static void
free_pending (gpointer data)
{
  Pending *pending = data;

  g_free (pending->database);
  g_clear_pointer (&pending->document, valise_document_unref);
  g_free (pending);
}

static gboolean
note_number (const ValiseChange *change, gpointer user_data)
{
  gint64                *last = user_data;
  g_autoptr (ValiseJson) json = NULL;

  if (change->document != NULL && change->document->body != NULL)
    json = valise_document_scan (change->document, NULL);
  if (json != NULL)
    *last = MAX (*last, valise_seal_get_issue (json));

  return TRUE;
}

static gboolean
read_last_number (ValiseIssuer *self, GError **error)
{
  g_autoptr (ValiseDatabase) database = NULL;
  g_autofree char           *text = NULL;
  g_autoptr (ValiseJson)     json = NULL;
  g_autoptr (GError)         missing = NULL;
  gint64                     last_seq = 0;

  database = valise_home_get_database (self->home, NUMBERS_HOME, TRUE, error);
  if (database == NULL)
    return FALSE;

  text = valise_database_get_local (database, NUMBERS_ID, NULL, &missing);
  if (text != NULL)
    json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, error);
  else if (!g_error_matches (missing, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    {
      g_propagate_error (error, g_steal_pointer (&missing));
      return FALSE;
    }
  if (text != NULL && json == NULL)
    return FALSE;
  if (json != NULL)
    self->last = valise_json_get_member_int (json, 0, "last", 0);

  return valise_database_changes (database, 0, NEWEST_TO_READ,
                                  VALISE_CHANGES_DOCUMENTS | VALISE_CHANGES_DESCENDING, note_number,
                                  &self->last, &last_seq, NULL, error);
}

ValiseIssuer *
valise_issuer_new (ValiseHome    *home,
                   ValiseProfile *profile,
                   const char    *programme,
                   ValiseKey     *key,
                   GError       **error)
{
  g_autoptr (ValiseIssuer) self = NULL;

  g_return_val_if_fail (VALISE_IS_HOME (home), NULL);
  g_return_val_if_fail (programme != NULL && key != NULL, NULL);

  self = g_new0 (ValiseIssuer, 1);
  self->home = g_object_ref (home);
  self->programme = g_strdup (programme);
  self->key = valise_key_ref (key);
  self->pending = g_ptr_array_new_with_free_func (free_pending);
  self->rules = valise_rules_new (profile, error);
  if (self->rules == NULL || !read_last_number (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
valise_issuer_free (ValiseIssuer *self)
{
  g_clear_pointer (&self->pending, g_ptr_array_unref);
  g_clear_pointer (&self->key, valise_key_unref);
  g_clear_object (&self->rules);
  g_clear_object (&self->home);
  g_free (self->programme);
  g_free (self);
}

/* What stands, or will: NULL without an error where nothing does. */
static ValiseDocument *
find_document (ValiseIssuer *self, const char *name, const char *id, GError **error)
{
  g_autoptr (ValiseDatabase) database = NULL;
  ValiseDocument            *document = NULL;
  g_autoptr (GError)         missing = NULL;

  for (guint i = self->pending->len; i > 0; i--)
    {
      const Pending *pending = self->pending->pdata[i - 1];

      if (strcmp (pending->database, name) == 0 && strcmp (pending->document->id, id) == 0)
        return valise_document_ref (pending->document);
    }

  database = valise_home_get_database (self->home, name, TRUE, error);
  if (database == NULL)
    return NULL;

  document = valise_database_get (database, id, NULL, &missing);
  if (document == NULL
      && !g_error_matches (missing, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    g_propagate_error (error, g_steal_pointer (&missing));

  return document;
}

JsonObject *
valise_issuer_get (ValiseIssuer *self, const char *database, const char *id, GError **error)
{
  g_autoptr (ValiseDocument) document = NULL;
  g_autoptr (ValiseJson)     json = NULL;

  g_return_val_if_fail (self != NULL && database != NULL && id != NULL, NULL);

  document = find_document (self, database, id, error);
  if (document == NULL || document->body == NULL)
    return NULL;

  json = valise_document_scan (document, error);

  return json != NULL ? valise_tree_parse (json, error) : NULL;
}

/* The body @json as issued at @moment; NULL: at no moment it says. */
static ValiseJson *
date (const ValiseJson *json, const char *moment, GError **error)
{
  g_autofree char *value = moment != NULL ? g_strdup_printf ("\"%s\"", moment) : NULL;
  g_autofree char *text = valise_json_dup_with (json, ISSUED, value);

  return valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, error);
}

/* Whether @previous, sealed, says what @json says, whenever that was. */
static gboolean
is_issued (const ValiseDocument *previous, const ValiseJson *json)
{
  g_autoptr (ValiseJson) before = NULL;
  g_autoptr (ValiseJson) again = NULL;
  g_autofree char       *moment = NULL;
  g_autofree char       *digest = NULL;
  g_autofree char       *digest_before = NULL;

  if (previous == NULL || previous->body == NULL)
    return FALSE;

  before = valise_document_scan (previous, NULL);
  if (before == NULL || valise_seal_get_issue (before) < 0)
    return FALSE;

  moment = valise_json_dup_member (before, 0, ISSUED);
  again = date (json, moment, NULL);
  if (again == NULL)
    return FALSE;

  digest = valise_canonical_digest (again);
  digest_before = valise_canonical_digest (before);

  return strcmp (digest, digest_before) == 0;
}

/* The ancestors of what follows @previous: its own hash, then its ancestors'. */
static char **
dup_path (const ValiseDocument *previous)
{
  g_autoptr (GStrvBuilder) path = g_strv_builder_new ();

  if (previous == NULL)
    return NULL;

  g_strv_builder_add (path, strchr (previous->rev, '-') + 1);
  if (previous->ancestors != NULL)
    g_strv_builder_addv (path, (const char **) previous->ancestors);

  return g_strv_builder_end (path);
}

static gboolean
judge (ValiseIssuer         *self,
       const char           *database,
       const ValiseDocument *document,
       const ValiseJson     *json,
       const ValiseDocument *previous,
       GError              **error)
{
  const char *const roles[] = { "secretariat", NULL };
  const ValiseWrite write = {
    .database = database,
    .document = document,
    .json = json,
    .previous = previous,
    .source = VALISE_SOURCE_LOCAL,
    .user = "secretariat",
    .participant = "secretariat",
    .roles = roles,
  };

  return valise_gate_judge (VALISE_GATE (self->rules), &write, error);
}

static ValiseDocument *
seal (ValiseIssuer         *self,
      const char           *database,
      const char           *id,
      const ValiseJson     *json,
      ValiseKey            *key,
      const ValiseDocument *previous,
      GError              **error)
{
  const ValiseSealScope      scope = { self->programme, database, id };
  char                      *text = valise_seal_apply (&scope, json, key, self->last + 1);
  g_autoptr (GBytes)         body = g_bytes_new_take (text, strlen (text));
  g_autoptr (ValiseJson)     sealed = valise_json_scan (body, VALISE_JSON_INTEGERS, error);
  g_autofree char           *rev = NULL;
  g_autoptr (ValiseDocument) document = NULL;

  if (sealed == NULL)
    return NULL;

  rev = valise_canonical_revision (previous != NULL ? previous->rev : NULL, FALSE, sealed);
  document = valise_document_new (id, rev, FALSE, body);
  document->ancestors = dup_path (previous);
  document->attachments = g_strdup (previous != NULL ? previous->attachments : NULL);

  return judge (self, database, document, sealed, previous, error) ? g_steal_pointer (&document)
                                                                   : NULL;
}

/* Takes @document, which waits to be written from now on. */
static void
push_pending (ValiseIssuer *self, const char *database, ValiseDocument *document)
{
  Pending *pending = g_new0 (Pending, 1);

  self->last++;
  pending->database = g_strdup (database);
  pending->document = document;
  g_ptr_array_add (self->pending, pending);
}

char *
valise_issuer_add (ValiseIssuer *self,
                   const char   *database,
                   const char   *id,
                   const char   *body,
                   ValiseKey    *key,
                   gboolean     *changed,
                   GError      **error)
{
  g_autoptr (ValiseJson)     json = NULL;
  g_autoptr (ValiseJson)     dated = NULL;
  g_autofree char           *now = valise_clock_format (valise_clock_now ());
  g_autoptr (ValiseDocument) previous = NULL;
  g_autoptr (GError)         unread = NULL;
  ValiseDocument            *document = NULL;

  g_return_val_if_fail (self != NULL && database != NULL && id != NULL && body != NULL, NULL);

  if (changed != NULL)
    *changed = FALSE;

  json = valise_json_scan_text (body, -1, VALISE_JSON_INTEGERS, error);
  if (json == NULL)
    return NULL;
  previous = find_document (self, database, id, &unread);
  if (unread != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&unread));
      return NULL;
    }
  if (is_issued (previous, json))
    return g_strdup (previous->rev);

  dated = date (json, now, error);
  document = dated == NULL
                 ? NULL
                 : seal (self, database, id, dated, key != NULL ? key : self->key, previous, error);
  if (document == NULL)
    return NULL;

  push_pending (self, database, document);
  if (changed != NULL)
    *changed = TRUE;

  return g_strdup (document->rev);
}

gboolean
valise_issuer_add_tree (ValiseIssuer *self,
                        const char   *database,
                        const char   *id,
                        JsonObject   *tree,
                        gboolean     *changed,
                        GError      **error)
{
  g_autofree char *body = valise_tree_to_text (tree);
  g_autofree char *rev = valise_issuer_add (self, database, id, body, NULL, changed, error);

  return rev != NULL;
}

void
valise_issuer_set_attachments (ValiseIssuer *self,
                               const char   *database,
                               const char   *id,
                               const char   *attachments)
{
  g_return_if_fail (self != NULL && database != NULL && id != NULL);

  for (guint i = 0; i < self->pending->len; i++)
    {
      Pending *pending = self->pending->pdata[i];

      if (strcmp (pending->database, database) != 0 || strcmp (pending->document->id, id) != 0)
        continue;
      g_free (pending->document->attachments);
      pending->document->attachments = g_strdup (attachments);
    }
}

static char *
dup_note (ValiseIssuer *self)
{
  return g_strdup_printf ("{\"last\":%" G_GINT64_FORMAT "}", self->last);
}

/* What waits for @name, in one transaction; for the numbers' home, with their note. */
static gboolean
write_database (ValiseIssuer *self, const char *name, GError **error)
{
  g_autoptr (ValiseDatabase) database = valise_home_get_database (self->home, name, TRUE, error);
  ValiseBatch     *batch = database != NULL ? valise_database_begin (database, error) : NULL;
  gboolean         written = batch != NULL;
  ValiseMerge      merge = VALISE_MERGE_KNOWN;
  g_autofree char *note = dup_note (self);

  for (guint i = 0; written && i < self->pending->len; i++)
    {
      const Pending *pending = self->pending->pdata[i];

      if (strcmp (pending->database, name) == 0)
        written = valise_batch_merge (batch, pending->document, &merge, error);
    }
  if (written && strcmp (name, NUMBERS_HOME) == 0)
    written = valise_batch_put_local (batch, NUMBERS_ID, note, error);
  if (written)
    return valise_batch_commit (batch, error);

  if (batch != NULL)
    valise_batch_cancel (batch);

  return FALSE;
}

gboolean
valise_issuer_commit (ValiseIssuer *self, GError **error)
{
  g_autoptr (GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean               written = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);

  /* The numbers' home first, even where nothing but the note goes there. */
  if (self->pending->len > 0)
    written = write_database (self, NUMBERS_HOME, error);
  g_hash_table_add (done, (gpointer) NUMBERS_HOME);
  for (guint i = 0; written && i < self->pending->len; i++)
    {
      const Pending *pending = self->pending->pdata[i];

      if (g_hash_table_add (done, pending->database))
        written = write_database (self, pending->database, error);
    }
  valise_issuer_drop (self);

  return written;
}

void
valise_issuer_drop (ValiseIssuer *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_set_size (self->pending, 0);
}
