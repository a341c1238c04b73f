/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-feed-page"

#include "config.h"

#include "valise-feed-page.h"
#include "valise-revision.h"

#define KEYS_ID "keys" /* goes before what its keys have sealed */

/* On a slow line (64 kbit/s, 600 ms there and back) a question costs as much as 5 kB, which is what
 * this comes to when compressed. */
#define SMALL_ROWS  16
#define SMALL_BYTES (16 << 10)
/* An answer says where a history can be cut off, too; one that is longer is worth asking for. */
#define SMALL_GENERATION 20

/* What comes first of a page, by what ids begin with. */
static const char *const firsts[] = {
  KEYS_ID, "programme", "body:", "meeting:", "agenda:", "paper:"
};

static ValiseFeedPage *
new_page (void)
{
  ValiseFeedPage *self = g_new0 (ValiseFeedPage, 1);

  self->wants = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
  self->know = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->deleted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->sizes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->pending = -1;
  return self;
}

void
valise_feed_page_free (ValiseFeedPage *self)
{
  g_ptr_array_unref (self->wants);
  g_hash_table_unref (self->know);
  g_hash_table_unref (self->deleted);
  g_hash_table_unref (self->sizes);
  g_free (self->last_seq);
  g_free (self);
}

ValiseWant
valise_feed_filter_decide (const ValiseFeedFilter *filter, const ValisePeerChange *row)
{
  if (row->id[0] == '_') /* design documents are the server's own */
    return VALISE_WANT_SKIP;
  return filter->want != NULL ? filter->want (row->id, row->deleted, filter->want_data)
                              : VALISE_WANT_FETCH;
}

/* @row's revisions but for those that were refused before. */
static GPtrArray *
select_revs (const ValiseFeedFilter *filter, const ValisePeerChange *row)
{
  GPtrArray *revs = g_ptr_array_new ();

  for (guint i = 0; row->revs[i] != NULL; i++)
    if (!valise_quarantine_contains (filter->quarantine, row->id, row->revs[i]))
      g_ptr_array_add (revs, (gpointer) row->revs[i]);
  return revs;
}

static gboolean
take_row (const ValisePeerChange *row, gpointer user_data)
{
  ValiseFeedPage       *self = user_data;
  ValiseWant            want = valise_feed_filter_decide (self->filter, row);
  g_autoptr (GPtrArray) revs = NULL;

  self->rows++;
  if (want == VALISE_WANT_SKIP)
    return TRUE;
  revs = select_revs (self->filter, row);
  if (revs->len == 0)
    return TRUE;

  g_ptr_array_add (revs, NULL);
  g_ptr_array_insert (self->wants, g_str_equal (row->id, KEYS_ID) ? 0 : -1,
                      valise_peer_want_new (row->id, (const char *const *) revs->pdata));
  if (want == VALISE_WANT_KNOW)
    g_hash_table_add (self->know, g_strdup (row->id));
  if (row->deleted)
    g_hash_table_add (self->deleted, g_strdup (row->id));
  if (row->size > 0)
    g_hash_table_replace (self->sizes, g_strdup (row->id),
                          g_memdup2 (&row->size, sizeof row->size));
  return TRUE;
}

ValiseFeedPage *
valise_feed_page_read (ValisePeer             *source,
                       const char             *since,
                       guint                   limit,
                       guint                   wait_ms,
                       const ValiseFeedFilter *filter,
                       GCancellable           *cancellable,
                       GError                **error)
{
  g_autoptr (ValiseFeedPage) self = new_page ();

  self->filter = filter;
  self->asked = limit;
  if (!valise_peer_changes (source, since, limit, wait_ms, take_row, self, &self->last_seq,
                            &self->pending, cancellable, error))
    return NULL;
  self->filter = NULL;
  return g_steal_pointer (&self);
}

/* That the revisions of @want exist, with the size that the feed announced. */
static void
add_known (ValiseFeedPage *self, const ValisePeerWant *want, GPtrArray *known)
{
  const gint64 *size = g_hash_table_lookup (self->sizes, want->id);
  gboolean      deleted = g_hash_table_contains (self->deleted, want->id);

  for (guint i = 0; want->revs[i] != NULL; i++)
    {
      ValiseDocument *document = valise_document_new (want->id, want->revs[i], deleted, NULL);

      document->size = size != NULL ? *size : 0;
      g_ptr_array_add (known, document);
    }
}

static gboolean
is_short (const ValisePeerWant *want)
{
  for (guint i = 0; want->revs[i] != NULL; i++)
    {
      guint generation = 0;

      if (i > 0 || !valise_revision_parse (want->revs[i], &generation, NULL)
          || generation > SMALL_GENERATION)
        return FALSE;
    }
  return TRUE;
}

gboolean
valise_feed_page_is_small (const ValiseFeedPage *self)
{
  gint64 bytes = 0;

  if (self->wants->len > SMALL_ROWS)
    return FALSE;
  for (guint i = 0; i < self->wants->len; i++)
    {
      const ValisePeerWant *want = g_ptr_array_index (self->wants, i);
      const gint64         *size = g_hash_table_lookup (self->sizes, want->id);

      if (!is_short (want))
        return FALSE;
      bytes += size != NULL ? *size : 0;
    }
  return bytes <= SMALL_BYTES;
}

static guint
get_rank (const char *id)
{
  guint rank = 0;

  while (rank < G_N_ELEMENTS (firsts) && !g_str_has_prefix (id, firsts[rank]))
    rank++;
  return rank;
}

static gint64
get_size (const ValiseFeedPage *self, const ValisePeerWant *want)
{
  const gint64 *size = g_hash_table_lookup (self->sizes, want->id);

  return size != NULL ? *size : 0;
}

/* The sort is stable: what is alike stays in the feed's order. */
static int
compare_wants (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const ValisePeerWant *one = *(ValisePeerWant *const *) a, *other = *(ValisePeerWant *const *) b;
  const ValiseFeedPage *self = user_data;
  gint64                size = 0, other_size = 0;

  if (!self->outwards)
    return (int) get_rank (one->id) - (int) get_rank (other->id);
  size = get_size (self, one);
  other_size = get_size (self, other);
  return (size > other_size) - (size < other_size);
}

GPtrArray *
valise_feed_page_sort (ValiseFeedPage *self, GPtrArray *missing, GPtrArray *known)
{
  GPtrArray *fetch = g_ptr_array_new ();

  for (guint i = 0; i < missing->len; i++)
    {
      ValisePeerWant *want = g_ptr_array_index (missing, i);

      if (g_hash_table_contains (self->know, want->id))
        add_known (self, want, known);
      else
        g_ptr_array_add (fetch, want);
    }
  g_ptr_array_sort_with_data (fetch, compare_wants, self);
  return fetch;
}
