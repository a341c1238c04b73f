/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-origin"

#include "config.h"

#include <string.h>

#include "valise-digest.h"
#include "valise-json.h"
#include "valise-origin.h"

/* The oldest goes first: what was pushed past is asked after no more. */
#define MAX_SPANS 256

struct _ValiseOrigin
{
  ValiseDatabase *database;
  char           *id; /* of the `_local` document */
  char           *epoch;
};

/* The document, read. */
typedef struct
{
  gboolean found;
  gboolean counts;   /* of these epochs */
  gint64   redo;     /* as ValisePeerOrigin has it */
  char     uuid[33]; /* the database's own, now */
  GArray  *spans;
} Memory;

static void
memory_clear (Memory *memory)
{
  g_clear_pointer (&memory->spans, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Memory, memory_clear)

ValiseOrigin *
valise_origin_new (ValiseDatabase *database, const char *name, const char *epoch)
{
  ValiseOrigin    *self = g_new0 (ValiseOrigin, 1);
  g_autofree char *digest = valise_digest_dup_hex (name, strlen (name));

  self->database = g_object_ref (database);
  self->id = g_strdup_printf ("origin-%.32s", digest);
  self->epoch = g_strdup (epoch);
  return self;
}

void
valise_origin_free (ValiseOrigin *self)
{
  if (self == NULL)
    return;

  g_object_unref (self->database);
  g_free (self->id);
  g_free (self->epoch);
  g_free (self);
}

/* --- the document ---------------------------------------------------------------------------- */

/* Spans out of order are not ours: then none count. */
static void
read_spans (const ValiseJson *json, GArray *spans)
{
  guint  list = valise_json_find (json, 0, "spans");
  gint64 end = 0;

  if (list == VALISE_JSON_NONE || valise_json_get_kind (json, list) != VALISE_JSON_KIND_ARRAY)
    return;
  for (guint token = valise_json_first (json, list); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      ValiseSpan span = { 0 };

      span.first = valise_json_get_member_int (json, token, "first", 0);
      span.last = valise_json_get_member_int (json, token, "last", 0);
      if (span.first <= end || span.last < span.first)
        {
          g_array_set_size (spans, 0);
          return;
        }
      end = span.last;
      g_array_append_val (spans, span);
    }
}

static gboolean
has_value (const ValiseJson *json, const char *name, const char *value)
{
  g_autofree char *found = valise_json_dup_member (json, 0, name);

  return value == NULL || g_strcmp0 (found, value) == 0;
}

static gboolean
read_memory (ValiseOrigin *self, Memory *memory, GError **error)
{
  g_autofree char       *text = NULL;
  g_autoptr (GError)     failure = NULL;
  g_autoptr (ValiseJson) json = NULL;
  ValiseDatabaseInfo     info = { 0 };

  memory->spans = g_array_new (FALSE, FALSE, sizeof (ValiseSpan));
  memory->counts = TRUE;
  memory->redo = VALISE_SEQ_MAX;
  if (!valise_database_get_info (self->database, &info, error))
    return FALSE;
  memcpy (memory->uuid, info.uuid, sizeof memory->uuid);

  text = valise_database_get_local (self->database, self->id, NULL, &failure);
  if (text == NULL
      && !g_error_matches (failure, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  json = text != NULL ? valise_json_scan_text (text, -1, VALISE_JSON_ANY, NULL) : NULL;
  if (json == NULL)
    return TRUE;

  memory->found = TRUE;
  memory->redo = valise_json_get_member_int (json, 0, "redo", VALISE_SEQ_MAX);
  memory->counts = has_value (json, "here", memory->uuid) && has_value (json, "there", self->epoch);
  read_spans (json, memory->spans);
  return TRUE;
}

static gboolean
write_memory (ValiseOrigin *self, ValiseBatch *batch, const Memory *memory, GError **error)
{
  g_autoptr (GString) out = g_string_new ("{");
  guint               start = memory->spans->len > MAX_SPANS ? memory->spans->len - MAX_SPANS : 0;

  valise_json_append_member (out, "here", memory->uuid);
  valise_json_append_member (out, "there", self->epoch);
  if (memory->redo < VALISE_SEQ_MAX)
    g_string_append_printf (out, ",\"redo\":%" G_GINT64_FORMAT, memory->redo);
  g_string_append (out, ",\"spans\":[");
  for (guint i = start; i < memory->spans->len; i++)
    {
      const ValiseSpan *span = &g_array_index (memory->spans, ValiseSpan, i);

      g_string_append_printf (out,
                              "%s{\"first\":%" G_GINT64_FORMAT ",\"last\":%" G_GINT64_FORMAT "}",
                              i > start ? "," : "", span->first, span->last);
    }
  g_string_append (out, "]}");
  return valise_batch_put_local (batch, self->id, out->str, error);
}

/* --- keeping it ------------------------------------------------------------------------------ */

/* Drops what @memory has past @trusted, and notes that it is to be offered again. */
static void
distrust (Memory *memory, gint64 trusted)
{
  GArray *spans = memory->spans;

  while (spans->len > 0 && g_array_index (spans, ValiseSpan, spans->len - 1).first > trusted)
    g_array_set_size (spans, spans->len - 1);
  if (spans->len > 0)
    {
      ValiseSpan *last = &g_array_index (spans, ValiseSpan, spans->len - 1);

      last->last = MIN (last->last, trusted);
    }
  memory->redo = MIN (memory->redo, MAX (trusted, 0));
}

/* What @origin says changes in @memory; whether it does. */
static gboolean
revise (Memory *memory, const ValisePeerOrigin *origin)
{
  gint64 trusted = memory->counts ? origin->trusted : 0;

  if (origin->redone && memory->redo == origin->redo)
    memory->redo = VALISE_SEQ_MAX;
  else if (memory->found && trusted < VALISE_SEQ_MAX)
    distrust (memory, trusted);
  else
    return FALSE;
  return TRUE;
}

/* Under the writer, so that nothing that is being remembered meanwhile outlives this. */
static gboolean
rewrite (ValiseOrigin *self, ValisePeerOrigin *origin, GError **error)
{
  ValiseBatch    *batch = valise_database_begin (self->database, error);
  g_auto (Memory) memory = { 0 };

  if (batch == NULL)
    return FALSE;
  if (read_memory (self, &memory, error)
      && (!revise (&memory, origin) || write_memory (self, batch, &memory, error)))
    {
      origin->redo = memory.redo;
      return valise_batch_commit (batch, error);
    }
  valise_batch_cancel (batch);
  return FALSE;
}

gboolean
valise_origin_settle (ValiseOrigin *self, ValisePeerOrigin *origin, GError **error)
{
  g_auto (Memory) memory = { 0 };

  if (!read_memory (self, &memory, error))
    return FALSE;
  if (origin->redone || (memory.found && (!memory.counts || origin->trusted < VALISE_SEQ_MAX)))
    return rewrite (self, origin, error);
  origin->redo = memory.redo;
  return TRUE;
}

static void
append_span (GArray *spans, const ValiseSpan *span)
{
  ValiseSpan *last = spans->len > 0 ? &g_array_index (spans, ValiseSpan, spans->len - 1) : NULL;

  if (last != NULL && span->first == last->last + 1)
    last->last = span->last;
  else
    g_array_append_vals (spans, span, 1);
}

gboolean
valise_origin_add (ValiseOrigin *self, ValiseBatch *batch, GError **error)
{
  g_autoptr (GArray) spans = valise_batch_dup_spans (batch);
  g_auto (Memory)    memory = { 0 };

  if (spans->len == 0)
    return TRUE;
  if (!read_memory (self, &memory, error))
    return FALSE;
  if (!memory.counts)
    distrust (&memory, 0);
  for (guint i = 0; i < spans->len; i++)
    append_span (memory.spans, &g_array_index (spans, ValiseSpan, i));
  return write_memory (self, batch, &memory, error);
}

/* --- looking --------------------------------------------------------------------------------- */

GArray *
valise_origin_dup_spans (ValiseOrigin *self)
{
  g_auto (Memory)    memory = { 0 };
  g_autoptr (GError) failure = NULL;

  /* Who does not remember offers too much, which costs a question. */
  if (!read_memory (self, &memory, &failure))
    g_info ("%s: %s", valise_database_get_name (self->database), failure->message);
  if (!memory.counts)
    g_array_set_size (memory.spans, 0);
  return g_steal_pointer (&memory.spans);
}

/* The last span that begins at @seq or before, or NULL. */
static const ValiseSpan *
find_span (GArray *spans, gint64 seq)
{
  guint low = 0, high = spans->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (spans, ValiseSpan, middle).first <= seq)
        low = middle + 1;
      else
        high = middle;
    }
  return low > 0 ? &g_array_index (spans, ValiseSpan, low - 1) : NULL;
}

gboolean
valise_spans_contain (GArray *spans, gint64 seq)
{
  const ValiseSpan *span = find_span (spans, seq);

  return span != NULL && seq <= span->last;
}

gint64
valise_spans_pass (GArray *spans, gint64 seq)
{
  const ValiseSpan *span = find_span (spans, seq + 1);

  return span != NULL && seq < span->last ? span->last : seq;
}
