/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-visit"

#include "config.h"

#include "valise-file-attachment.h"
#include "valise-file-visit.h"
#include "valise-id.h"

/* Takes @failure. TRUE where it says only that this file is not to be had there. */
static gboolean
pass_over (GError *failure, GError **error)
{
  if (failure->domain != VALISE_FILE_ERROR
      && !g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING)
      && !g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN)
      && !g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_TOO_LARGE)
      && !g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_debug ("%s", failure->message);
  g_error_free (failure);
  return TRUE;
}

/* --- fetching ------------------------------------------------------------------------------- */

static gboolean
is_wanted (const ValiseFileWish *wish, const char *database)
{
  return wish->stage == VALISE_WISH_WAITS && !wish->complete
         && g_str_equal (wish->database, database);
}

gboolean
valise_file_visit_fetch (ValiseFileStore *files,
                         ValisePeer      *peer,
                         const char      *database,
                         ValiseFileVisit *visit,
                         GCancellable    *cancellable,
                         GError         **error)
{
  g_autoptr (GPtrArray) wishes = valise_file_wishes_list (files, error);

  for (guint i = 0; wishes != NULL && i < wishes->len; i++)
    {
      const ValiseFileWish *wish = g_ptr_array_index (wishes, i);
      GError               *failure = NULL;

      if (!is_wanted (wish, database))
        continue;
      if (valise_file_transfer_fetch (peer, files, wish, NULL, NULL, NULL, cancellable, &failure))
        {
          visit->fetched++;
          visit->bytes += wish->length - wish->present;
        }
      else if (!pass_over (failure, error))
        return FALSE;
    }
  return wishes != NULL;
}

/* --- sending -------------------------------------------------------------------------------- */

typedef struct
{
  ValiseFileStore *files;
  GPtrArray       *wants; /* (element-type ValisePeerWant) */
} Offer;

static gboolean
add_whole (const ValiseChange *change, gpointer user_data)
{
  Offer      *offer = user_data;
  const char *sha256 = valise_id_get_sha256 (change->id);
  const char *revs[2] = { NULL, NULL };
  gboolean    complete = FALSE;

  if (sha256 == NULL || change->deleted || !change->here)
    return TRUE;
  valise_file_store_get_present (offer->files, sha256, NULL, &complete);
  revs[0] = ((const ValiseRevisionLeaf *) g_ptr_array_index (change->leaves, 0))->rev;
  if (complete)
    g_ptr_array_add (offer->wants, valise_peer_want_new (change->id, revs));
  return TRUE;
}

/* Which of the files of @database, whole here, @peer lacks (element-type ValisePeerWant). */
static GPtrArray *
list_lacking (ValiseFileStore *files,
              ValisePeer      *peer,
              ValiseDatabase  *database,
              GCancellable    *cancellable,
              GError         **error)
{
  g_autoptr (GPtrArray) wants =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
  Offer offer = { files, wants };

  if (!valise_database_list (database, "file:", "file:g", 0, VALISE_CHANGES_WINNER, add_whole,
                             &offer, error))
    return NULL;
  return wants->len > 0 ? valise_peer_diff (peer, wants, cancellable, error)
                        : g_steal_pointer (&wants);
}

static gboolean
send_one (ValiseFileStore *files,
          ValisePeer      *peer,
          ValiseDatabase  *database,
          const char      *id,
          ValiseFileVisit *visit,
          GCancellable    *cancellable,
          GError         **error)
{
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, error);
  g_autoptr (ValiseDocument) settled = NULL;
  GError                    *failure = NULL;

  if (document == NULL)
    return FALSE;
  settled = valise_file_attachment_settle (document);
  if (!valise_peer_send_file (peer, settled, files, NULL, NULL, cancellable, &failure))
    return pass_over (failure, error);
  visit->sent++;
  visit->bytes += valise_file_store_get_present (files, valise_id_get_sha256 (id), NULL, NULL);
  return TRUE;
}

gboolean
valise_file_visit_send (ValiseFileStore *files,
                        ValisePeer      *peer,
                        ValiseDatabase  *database,
                        ValiseFileVisit *visit,
                        GCancellable    *cancellable,
                        GError         **error)
{
  g_autoptr (GPtrArray) lacking = list_lacking (files, peer, database, cancellable, error);

  for (guint i = 0; lacking != NULL && i < lacking->len; i++)
    if (!send_one (files, peer, database,
                   ((const ValisePeerWant *) g_ptr_array_index (lacking, i))->id, visit,
                   cancellable, error))
      return FALSE;
  return lacking != NULL;
}
