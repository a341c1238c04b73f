/* valise-writer.c - the writes of one request: judged one by one, durable together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-writer"

#include "config.h"

#include <string.h>

#include "valise-attachments.h"
#include "valise-batch.h"
#include "valise-canonical.h"
#include "valise-file-attachment.h"
#include "valise-file-upload.h"
#include "valise-id.h"
#include "valise-writer.h"

struct _ValiseWriter
{
  ValiseService       *service;
  const ValiseRequest *request;
  ValiseDatabase      *database; /* owned */
  gboolean             ruled;    /* the profile describes it */
  ValiseBatch         *batch;
  GHashTable          *touched; /* ids written in the batch and not yet to be read */
  gint64               from;    /* after it, up to `to`: the sequences that were given */
  gint64               to;
  gboolean             torn; /* somebody wrote between two of them */
};

ValiseWriter *
valise_writer_new (ValiseService *service, const ValiseRequest *request, ValiseDatabase *database)
{
  ValiseWriter *self = g_new0 (ValiseWriter, 1);

  self->service = service;
  self->request = request;
  self->database = g_object_ref (database);
  self->ruled = service->neighbours == NULL
                && valise_profile_has_database (valise_office_get_profile (service->office),
                                                valise_database_get_name (database));
  self->touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
valise_writer_free (ValiseWriter *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->batch, valise_batch_cancel);
  g_clear_object (&self->database);
  g_hash_table_unref (self->touched);
  g_free (self);
}

gboolean
valise_writer_commit (ValiseWriter *self, GError **error)
{
  ValiseBatch *batch = g_steal_pointer (&self->batch);
  gint64       from = 0, to = 0;

  g_hash_table_remove_all (self->touched);
  if (batch == NULL)
    return TRUE;
  valise_batch_get_span (batch, &from, &to);
  if (!valise_batch_commit (batch, error))
    return FALSE;
  self->torn |= self->to > 0 && from != self->to;
  if (self->to == 0)
    self->from = from;
  self->to = to;
  return TRUE;
}

gboolean
valise_writer_get_span (ValiseWriter *self, gint64 *from, gint64 *to)
{
  *from = self->from;
  *to = self->to;
  return self->to > 0 && !self->torn;
}

/* Takes the writer, and sees to it that a read of @id tells all that was written to it. */
static gboolean
prepare (ValiseWriter *self, const char *id, GError **error)
{
  if (*id == '_')
    {
      g_set_error (error, VALISE_HTTP_ERROR, 403, "This server keeps no design documents");
      return FALSE;
    }
  if (g_hash_table_contains (self->touched, id) && !valise_writer_commit (self, error))
    return FALSE;
  if (self->batch == NULL)
    self->batch = valise_database_begin (self->database, error);

  return self->batch != NULL;
}

