/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-transfer"

#include "config.h"

#include "valise-file-attachment.h"
#include "valise-file-transfer.h"
#include "valise-id.h"

/* --- fetching ---------------------------------------------------------------------------- */

typedef struct
{
  ValisePeer           *peer;
  ValiseFileStore      *files;
  const ValiseFileWish *wish;
  ValiseFileStepFunc    func;
  gpointer              user_data;
  gint64                present;
  gboolean              announced;
} Fetch;

/* What the peer begins with: whose bytes are here from now on. */
static gboolean
note_source (Fetch *fetch, const ValisePeerPiece *piece, GError **error)
{
  const ValiseFileWish *wish = fetch->wish;
  const char           *name = valise_peer_get_name (fetch->peer);

  fetch->announced = TRUE;
  if (piece->offset == 0 && fetch->present > 0)
    {
      if (!valise_file_store_restart (fetch->files, wish->sha256, error))
        return FALSE;
      fetch->present = 0;
    }
  if (g_strcmp0 (wish->source, name) == 0 && g_strcmp0 (wish->tag, piece->tag) == 0)
    return TRUE;
  return valise_file_wishes_set_source (fetch->files, wish->sha256, name, piece->tag, error);
}

static gboolean
take_piece (const ValisePeerPiece *piece, gpointer user_data, GError **error)
{
  Fetch             *fetch = user_data;
  g_autoptr (GBytes) bytes = g_bytes_new (piece->data, piece->length);
  gint64             end = piece->offset + (gint64) piece->length;
  gboolean           ok = TRUE;

  if (!fetch->announced && !note_source (fetch, piece, error))
    return FALSE;
  if (piece->length == 0)
    return TRUE;

  /* A whole chunk is worth waiting for the disk; less is safe with the system. */
  ok = end % VALISE_FILE_CHUNK == 0 || end == fetch->wish->length
           ? valise_file_store_append (fetch->files, fetch->wish->sha256, fetch->wish->length,
                                       piece->offset, bytes, error)
           : valise_file_store_append_soon (fetch->files, fetch->wish->sha256, fetch->wish->length,
                                            piece->offset, bytes, error);
  if (!ok)
    return FALSE;
  fetch->present = end;
  return end == fetch->wish->length || fetch->func == NULL
         || fetch->func (end, MIN (VALISE_FILE_CHUNK, fetch->wish->length - end), fetch->user_data,
                         error);
}

/* A file of no bytes needs no question. */
static gboolean
complete_empty (Fetch *fetch, GError **error)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  return valise_file_store_append (fetch->files, fetch->wish->sha256, 0, 0, nothing, error);
}

gboolean
valise_file_transfer_fetch (ValisePeer           *peer,
                            ValiseFileStore      *files,
                            const ValiseFileWish *wish,
                            const char           *rev,
                            ValiseFileStepFunc    func,
                            gpointer              user_data,
                            GCancellable         *cancellable,
                            GError              **error)
{
  Fetch          fetch = { peer, files, wish, func, user_data };
  gboolean       same = g_strcmp0 (wish->source, valise_peer_get_name (peer)) == 0;
  gboolean       complete = FALSE;
  gint64         length = 0;
  ValisePeerFile file = { wish->sha256, rev, wish->length, 0, same ? wish->tag : NULL };

  fetch.present = valise_file_store_get_present (files, wish->sha256, &length, &complete);
  if (complete)
    return TRUE;
  /* Begun with another length: one of the two papers was wrong, and this one is asked for now. */
  if (fetch.present > 0 && length != wish->length)
    {
      if (!valise_file_store_restart (files, wish->sha256, error))
        return FALSE;
      fetch.present = 0;
    }
  if (wish->length == 0)
    return complete_empty (&fetch, error);
  file.offset = fetch.present;
  if (func != NULL
      && !func (fetch.present, MIN (VALISE_FILE_CHUNK, wish->length - fetch.present), user_data,
                error))
    return FALSE;

  return valise_peer_fetch_file (peer, &file, take_piece, &fetch, cancellable, error);
}

/* --- sending ----------------------------------------------------------------------------- */

typedef struct
{
  gint64             length;
  ValiseFileStepFunc func;
  gpointer           user_data;
} Sending;

static gboolean
note_sent (gint64 sent, gpointer user_data, GError **error)
{
  Sending *sending = user_data;

  return sending->func == NULL
         || sending->func (sent, MIN (VALISE_FILE_CHUNK, sending->length - sent),
                           sending->user_data, error);
}

gboolean
valise_file_transfer_send (ValisePeer        *peer,
                           ValiseFileStore   *files,
                           ValiseDatabase    *database,
                           const char        *sha256,
                           ValiseFileStepFunc func,
                           gpointer           user_data,
                           GCancellable      *cancellable,
                           GError           **error)
{
  g_autofree char           *id = valise_id_for_file (sha256);
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, error);
  g_autoptr (ValiseDocument) settled = NULL;
  Sending                    sending = { 0, func, user_data };

  if (document == NULL || !valise_file_store_doubt (files, sha256, NULL, error))
    return FALSE;
  settled = valise_file_attachment_settle (document);
  valise_file_store_get_present (files, sha256, &sending.length, NULL);
  if (!valise_peer_send_file (peer, settled, files, note_sent, &sending, cancellable, error))
    return FALSE;
  return valise_file_parcels_acknowledge (files, sha256, valise_database_get_name (database),
                                          error);
}

static GBytes *
make_body (const char *sha256, gsize length, const char *media)
{
  GString *out = g_string_new ("{\"type\":\"file\",\"sha256\":\"");

  g_string_append_printf (out, "%s\",\"length\":%" G_GSIZE_FORMAT ",\"media\":", sha256, length);
  valise_json_append_string (out, media, -1);
  g_string_append (out, ",\"state\":\"issued\"}");
  return g_string_free_to_bytes (out);
}

/* A team's own goes to no server: its colleagues take it. */
static gboolean
is_owed (const char *database)
{
  return !g_str_has_prefix (database, "team-") || g_str_equal (database, "team-secretariat");
}

char *
valise_file_transfer_put (ValiseFileStore *files,
                          ValiseDatabase  *database,
                          GBytes          *bytes,
                          const char      *media,
                          GError         **error)
{
  const char                *name = valise_database_get_name (database);
  g_autofree char           *sha256 = valise_file_store_put (files, bytes, error);
  g_autofree char           *id = NULL, *attachments = NULL, *rev = NULL;
  g_autoptr (ValiseDocument) before = NULL;
  g_autoptr (GBytes)         body = NULL;
  gsize                      length = g_bytes_get_size (bytes);

  if (sha256 == NULL || (is_owed (name) && !valise_file_parcels_add (files, sha256, name, error)))
    return NULL;
  id = valise_id_for_file (sha256);
  before = valise_database_get (database, id, NULL, NULL);
  if (before != NULL)
    return g_steal_pointer (&sha256);

  body = make_body (sha256, length, media);
  attachments =
      valise_file_attachment_make (VALISE_FILE_ATTACHMENT, media, sha256, (gint64) length, 1);
  rev = valise_database_put (database, id, NULL, FALSE, body, attachments, error);
  return rev != NULL ? g_steal_pointer (&sha256) : NULL;
}

ValiseWant
valise_file_transfer_want_outwards (const char *id, gboolean deleted, gpointer none)
{
  return !deleted && valise_id_get_sha256 (id) != NULL ? VALISE_WANT_SKIP : VALISE_WANT_FETCH;
}
