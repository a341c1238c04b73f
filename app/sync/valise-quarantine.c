/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-quarantine"

#include "config.h"

#include "valise-quarantine.h"

#define MAX_ENTRIES 500

struct _ValiseQuarantine
{
  GMutex      mutex;
  ValisePeer *peer;
  char       *id;
  GPtrArray  *entries; /* (element-type ValiseRefusal), oldest first */
  gboolean    changed;
};

static void
read_entries (ValiseQuarantine *self, const char *text)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (text, -1, VALISE_JSON_ANY, NULL);
  guint list = json != NULL ? valise_json_find (json, 0, "entries") : VALISE_JSON_NONE;

  if (list == VALISE_JSON_NONE)
    return;
  for (guint token = valise_json_first (json, list);
       token != VALISE_JSON_NONE && self->entries->len < MAX_ENTRIES;
       token = valise_json_next (json, token))
    {
      ValiseRefusal *entry = g_new0 (ValiseRefusal, 1);

      entry->id = valise_json_dup_member (json, token, "id");
      entry->rev = valise_json_dup_member (json, token, "rev");
      entry->error = valise_json_dup_member (json, token, "error");
      entry->reason = valise_json_dup_member (json, token, "reason");
      if (entry->id != NULL && entry->rev != NULL)
        g_ptr_array_add (self->entries, entry);
      else
        valise_refusal_free (entry);
    }
}

ValiseQuarantine *
valise_quarantine_load (ValisePeer *peer, const char *id, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError)           failure = NULL;
  g_autofree char             *text = valise_peer_get_local (peer, id, cancellable, &failure);
  g_autoptr (ValiseQuarantine) self = NULL;

  if (text == NULL && !g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  self = g_new0 (ValiseQuarantine, 1);
  g_mutex_init (&self->mutex);
  self->peer = g_object_ref (peer);
  self->id = g_strdup (id);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_refusal_free);
  if (text != NULL)
    read_entries (self, text);
  return g_steal_pointer (&self);
}

void
valise_quarantine_free (ValiseQuarantine *self)
{
  g_object_unref (self->peer);
  g_free (self->id);
  g_ptr_array_unref (self->entries);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* Its place in the list, or G_MAXUINT. Holds the mutex. */
static guint
find (ValiseQuarantine *self, const char *id, const char *rev)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const ValiseRefusal *entry = g_ptr_array_index (self->entries, i);

      if (g_str_equal (entry->id, id) && g_str_equal (entry->rev, rev))
        return i;
    }
  return G_MAXUINT;
}

void
valise_quarantine_add (ValiseQuarantine *self,
                       const char       *id,
                       const char       *rev,
                       const char       *code,
                       const char       *reason)
{
  ValiseRefusal *entry = g_new0 (ValiseRefusal, 1);
  guint          place = 0;

  entry->id = g_strdup (id);
  entry->rev = g_strdup (rev);
  entry->error = g_strdup (code);
  entry->reason = g_strdup (reason);

  g_mutex_lock (&self->mutex);
  place = find (self, id, rev);
  if (place != G_MAXUINT)
    g_ptr_array_remove_index (self->entries, place);
  else if (self->entries->len >= MAX_ENTRIES)
    g_ptr_array_remove_index (self->entries, 0);
  g_ptr_array_add (self->entries, entry);
  self->changed = TRUE;
  g_mutex_unlock (&self->mutex);
}

void
valise_quarantine_remove (ValiseQuarantine *self, const char *id, const char *rev)
{
  guint place = 0;

  g_mutex_lock (&self->mutex);
  place = find (self, id, rev);
  if (place != G_MAXUINT)
    {
      g_ptr_array_remove_index (self->entries, place);
      self->changed = TRUE;
    }
  g_mutex_unlock (&self->mutex);
}

gboolean
valise_quarantine_contains (ValiseQuarantine *self, const char *id, const char *rev)
{
  gboolean found = FALSE;

  g_mutex_lock (&self->mutex);
  found = find (self, id, rev) != G_MAXUINT;
  g_mutex_unlock (&self->mutex);
  return found;
}

GPtrArray *
valise_quarantine_get_wants (ValiseQuarantine *self, const char *code)
{
  GPtrArray *wants = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const ValiseRefusal *entry = g_ptr_array_index (self->entries, i);
      const char          *revs[] = { entry->rev, NULL };

      if (code == NULL || g_strcmp0 (entry->error, code) == 0)
        g_ptr_array_add (wants, valise_peer_want_new (entry->id, revs));
    }
  g_mutex_unlock (&self->mutex);
  return wants;
}

static void
append_entry (GString *out, const ValiseRefusal *entry)
{
  g_string_append (out, "{\"id\":");
  valise_json_append_string (out, entry->id, -1);
  g_string_append (out, ",\"rev\":");
  valise_json_append_string (out, entry->rev, -1);
  g_string_append (out, ",\"error\":");
  valise_json_append_string (out, entry->error != NULL ? entry->error : "", -1);
  g_string_append (out, ",\"reason\":");
  valise_json_append_string (out, entry->reason != NULL ? entry->reason : "", -1);
  g_string_append_c (out, '}');
}

gboolean
valise_quarantine_save (ValiseQuarantine *self, GError **error)
{
  g_autoptr (GString) out = g_string_new ("{\"entries\":[");
  gboolean            changed = FALSE;

  g_mutex_lock (&self->mutex);
  changed = self->changed;
  self->changed = FALSE;
  for (guint i = 0; i < self->entries->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_entry (out, g_ptr_array_index (self->entries, i));
    }
  g_mutex_unlock (&self->mutex);

  g_string_append (out, "]}");
  return !changed || valise_peer_put_local (self->peer, self->id, out->str, NULL, error);
}