/* The leaves of @id, or an empty array where there is no such document. */
static GPtrArray *
get_leaves (ValiseWriter *self, const char *id, GError **error)
{
  g_autoptr (GError)    local = NULL;
  g_autoptr (GPtrArray) leaves = valise_database_get_leaves (self->database, id, &local);

  if (leaves != NULL)
    return g_steal_pointer (&leaves);
  if (g_error_matches (local, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    return g_ptr_array_new ();

  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* The winner, tombstone or not; NULL without @error where it is not here. */
static ValiseDocument *
get_winner (ValiseWriter *self, const char *id, GPtrArray *leaves)
{
  ValiseRevisionLeaf *winner = leaves->len > 0 ? g_ptr_array_index (leaves, 0) : NULL;

  return winner != NULL ? valise_database_get (self->database, id, winner->rev, NULL) : NULL;
}

/* --- judging -------------------------------------------------------------------------------- */

/* Whether the path of @document meets the tree that is here. */
static gboolean
joins_tree (ValiseWriter *self, const ValiseDocument *document, gboolean *known, GError **error)
{
  g_autoptr (GPtrArray) path = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv)        missing = NULL;
  g_auto (GStrv)        ancestors = NULL;
  g_autoptr (GError)    local = NULL;
  guint                 generation = 0;

  if (!valise_revision_parse (document->rev, &generation, NULL))
    {
      g_set_error (error, VALISE_HTTP_ERROR, 400, "Invalid rev format");
      return FALSE;
    }
  g_ptr_array_add (path, g_strdup (document->rev));
  for (guint i = 0; document->ancestors != NULL && document->ancestors[i] != NULL; i++)
    g_ptr_array_add (path, g_strdup_printf ("%u-%s", generation - 1 - i, document->ancestors[i]));
  g_ptr_array_add (path, NULL);

  missing = valise_database_diff (self->database, document->id, (const char *const *) path->pdata,
                                  &ancestors, NULL, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  *known = missing == NULL || !g_strv_contains ((const char *const *) missing, document->rev);

  return missing == NULL || g_strv_length (missing) < path->len - 1;
}

/* Revisions of the programme's documents are made of their content; see DESIGN §4. */
static gboolean
check_revision (const ValiseDocument *document, GError **error)
{
  g_autoptr (ValiseJson) json = valise_document_scan (document, error);
  guint                  generation = 0;
  g_autofree char       *parent = NULL;
  g_autofree char       *expected = NULL;

  if (json == NULL)
    return FALSE;

  valise_revision_parse (document->rev, &generation, NULL);
  if (document->ancestors != NULL && document->ancestors[0] != NULL)
    parent = g_strdup_printf ("%u-%s", generation - 1, document->ancestors[0]);
  expected = valise_canonical_revision (parent, document->deleted, json);
  if (strcmp (expected, document->rev) == 0)
    return TRUE;

  g_set_error (error, VALISE_GATE_ERROR, VALISE_GATE_ERROR_REVISION,
               "%s: %s is not the revision that its content makes", document->id, document->rev);
  return FALSE;
}

static gboolean
judge (ValiseWriter *self, const ValiseDocument *document, GPtrArray *leaves, GError **error)
{
  const ValisePerson        *person = self->request->person;
  g_autoptr (ValiseJson)     json = valise_document_scan (document, error);
  g_autoptr (ValiseDocument) previous = NULL;
  ValiseWrite                write = { 0 };

  if (json == NULL)
    {
      if (document->body == NULL)
        g_set_error (error, VALISE_HTTP_ERROR, 400, "%s has no body", document->id);
      return FALSE;
    }

  previous = get_winner (self, document->id, leaves);
  write.database = valise_database_get_name (self->database);
  write.document = document;
  write.json = json;
  write.previous = previous;
  write.source = VALISE_SOURCE_PEER;
  write.user = person->account;
  write.participant = person->participant;
  write.roles = (const char *const *) person->roles;

  return valise_gate_judge (valise_office_get_gate (self->service->office), &write, error);
}

/* What a colleague brings to a laptop. */
static gboolean
judge_neighbour (ValiseWriter *self, const ValiseDocument *document, GError **error)
{
  g_autoptr (GPtrArray)      leaves = get_leaves (self, document->id, error);
  g_autoptr (ValiseJson)     json = NULL;
  g_autoptr (ValiseDocument) previous = NULL;
  ValiseWrite                write = { 0 };

  if (leaves == NULL)
    return FALSE;
  if (document->body == NULL)
    {
      g_set_error (error, VALISE_HTTP_ERROR, 400, "%s has no body", document->id);
      return FALSE;
    }
  json = valise_json_scan (document->body, VALISE_JSON_INTEGERS, error);
  if (json == NULL)
    return FALSE;
  previous = get_winner (self, document->id, leaves);
  write.database = valise_database_get_name (self->database);
  write.document = document;
  write.json = json;
  write.previous = previous;
  write.source = VALISE_SOURCE_PEER;
  return valise_neighbours_judge (self->service->neighbours, &write, error);
}

/* --- attachments ---------------------------------------------------------------------------- */

/* The `_attachments` of all leaves here, and of @parent. */
static GPtrArray *
get_known_attachments (ValiseWriter *self, const char *id, GPtrArray *leaves)
{
  GPtrArray *known = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < leaves->len; i++)
    {
      ValiseRevisionLeaf        *leaf = g_ptr_array_index (leaves, i);
      g_autoptr (ValiseDocument) document =
          valise_database_get (self->database, id, leaf->rev, NULL);

      if (document != NULL && document->attachments != NULL)
        g_ptr_array_add (known, g_strdup (document->attachments));
    }

  return known;
}

/* Of a file's document, the stub that it may have here: the database was shown the bytes. */
static void
add_proven (ValiseWriter         *self,
            ValiseFileStore      *files,
            const ValiseDocument *document,
            GPtrArray            *known)
{
  const char             *sha256 = valise_id_get_sha256 (document->id);
  const ValiseUploadOwner owner = { valise_database_get_name (self->database), "" };
  ValiseUploadState       state = { 0 };
  g_autofree char        *type = NULL, *name = NULL;

  if (sha256 == NULL || document->attachments == NULL
      || !valise_file_upload_look (files, sha256, &owner, &state, NULL) || !state.proven)
    return;
  name = valise_file_attachment_dup_name (document->attachments, &type);
  if (name != NULL)
    g_ptr_array_add (known, valise_file_attachment_make (name, type, sha256, state.present, 1));
}

/* A file's document has one attachment, whose digest is the document's id, in whatever way it
 * came; one that came without it is refused, since a copy would take that for a file that was
 * taken away. */
static gboolean
check_file (const ValiseDocument *document, GError **error)
{
  const char *sha256 = valise_id_get_sha256 (document->id);

  if (sha256 == NULL || document->deleted)
    return TRUE;
  if (document->attachments == NULL)
    g_set_error (error, VALISE_HTTP_ERROR, 412, "%s comes without its file", document->id);
  else if (!valise_file_attachment_is_settled (document->attachments, sha256))
    g_set_error (error, VALISE_GATE_ERROR, VALISE_GATE_ERROR_FORBIDDEN,
                 "%s: its bytes make another digest", document->id);
  else
    return TRUE;
  return FALSE;
}

/* @document with its attachments as stubs and their bytes kept. */
static ValiseDocument *
settle_attachments (ValiseWriter         *self,
                    const ValiseDocument *document,
                    GPtrArray            *leaves,
                    guint                 generation,
                    GError              **error)
{
  ValiseHome                *home = valise_office_get_home (self->service->office);
  ValiseFileStore           *files = valise_home_get_files (home, error);
  g_autoptr (GPtrArray)      known = NULL;
  g_autoptr (ValiseDocument) settled = NULL;

  if (files == NULL)
    return NULL;

  known = get_known_attachments (self, document->id, leaves);
  add_proven (self, files, document, known);
  settled = valise_document_new (document->id, document->rev, document->deleted, document->body);
  settled->ancestors = g_strdupv (document->ancestors);
  settled->attachments =
      valise_attachments_take (files, document->attachments, known, generation, error);

  return settled->attachments != NULL ? g_steal_pointer (&settled) : NULL;
}

/* --- writing -------------------------------------------------------------------------------- */

static gboolean
check_size (const ValiseDocument *document, GError **error)
{
  if (document->body == NULL || g_bytes_get_size (document->body) <= VALISE_DOCUMENT_MAX_SIZE)
    return TRUE;

  g_set_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_TOO_LARGE, "%s", document->id);
  return FALSE;
}

/* Merges what was judged. */
static gboolean
merge (ValiseWriter *self, const ValiseDocument *document, GPtrArray *leaves, GError **error)
{
  g_autoptr (ValiseDocument) settled = NULL;
  ValiseMerge                outcome = VALISE_MERGE_KNOWN;
  guint                      generation = 1;

  if (!check_size (document, error))
    return FALSE;
  if (document->attachments != NULL)
    {
      valise_revision_parse (document->rev, &generation, NULL);
      settled = settle_attachments (self, document, leaves, generation, error);
      if (settled == NULL)
        return FALSE;
    }
  if (!check_file (settled != NULL ? settled : document, error)
      || !valise_batch_merge (self->batch, settled != NULL ? settled : document, &outcome, error))
    return FALSE;

  g_hash_table_add (self->touched, g_strdup (document->id));
  return TRUE;
}

/* Its files need not be looked at again; that it was deleted since is for the store to say. */
static gboolean
merge_known (ValiseWriter *self, const ValiseDocument *document, GError **error)
{
  g_autoptr (ValiseDocument) bare =
      valise_document_new (document->id, document->rev, document->deleted, NULL);

  return valise_batch_merge (self->batch, bare, NULL, error);
}

gboolean
valise_writer_merge (ValiseWriter *self, const ValiseDocument *document, GError **error)
{
  g_autoptr (GPtrArray) leaves = NULL;
  g_autoptr (GError)    local = NULL;
  gboolean              known = FALSE;
  gboolean              joins = FALSE;

  if (!prepare (self, document->id, error)
      || (self->service->neighbours != NULL && !judge_neighbour (self, document, error)))
    return FALSE;
  if (!self->ruled && document->attachments == NULL)
    {
      leaves = g_ptr_array_new ();
      return merge (self, document, leaves, error);
    }

  leaves = get_leaves (self, document->id, error);
  if (leaves == NULL)
    return FALSE;
  joins = joins_tree (self, document, &known, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (known)
    return merge_known (self, document, error);
  if (self->ruled && leaves->len > 0 && !joins)
    {
      g_set_error (error, VALISE_GATE_ERROR, VALISE_GATE_ERROR_FORBIDDEN,
                   "%s exists; a second beginning of it is refused", document->id);
      return FALSE;
    }

  return (!self->ruled
          || (judge (self, document, leaves, error) && check_revision (document, error)))
         && merge (self, document, leaves, error);
}

/* The generation of what an edit of @rev (NULL: of the winner, if any) makes. */
static guint
get_next_generation (const char *rev, GPtrArray *leaves)
{
  ValiseRevisionLeaf *winner = leaves->len > 0 ? g_ptr_array_index (leaves, 0) : NULL;
  guint               generation = 0;

  if (rev == NULL && winner != NULL)
    rev = winner->rev;
  if (rev != NULL)
    valise_revision_parse (rev, &generation, NULL);

  return generation + 1;
}

char *
valise_writer_edit_settled (ValiseWriter *self, const ValiseDocument *document, GError **error)
{
  g_autoptr (GPtrArray) leaves = NULL;
  g_autofree char      *rev = NULL;

  if (self->service->neighbours != NULL)
    {
      g_set_error (error, VALISE_HTTP_ERROR, 403, "A laptop takes revisions, not edits");
      return NULL;
    }
  if (!prepare (self, document->id, error) || !check_size (document, error)
      || !check_file (document, error))
    return NULL;
  leaves = get_leaves (self, document->id, error);
  if (leaves == NULL || (self->ruled && !judge (self, document, leaves, error)))
    return NULL;

  rev = valise_batch_put (self->batch, document->id, document->rev, document->deleted,
                          document->body, document->attachments, error);
  if (rev != NULL)
    g_hash_table_add (self->touched, g_strdup (document->id));
  return g_steal_pointer (&rev);
}

char *
valise_writer_edit (ValiseWriter *self, const ValiseDocument *document, GError **error)
{
  g_autoptr (GPtrArray)      leaves = NULL;
  g_autoptr (ValiseDocument) settled = NULL;

  if (document->attachments == NULL)
    return valise_writer_edit_settled (self, document, error);

  if (!prepare (self, document->id, error))
    return NULL;
  leaves = get_leaves (self, document->id, error);
  if (leaves == NULL)
    return NULL;
  settled = settle_attachments (self, document, leaves, get_next_generation (document->rev, leaves),
                                error);

  return settled != NULL ? valise_writer_edit_settled (self, settled, error) : NULL;
}
