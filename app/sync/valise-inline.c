/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-inline"

#include "config.h"

#include "valise-attachments.h"
#include "valise-inline.h"
#include "valise-peer-error.h"

ValiseDocument *
valise_inline_dup_filled (ValiseFileStore *files, ValiseDocument *document, GError **error)
{
  g_autoptr (ValiseDocument) filled = NULL;
  g_autoptr (GError)         failure = NULL;

  if (files == NULL || document->attachments == NULL || document->body == NULL)
    return valise_document_ref (document);

  filled = valise_document_new (document->id, document->rev, document->deleted, document->body);
  filled->ancestors = g_strdupv (document->ancestors);
  filled->attachments = valise_attachments_fill (files, document->attachments, &failure);
  if (filled->attachments != NULL)
    return g_steal_pointer (&filled);

  g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL, "%s: a file of it: %s",
               document->id, failure->message);
  return NULL;
}

/* The `_attachments` of the leaves of @id that are here: what a stub may mean. */
static GPtrArray *
list_attachments (ValiseDatabase *database, const char *id)
{
  GPtrArray            *known = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) leaves = valise_database_get_leaves (database, id, NULL);

  for (guint i = 0; leaves != NULL && i < leaves->len; i++)
    {
      const ValiseRevisionLeaf  *leaf = g_ptr_array_index (leaves, i);
      g_autoptr (ValiseDocument) document = valise_database_get (database, id, leaf->rev, NULL);

      if (document != NULL && document->attachments != NULL)
        g_ptr_array_add (known, g_strdup (document->attachments));
    }
  return known;
}

ValiseDocument *
valise_inline_dup_settled (ValiseFileStore *files,
                           ValiseDatabase  *database,
                           ValiseDocument  *document,
                           GError         **error)
{
  g_autoptr (ValiseDocument) settled = NULL;
  g_autoptr (GPtrArray)      known = NULL;
  guint                      generation = 1;

  if (files == NULL || document->attachments == NULL || document->body == NULL)
    return valise_document_ref (document);

  valise_revision_parse (document->rev, &generation, NULL);
  known = list_attachments (database, document->id);
  settled = valise_document_new (document->id, document->rev, document->deleted, document->body);
  settled->ancestors = g_strdupv (document->ancestors);
  settled->attachments =
      valise_attachments_take (files, document->attachments, known, generation, error);
  return settled->attachments != NULL ? g_steal_pointer (&settled) : NULL;
}
