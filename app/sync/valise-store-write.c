/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-store-write"

#include "config.h"

#include "valise-attachments.h"
#include "valise-file-attachment.h"
#include "valise-inline.h"
#include "valise-store-write.h"

static const char *
get_refusal_name (const GError *failure)
{
  if (failure->domain == VALISE_ATTACHMENT_ERROR
      && failure->code == VALISE_ATTACHMENT_ERROR_MISSING_STUB)
    return "missing_stub";
  return g_error_matches (failure, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_TOO_LARGE)
             ? "too_large"
             : "bad_request";
}

/* As it is kept: the document of a file has a stub with the digest of its id, whatever the peer
 * calls it, so that it can be given on. */
static ValiseDocument *
settle (const ValiseStoreWrite *self, ValiseDocument *document, GError **error)
{
  if (self->files == NULL)
    return valise_file_attachment_settle (document);
  return valise_inline_dup_settled (self->files, self->database, document, error);
}

/* A document that the store cannot hold is refused by itself; anything else ends the write. */
static gboolean
merge_one (const ValiseStoreWrite *self,
           ValiseBatch            *batch,
           ValiseDocument         *document,
           GPtrArray              *refusals,
           GError                **error)
{
  g_autoptr (GError)         failure = NULL;
  g_autoptr (ValiseDocument) settled = settle (self, document, &failure);
  ValiseMerge                merge = VALISE_MERGE_KNOWN;
  ValiseRefusal             *refusal = NULL;

  if (settled != NULL && valise_batch_merge (batch, settled, &merge, &failure))
    return TRUE;
  if (failure->domain != VALISE_DATABASE_ERROR && failure->domain != VALISE_ATTACHMENT_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  refusal = g_new0 (ValiseRefusal, 1);
  refusal->id = g_strdup (document->id);
  refusal->rev = g_strdup (document->rev);
  refusal->error = g_strdup (get_refusal_name (failure));
  refusal->reason = g_strdup (failure->message);
  g_ptr_array_add (refusals, refusal);
  return TRUE;
}

static gboolean
fill_batch (const ValiseStoreWrite *self,
            ValiseBatch            *batch,
            GPtrArray              *documents,
            GPtrArray              *refusals,
            GError                **error)
{
  if (self->origin != NULL)
    valise_batch_note_spans (batch);
  for (guint i = 0; i < documents->len; i++)
    if (!merge_one (self, batch, g_ptr_array_index (documents, i), refusals, error))
      return FALSE;
  return self->origin == NULL || valise_origin_add (self->origin, batch, error);
}

GPtrArray *
valise_store_write (const ValiseStoreWrite *self,
                    GPtrArray              *documents,
                    const char             *local_id,
                    const char             *local_body,
                    GError                **error)
{
  g_autoptr (GPtrArray) refusals =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_refusal_free);
  ValiseBatch *batch = NULL;

  if (documents->len == 0 && local_id == NULL)
    return g_steal_pointer (&refusals);

  batch = valise_database_begin (self->database, error);
  if (batch == NULL)
    return NULL;
  if (!fill_batch (self, batch, documents, refusals, error)
      || (local_id != NULL && !valise_batch_put_local (batch, local_id, local_body, error)))
    {
      valise_batch_cancel (batch);
      return NULL;
    }
  return valise_batch_commit (batch, error) ? g_steal_pointer (&refusals) : NULL;
}
