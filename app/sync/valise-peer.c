/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-peer"

#include "config.h"

#include "valise-peer.h"

G_DEFINE_QUARK (valise_peer_error, valise_peer_error)

G_DEFINE_INTERFACE (ValisePeer, valise_peer, G_TYPE_OBJECT)

static void
valise_peer_default_init (ValisePeerInterface *iface)
{
}

void
valise_peer_info_clear (ValisePeerInfo *info)
{
  g_clear_pointer (&info->uuid, g_free);
  g_clear_pointer (&info->start_time, g_free);
  g_clear_pointer (&info->update_seq, g_free);
}

char *
valise_peer_info_dup_epoch (const ValisePeerInfo *info)
{
  return g_strdup_printf ("%s/%s", info->uuid != NULL ? info->uuid : "",
                          info->start_time != NULL ? info->start_time : "");
}

ValisePeerWant *
valise_peer_want_new (const char *id, const char *const *revs)
{
  static const char *const none[] = { NULL };
  ValisePeerWant          *self = g_new0 (ValisePeerWant, 1);

  self->id = g_strdup (id);
  self->revs = g_strdupv ((char **) (revs != NULL ? revs : none));
  return self;
}

void
valise_peer_want_free (ValisePeerWant *want)
{
  g_free (want->id);
  g_strfreev (want->revs);
  g_free (want);
}

void
valise_refusal_free (ValiseRefusal *refusal)
{
  g_free (refusal->id);
  g_free (refusal->rev);
  g_free (refusal->error);
  g_free (refusal->reason);
  g_free (refusal);
}

const char *
valise_peer_get_name (ValisePeer *self)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), NULL);

  return VALISE_PEER_GET_IFACE (self)->get_name (self);
}

gboolean
valise_peer_get_info (ValisePeer     *self,
                      ValisePeerInfo *info,
                      GCancellable   *cancellable,
                      GError        **error)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), FALSE);
  g_return_val_if_fail (info != NULL, FALSE);

  return VALISE_PEER_GET_IFACE (self)->get_info (self, info, cancellable, error);
}

char *
valise_peer_get_local (ValisePeer *self, const char *id, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return VALISE_PEER_GET_IFACE (self)->get_local (self, id, cancellable, error);
}

gboolean
valise_peer_put_local (ValisePeer   *self,
                       const char   *id,
                       const char   *body,
                       GCancellable *cancellable,
                       GError      **error)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), FALSE);
  g_return_val_if_fail (id != NULL && body != NULL, FALSE);

  return VALISE_PEER_GET_IFACE (self)->put_local (self, id, body, cancellable, error);
}

gboolean
valise_peer_changes (ValisePeer          *self,
                     const char          *since,
                     guint                limit,
                     guint                wait_ms,
                     ValisePeerChangeFunc func,
                     gpointer             user_data,
                     char               **last_seq,
                     gint64              *pending,
                     GCancellable        *cancellable,
                     GError             **error)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), FALSE);
  g_return_val_if_fail (last_seq != NULL && pending != NULL, FALSE);

  return VALISE_PEER_GET_IFACE (self)->changes (self, since, limit, wait_ms, func, user_data,
                                                last_seq, pending, cancellable, error);
}

GPtrArray *
valise_peer_diff (ValisePeer *self, GPtrArray *wants, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), NULL);
  g_return_val_if_fail (wants != NULL, NULL);

  return VALISE_PEER_GET_IFACE (self)->diff (self, wants, cancellable, error);
}

gboolean
valise_peer_fetch (ValisePeer            *self,
                   GPtrArray             *wants,
                   ValisePeerDocumentFunc func,
                   gpointer               user_data,
                   GCancellable          *cancellable,
                   GError               **error)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), FALSE);
  g_return_val_if_fail (wants != NULL && func != NULL, FALSE);

  return VALISE_PEER_GET_IFACE (self)->fetch (self, wants, func, user_data, cancellable, error);
}

GPtrArray *
valise_peer_write (ValisePeer   *self,
                   GPtrArray    *documents,
                   const char   *local_id,
                   const char   *local_body,
                   GCancellable *cancellable,
                   GError      **error)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), NULL);
  g_return_val_if_fail (documents != NULL, NULL);
  g_return_val_if_fail ((local_id == NULL) == (local_body == NULL), NULL);

  return VALISE_PEER_GET_IFACE (self)->write (self, documents, local_id, local_body, cancellable,
                                              error);
}

