/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-recall"

#include "config.h"

#include "valise-json.h"
#include "valise-recall.h"

void
valise_recall_init (ValiseRecall *self,
                    ValisePeer   *near,
                    const char   *far,
                    const char   *log,
                    gboolean      remembers)
{
  self->near = near;
  self->far = far;
  self->id = g_strconcat ("settled-", log, NULL);
  self->remembers = remembers;
  self->redo = VALISE_SEQ_MAX;
}

void
valise_recall_clear (ValiseRecall *self)
{
  g_clear_pointer (&self->id, g_free);
}

gint64
valise_recall_read_settled (ValiseRecall *self, ValiseCheckpoint *checkpoint)
{
  g_autofree char       *text = valise_peer_get_local (self->near, self->id, NULL, NULL);
  g_autofree char       *log = NULL;
  g_autoptr (ValiseJson) json =
      text != NULL ? valise_json_scan_text (text, -1, VALISE_JSON_ANY, NULL) : NULL;

  log = json != NULL ? valise_json_dup_member (json, 0, "log") : NULL;
  return log != NULL && !valise_checkpoint_is_behind (checkpoint, log)
             ? valise_json_get_member_int (json, 0, "seq", 0)
             : 0;
}

gboolean
valise_recall_write_settled (ValiseRecall *self, const char *away, const char *seq, GError **error)
{
  g_autoptr (GString) text = g_string_new ("{");

  if (!self->remembers || seq == NULL)
    return TRUE;
  valise_json_append_member (text, "log", away);
  g_string_append_printf (text, ",\"seq\":%s}", seq);
  return valise_peer_put_local (self->near, self->id, text->str, NULL, error);
}

static gboolean
set_origin (ValiseRecall *self, const char *epoch, gint64 trusted, gboolean redone, GError **error)
{
  ValisePeerOrigin origin = {
    .name = self->far, .epoch = epoch, .trusted = trusted, .redone = redone, .redo = self->redo
  };

  if (!self->remembers)
    return TRUE;
  if (!valise_peer_set_origin (self->near, &origin, error))
    return FALSE;
  self->redo = origin.redo;
  return TRUE;
}

gboolean
valise_recall_begin (ValiseRecall *self, const char *epoch, gint64 trusted, GError **error)
{
  return set_origin (self, epoch, trusted, FALSE, error);
}

gboolean
valise_recall_look (ValiseRecall *self, const char *epoch, gboolean *found, GError **error)
{
  gint64 before = self->redo;

  *found = FALSE;
  if (!set_origin (self, epoch, VALISE_SEQ_MAX, FALSE, error))
    return FALSE;
  *found = self->redo < before;
  return TRUE;
}

gboolean
valise_recall_settle (ValiseRecall *self, const char *epoch, GError **error)
{
  if (self->redo == VALISE_SEQ_MAX)
    return TRUE;
  if (!set_origin (self, epoch, VALISE_SEQ_MAX, TRUE, error))
    return FALSE;
  /* Where more is to be offered again meanwhile, the next look finds it. */
  self->redo = VALISE_SEQ_MAX;
  return TRUE;
}
