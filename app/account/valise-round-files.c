/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-round-files"

#include "config.h"

#include "valise-file-mover.h"
#include "valise-file-queue-parts.h"
#include "valise-round-files.h"

struct _ValiseRoundFiles
{
  ValiseFileQueue   *queue;
  ValiseHttpSession *session; /* its own connection: a file must not keep documents waiting */
  ValiseFileMover   *mover;
  gboolean (*has_words) (gpointer user_data);
  gpointer user_data;
};

static ValisePeer *
open_peer (const char *name, gpointer user_data, GError **error)
{
  const ValiseRoundFiles *self = user_data;

  return valise_http_peer_new_with_session (self->session, name);
}

static gboolean
has_words (gpointer user_data)
{
  const ValiseRoundFiles *self = user_data;

  return self->has_words (self->user_data);
}

static void
forgive (ValiseFileQueue *queue)
{
  g_autoptr (GError) failure = NULL;
  ValiseFileStore   *files = valise_file_queue_get_store (queue, &failure);

  if (files != NULL)
    (void) valise_file_wishes_forgive (files, &failure);
  if (failure != NULL)
    g_message ("%s", failure->message);
}

ValiseRoundFiles *
valise_round_files_start (ValiseAccount     *account,
                          ValiseHttpSession *session,
                          gboolean           continuous,
                          gboolean           retry,
                          gboolean (*words) (gpointer user_data),
                          gpointer      user_data,
                          GCancellable *cancellable)
{
  ValiseRoundFiles     *self = g_new0 (ValiseRoundFiles, 1);
  ValiseFileMoverSource source = { .open_peer = open_peer, .has_words = has_words };

  self->has_words = words;
  self->user_data = user_data;
  self->queue = valise_file_queue_for_account (account);
  self->session = valise_http_session_new_sibling (session);
  source.home = valise_account_get_home (account);
  source.queue = self->queue;
  source.user_data = self;
  if (retry)
    forgive (self->queue);
  self->mover = valise_file_mover_start (&source, continuous, cancellable);
  return self;
}

gboolean
valise_round_files_finish (ValiseRoundFiles *self, GError **error)
{
  gboolean ok = TRUE;

  if (self == NULL)
    return TRUE;
  ok = valise_file_mover_finish (self->mover, error);
  valise_http_session_unref (self->session);
  g_object_unref (self->queue);
  g_free (self);
  return ok;
}