void
valise_peer_get_traffic (ValisePeer *self, guint64 *received, guint64 *sent)
{
  g_return_if_fail (VALISE_IS_PEER (self));
  g_return_if_fail (received != NULL && sent != NULL);

  *received = 0;
  *sent = 0;
  if (VALISE_PEER_GET_IFACE (self)->get_traffic != NULL)
    VALISE_PEER_GET_IFACE (self)->get_traffic (self, received, sent);
}

gboolean
valise_peer_is_atomic (ValisePeer *self)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), FALSE);

  return VALISE_PEER_GET_IFACE (self)->is_atomic != NULL
         && VALISE_PEER_GET_IFACE (self)->is_atomic (self);
}

static gboolean
refuse_files (ValisePeer *self, GError **error)
{
  g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING, "%s carries no files",
               valise_peer_get_name (self));
  return FALSE;
}

gboolean
valise_peer_fetch_file (ValisePeer           *self,
                        const ValisePeerFile *file,
                        ValisePeerPieceFunc   func,
                        gpointer              user_data,
                        GCancellable         *cancellable,
                        GError              **error)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), FALSE);
  g_return_val_if_fail (file != NULL && func != NULL, FALSE);

  if (VALISE_PEER_GET_IFACE (self)->fetch_file == NULL)
    return refuse_files (self, error);
  return VALISE_PEER_GET_IFACE (self)->fetch_file (self, file, func, user_data, cancellable, error);
}

gboolean
valise_peer_send_file (ValisePeer        *self,
                       ValiseDocument    *document,
                       ValiseFileStore   *files,
                       ValisePeerSentFunc func,
                       gpointer           user_data,
                       GCancellable      *cancellable,
                       GError           **error)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), FALSE);
  g_return_val_if_fail (document != NULL && files != NULL, FALSE);

  if (VALISE_PEER_GET_IFACE (self)->send_file == NULL)
    return refuse_files (self, error);
  return VALISE_PEER_GET_IFACE (self)->send_file (self, document, files, func, user_data,
                                                  cancellable, error);
}

gboolean
valise_peer_set_origin (ValisePeer *self, ValisePeerOrigin *origin, GError **error)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), FALSE);
  g_return_val_if_fail (origin != NULL && origin->name != NULL && origin->epoch != NULL, FALSE);

  if (!origin->redone)
    origin->redo = VALISE_SEQ_MAX;
  return VALISE_PEER_GET_IFACE (self)->set_origin == NULL
         || VALISE_PEER_GET_IFACE (self)->set_origin (self, origin, error);
}

GPtrArray *
valise_peer_recent (ValisePeer *self, guint documents, gsize bytes)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), NULL);

  if (VALISE_PEER_GET_IFACE (self)->recent == NULL)
    return g_ptr_array_new ();
  return VALISE_PEER_GET_IFACE (self)->recent (self, documents, bytes);
}

gboolean
valise_peer_can_stream (ValisePeer *self)
{
  ValisePeerInterface *iface = NULL;

  g_return_val_if_fail (VALISE_IS_PEER (self), FALSE);

  iface = VALISE_PEER_GET_IFACE (self);
  return iface->stream != NULL && iface->can_stream != NULL && iface->can_stream (self);
}

gboolean
valise_peer_takes_unasked (ValisePeer *self)
{
  ValisePeerInterface *iface = NULL;

  g_return_val_if_fail (VALISE_IS_PEER (self), FALSE);

  iface = VALISE_PEER_GET_IFACE (self);
  return iface->takes_unasked != NULL && iface->takes_unasked (self);
}

gboolean
valise_peer_stream (ValisePeer                  *self,
                    const char                  *since,
                    const ValisePeerStreamQuery *query,
                    ValisePeerStreamFunc         func,
                    gpointer                     user_data,
                    char                       **last_seq,
                    GCancellable                *cancellable,
                    GError                     **error)
{
  g_return_val_if_fail (VALISE_IS_PEER (self), FALSE);
  g_return_val_if_fail (query != NULL && func != NULL && last_seq != NULL, FALSE);

  return VALISE_PEER_GET_IFACE (self)->stream (self, since, query, func, user_data, last_seq,
                                               cancellable, error);
}
