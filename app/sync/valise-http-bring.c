/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-bring"

#include "config.h"

#include "valise-http-bring.h"
#include "valise-wire.h"

/* Whether @document is there already, and so is its file. */
static gboolean
has_document (ValisePeer     *peer,
              ValiseDocument *document,
              gboolean       *has,
              GCancellable   *cancellable,
              GError        **error)
{
  const char *const     revs[] = { document->rev, NULL };
  g_autoptr (GPtrArray) wants =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
  g_autoptr (GPtrArray) missing = NULL;

  g_ptr_array_add (wants, valise_peer_want_new (document->id, revs));
  missing = valise_peer_diff (peer, wants, cancellable, error);
  *has = missing != NULL && missing->len == 0;
  return missing != NULL;
}

/* The document after its bytes, to a server that takes those in pieces. */
static gboolean
write_one (ValisePeer *peer, ValiseDocument *document, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) documents = g_ptr_array_new ();
  g_autoptr (GPtrArray) refusals = NULL;
  const ValiseRefusal  *refusal = NULL;

  g_ptr_array_add (documents, document);
  refusals = valise_peer_write (peer, documents, NULL, NULL, cancellable, error);
  if (refusals == NULL || refusals->len == 0)
    return refusals != NULL;
  refusal = refusals->pdata[0];
  g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN, "%s: %s", document->id,
               refusal->reason != NULL ? refusal->reason : refusal->error);
  return FALSE;
}

/* Asked once: a server that learns it meanwhile is asked by the next round. */
static gboolean
find_pieces (const ValiseHttpBringing *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValiseJson) root = NULL;

  if (self->features->asked)
    return TRUE;
  root = valise_http_session_exchange (self->place->session, "GET", "/", NULL, NULL, cancellable,
                                       error);
  if (root == NULL)
    return FALSE;
  self->features->pieces = valise_wire_has_feature (root, 0, "files");
  self->features->asked = TRUE;
  return TRUE;
}

gboolean
valise_http_bring (const ValiseHttpBringing *self,
                   ValiseDocument           *document,
                   ValiseFileStore          *files,
                   GCancellable             *cancellable,
                   GError                  **error)
{
  gboolean has = FALSE;

  if (!has_document (self->peer, document, &has, cancellable, error))
    return FALSE;
  if (has)
    return TRUE;
  if (!find_pieces (self, cancellable, error))
    return FALSE;
  if (!self->features->pieces)
    return valise_http_file_send_whole (self->place, document, files, self->func, self->user_data,
                                        cancellable, error);
  return valise_http_file_send_pieces (self->place, document, files, self->func, self->user_data,
                                       cancellable, error)
         && write_one (self->peer, document, cancellable, error);
}
