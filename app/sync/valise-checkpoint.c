/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-checkpoint"

#include "config.h"

#include "valise-checkpoint.h"
#include "valise-digest.h"
#include "valise-id.h"
#include "valise-json.h"

#define MAX_HISTORY 5

typedef struct
{
  char  *session;
  char  *seq;
  gint64 ordinal;
} Entry;

struct _ValiseCheckpoint
{
  char      *session;
  char      *start; /* the session and ordinal that it goes on from; NULL: none */
  char      *source_epoch;
  char      *target_epoch;
  GPtrArray *past; /* (element-type Entry): earlier sessions, newest first */

  GMutex   mutex; /* of what changes: */
  char    *seq;
  gint64   ordinal;
  gboolean lone;
};

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_free (entry->session);
  g_free (entry->seq);
  g_free (entry);
}

char *
valise_checkpoint_make_id (const char *source,
                           const char *target,
                           const char *device,
                           const char *want)
{
  g_autoptr (GString) text = g_string_new ("{");

  /* Frozen: names in this order, no space, RFC 8785's strings. */
  valise_json_append_member (text, "device", device);
  valise_json_append_member (text, "source", source);
  valise_json_append_member (text, "target", target);
  valise_json_append_member (text, "valise-replication", "1");
  valise_json_append_member (text, "want", want);
  g_string_append_c (text, '}');
  return valise_digest_dup_hex (text->str, text->len);
}

static void
add_entry (GPtrArray *entries, const ValiseJson *json, guint token, const char *seq_name)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->session = valise_json_dup_member (json, token, "session_id");
  entry->seq = valise_json_dup_member (json, token, seq_name);
  entry->ordinal = valise_json_get_member_int (json, token, "ordinal", -1);
  if (entry->session != NULL && entry->seq != NULL && entry->ordinal >= 0)
    g_ptr_array_add (entries, entry);
  else
    free_entry (entry);
}

static gboolean
has_member (const ValiseJson *json, const char *name, const char *value)
{
  g_autofree char *found = valise_json_dup_member (json, 0, name);

  return g_strcmp0 (found, value) == 0;
}

/* The sessions that @log remembers, newest first; none where it is no log of ours, or of
 * sequences that no longer count. */
static GPtrArray *
read_log (ValiseCheckpoint *self, const char *log, gboolean *lone)
{
  GPtrArray             *entries = g_ptr_array_new_with_free_func (free_entry);
  g_autoptr (ValiseJson) json =
      log != NULL ? valise_json_scan_text (log, -1, VALISE_JSON_ANY, NULL) : NULL;
  guint history = VALISE_JSON_NONE;

  if (json == NULL || !has_member (json, "source_epoch", self->source_epoch)
      || !has_member (json, "target_epoch", self->target_epoch))
    return entries;

  *lone = valise_json_get_member_true (json, 0, "lone");
  add_entry (entries, json, 0, "source_last_seq");
  history = valise_json_find (json, 0, "history");
  for (guint token = valise_json_first (json, history);
       token != VALISE_JSON_NONE && entries->len <= MAX_HISTORY;
       token = valise_json_next (json, token))
    add_entry (entries, json, token, "recorded_seq");
  return entries;
}

static const Entry *
find_session (GPtrArray *entries, const char *session)
{
  for (guint i = 0; i < entries->len; i++)
    if (g_str_equal (((Entry *) g_ptr_array_index (entries, i))->session, session))
      return g_ptr_array_index (entries, i);
  return NULL;
}

/* The newest session that both remember, as far as the one that knows less of it came: the
 * other may be ahead of a copy that was restored. */
static const Entry *
compare_logs (GPtrArray *ours, GPtrArray *theirs)
{
  for (guint i = 0; i < ours->len; i++)
    {
      const Entry *mine = g_ptr_array_index (ours, i);
      const Entry *other = find_session (theirs, mine->session);

      if (other != NULL)
        return mine->ordinal < other->ordinal ? mine : other;
    }
  return NULL;
}

/* Earlier sessions worth remembering: those not after the start, once each. */
static void
keep_past (ValiseCheckpoint *self, GPtrArray *entries)
{
  for (guint i = 0; i < entries->len && self->past->len < MAX_HISTORY - 1; i++)
    {
      const Entry *entry = g_ptr_array_index (entries, i);
      Entry       *copy = NULL;

      if (entry->ordinal > self->ordinal || find_session (self->past, entry->session) != NULL)
        continue;
      copy = g_new0 (Entry, 1);
      copy->session = g_strdup (entry->session);
      copy->seq = g_strdup (entry->seq);
      copy->ordinal = entry->ordinal;
      g_ptr_array_add (self->past, copy);
    }
}

