/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-foreign"

#include "config.h"

#include "valise-database.h"
#include "valise-foreign.h"

/* A document that something arrived for. */
typedef struct
{
  gint64     seq;
  GPtrArray *others; /* (element-type utf8): leaves that did not arrive */
} Touched;

struct _ValiseForeign
{
  GHashTable *touched; /* by id */
};

static void
free_touched (gpointer data)
{
  Touched *touched = data;

  g_ptr_array_unref (touched->others);
  g_free (touched);
}

ValiseForeign *
valise_foreign_new (void)
{
  ValiseForeign *self = g_new0 (ValiseForeign, 1);

  self->touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_touched);
  return self;
}

void
valise_foreign_free (ValiseForeign *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->touched);
  g_free (self);
}

static Touched *
find_touched (ValiseForeign *self, const char *id, GPtrArray *before)
{
  Touched *touched = g_hash_table_lookup (self->touched, id);

  if (touched != NULL)
    return touched;

  touched = g_new0 (Touched, 1);
  touched->others = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < before->len; i++)
    g_ptr_array_add (touched->others,
                     g_strdup (((ValiseRevisionLeaf *) g_ptr_array_index (before, i))->rev));
  g_hash_table_insert (self->touched, g_strdup (id), touched);
  return touched;
}

void
valise_foreign_add (ValiseForeign      *self,
                    const char         *id,
                    const char         *rev,
                    GPtrArray          *before,
                    ValiseRevisionTree *tree,
                    gint64              seq)
{
  Touched         *touched = find_touched (self, id, before);
  g_autofree char *spelled = valise_revision_tree_dup_rev (tree, rev);

  touched->seq = seq;
  /* One that lives on is found at once, so that a thousand leaves cost no more than one. */
  for (guint i = touched->others->len; i > 0; i--)
    {
      const char *other = g_ptr_array_index (touched->others, i - 1);

      if (g_strcmp0 (other, spelled) == 0)
        g_ptr_array_remove_index_fast (touched->others, i - 1);
    }
  while (touched->others->len > 0
         && !valise_revision_tree_is_leaf (
             tree, g_ptr_array_index (touched->others, touched->others->len - 1)))
    g_ptr_array_remove_index_fast (touched->others, touched->others->len - 1);
}

static int
compare_spans (gconstpointer a, gconstpointer b)
{
  const ValiseSpan *one = a, *other = b;

  return (one->first > other->first) - (one->first < other->first);
}

static GArray *
join_spans (GArray *spans)
{
  GArray *joined = g_array_new (FALSE, FALSE, sizeof (ValiseSpan));

  g_array_sort (spans, compare_spans);
  for (guint i = 0; i < spans->len; i++)
    {
      const ValiseSpan *span = &g_array_index (spans, ValiseSpan, i);
      ValiseSpan       *last =
          joined->len > 0 ? &g_array_index (joined, ValiseSpan, joined->len - 1) : NULL;

      if (last != NULL && span->first == last->last + 1)
        last->last = span->last;
      else
        g_array_append_vals (joined, span, 1);
    }
  return joined;
}

GArray *
valise_foreign_dup_spans (ValiseForeign *self, gint64 first_seq)
{
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (ValiseSpan));
  GHashTableIter     iter;
  Touched           *touched = NULL;

  g_hash_table_iter_init (&iter, self->touched);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &touched))
    {
      const ValiseSpan span = { touched->seq, touched->seq };

      if (touched->seq > first_seq && touched->others->len == 0)
        g_array_append_val (spans, span);
    }
  return join_spans (spans);
}