ValiseCheckpoint *
valise_checkpoint_new (const char *source_epoch,
                       const char *target_epoch,
                       const char *source_log,
                       const char *target_log)
{
  ValiseCheckpoint     *self = g_new0 (ValiseCheckpoint, 1);
  gboolean              source_lone = FALSE, target_lone = FALSE;
  g_autoptr (GPtrArray) ours = NULL, theirs = NULL;
  const Entry          *start = NULL;

  g_mutex_init (&self->mutex);
  self->source_epoch = g_strdup (source_epoch);
  self->target_epoch = g_strdup (target_epoch);
  self->session = valise_random_hex (16);
  self->past = g_ptr_array_new_with_free_func (free_entry);
  theirs = read_log (self, source_log, &source_lone);
  ours = read_log (self, target_log, &target_lone);
  self->lone = ours->len == 0 || theirs->len == 0;

  /* A log that only one has counts where the other never had one; where it had, it has lost
   * its memory, and perhaps more. */
  if (ours->len > 0 && theirs->len > 0)
    start = compare_logs (ours, theirs);
  else if (ours->len > 0 && source_log == NULL && target_lone)
    start = g_ptr_array_index (ours, 0);
  else if (theirs->len > 0 && target_log == NULL && source_lone)
    start = g_ptr_array_index (theirs, 0);
  if (start == NULL)
    return self;

  self->seq = g_strdup (start->seq);
  self->start = g_strdup_printf ("%s %" G_GINT64_FORMAT, start->session, start->ordinal);
  self->ordinal = start->ordinal;
  keep_past (self, ours);
  keep_past (self, theirs);
  return self;
}

void
valise_checkpoint_free (ValiseCheckpoint *self)
{
  g_free (self->session);
  g_free (self->seq);
  g_free (self->start);
  g_free (self->source_epoch);
  g_free (self->target_epoch);
  g_ptr_array_unref (self->past);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

const char *
valise_checkpoint_get_seq (ValiseCheckpoint *self)
{
  return self->seq;
}

static void
append_entry (GString    *out,
              const char *session,
              const char *seq_name,
              const char *seq,
              gint64      ordinal)
{
  g_string_append (out, "{\"session_id\":");
  valise_json_append_string (out, session, -1);
  g_string_append_printf (out, ",\"%s\":", seq_name);
  valise_json_append_string (out, seq, -1);
  g_string_append_printf (out, ",\"ordinal\":%" G_GINT64_FORMAT, ordinal);
}

static char *
make_log (ValiseCheckpoint *self, gboolean lone)
{
  GString *out = g_string_new (NULL);

  append_entry (out, self->session, "source_last_seq", self->seq, self->ordinal);
  g_string_append (out, ",\"replication_id_version\":1,\"source_epoch\":");
  valise_json_append_string (out, self->source_epoch, -1);
  g_string_append (out, ",\"target_epoch\":");
  valise_json_append_string (out, self->target_epoch, -1);
  if (lone)
    g_string_append (out, ",\"lone\":true");
  g_string_append (out, ",\"history\":[");
  append_entry (out, self->session, "recorded_seq", self->seq, self->ordinal);
  g_string_append_c (out, '}');
  for (guint i = 0; i < self->past->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->past, i);

      g_string_append_c (out, ',');
      append_entry (out, entry->session, "recorded_seq", entry->seq, entry->ordinal);
      g_string_append_c (out, '}');
    }
  g_string_append (out, "]}");
  return g_string_free (out, FALSE);
}

char *
valise_checkpoint_advance (ValiseCheckpoint *self, const char *seq, char **away)
{
  char *log = NULL;

  g_mutex_lock (&self->mutex);
  g_free (self->seq);
  self->seq = g_strdup (seq);
  self->ordinal++;
  *away = make_log (self, FALSE);
  log = make_log (self, self->lone);
  g_mutex_unlock (&self->mutex);
  return log;
}

gboolean
valise_checkpoint_set_shared (ValiseCheckpoint *self)
{
  gboolean news = FALSE;

  g_mutex_lock (&self->mutex);
  news = self->lone;
  self->lone = FALSE;
  g_mutex_unlock (&self->mutex);
  return news;
}

gboolean
valise_checkpoint_is_lone (ValiseCheckpoint *self)
{
  gboolean lone = FALSE;

  g_mutex_lock (&self->mutex);
  lone = self->lone;
  g_mutex_unlock (&self->mutex);
  return lone;
}

/* Its session, and how far that came; NULL where there is none. */
static char *
dup_top (const char *log)
{
  g_autoptr (ValiseJson) json =
      log != NULL ? valise_json_scan_text (log, -1, VALISE_JSON_ANY, NULL) : NULL;
  g_autofree char *session = NULL;

  if (json == NULL)
    return NULL;
  session = valise_json_dup_member (json, 0, "session_id");
  return g_strdup_printf ("%s %" G_GINT64_FORMAT, session != NULL ? session : "",
                          valise_json_get_member_int (json, 0, "ordinal", 0));
}

gboolean
valise_checkpoint_is_same (const char *log, const char *other)
{
  g_autofree char *top = dup_top (log), *other_top = dup_top (other);

  return g_strcmp0 (top, other_top) == 0;
}

gboolean
valise_checkpoint_is_behind (ValiseCheckpoint *self, const char *log)
{
  g_autofree char *top = dup_top (log);

  return top != NULL && g_strcmp0 (top, self->start) != 0;
}
