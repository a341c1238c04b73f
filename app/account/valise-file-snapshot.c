/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-snapshot"

#include "config.h"

#include "valise-file-queue-parts.h"

static gboolean
is_in_line (const ValiseFileWish *wish)
{
  return wish->stage != VALISE_WISH_NOT_NOW && !wish->complete;
}

static void
count (ValiseFileSnapshot *self)
{
  ValiseFileCounts *counts = &self->counts;
  GHashTableIter    iter;
  ValiseFileHere   *here = NULL;

  g_hash_table_iter_init (&iter, self->here);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &here))
    {
      counts->n_here += here->complete;
      counts->bytes_here += here->present;
    }
  for (guint i = 0; i < self->wishes->len; i++)
    {
      const ValiseFileWish *wish = self->wishes->pdata[i];
      gint64                left = MAX (wish->length - wish->present, 0);

      if (!is_in_line (wish))
        continue;
      counts->n_waiting++;
      counts->bytes_waiting += left;
      if (wish->stage != VALISE_WISH_HELD)
        continue;
      counts->n_held++;
      counts->bytes_held += left;
    }
  for (guint i = 0; i < self->parcels->len; i++)
    {
      counts->n_outgoing++;
      counts->bytes_outgoing += ((const ValiseFileParcel *) self->parcels->pdata[i])->length;
    }
}

ValiseFileSnapshot *
valise_file_snapshot_read (ValiseFileStore *files, GError **error)
{
  g_autoptr (ValiseFileSnapshot) self = g_new0 (ValiseFileSnapshot, 1);

  self->wishes = valise_file_wishes_list (files, error);
  if (self->wishes == NULL)
    return NULL;
  self->parcels = valise_file_parcels_list (files, error);
  if (self->parcels == NULL)
    return NULL;
  self->here = valise_file_wishes_list_here (files, error);
  if (self->here == NULL)
    return NULL;

  count (self);
  return g_steal_pointer (&self);
}

void
valise_file_snapshot_free (ValiseFileSnapshot *self)
{
  g_clear_pointer (&self->wishes, g_ptr_array_unref);
  g_clear_pointer (&self->parcels, g_ptr_array_unref);
  g_clear_pointer (&self->here, g_hash_table_unref);
  g_free (self);
}

/* --- items ------------------------------------------------------------------------------- */

/* An item is the same as long as its file, its way and its database are. */
static char *
dup_key (const char *sha256, const char *database, gboolean outgoing)
{
  return g_strconcat (outgoing ? ">" : "<", database, "/", sha256, NULL);
}

static GHashTable *
index_items (GPtrArray *items)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < items->len; i++)
    {
      ValiseFileItem *item = items->pdata[i];

      g_hash_table_insert (index,
                           dup_key (valise_file_item_get_sha256 (item),
                                    valise_file_item_get_database (item),
                                    valise_file_item_is_outgoing (item)),
                           item);
    }
  return index;
}

static void
add_item (GPtrArray            *items,
          GHashTable           *before,
          const ValiseFileWish *wish,
          gboolean              outgoing,
          ValiseFileReason      reason)
{
  g_autofree char *key = dup_key (wish->sha256, wish->database, outgoing);
  ValiseFileItem  *item = g_hash_table_lookup (before, key);

  if (item != NULL)
    g_object_ref (item);
  else
    item = valise_file_item_new (wish, outgoing);
  valise_file_item_take (item, wish, reason);
  g_ptr_array_add (items, item);
}

/* The first that nothing keeps moves; the others wait for it. */
static ValiseFileReason
choose_reason (gboolean held, const char *problem, ValiseFileReason standing, gboolean *taken)
{
  ValiseFileReason reason = standing;

  if (held)
    return VALISE_FILE_HELD;
  if (problem != NULL)
    return VALISE_FILE_PROBLEM;
  if (standing == VALISE_FILE_MOVES && *taken)
    reason = VALISE_FILE_IN_LINE;
  *taken = TRUE;
  return reason;
}

/* As a wish, for what a paper would say of it is not known. */
static void
add_parcel (GPtrArray              *items,
            GHashTable             *before,
            const ValiseFileParcel *parcel,
            ValiseFileReason        reason)
{
  const ValiseFileWish wish = {
    .sha256 = parcel->sha256,
    .database = parcel->database,
    .name = parcel->sha256,
    .length = parcel->length,
    .priority = VALISE_FILE_ASKED_FOR,
    .problem = parcel->problem,
  };

  add_item (items, before, &wish, TRUE, reason);
}

GPtrArray *
valise_file_snapshot_make_items (const ValiseFileSnapshot *self,
                                 GPtrArray                *before,
                                 ValiseFileReason          standing)
{
  g_autoptr (GHashTable) index = index_items (before);
  GPtrArray             *items = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean               taken = FALSE;

  for (guint i = 0; i < self->parcels->len; i++)
    {
      const ValiseFileParcel *parcel = self->parcels->pdata[i];

      add_parcel (items, index, parcel, choose_reason (FALSE, parcel->problem, standing, &taken));
    }
  for (guint i = 0; i < self->wishes->len; i++)
    {
      const ValiseFileWish *wish = self->wishes->pdata[i];

      if (is_in_line (wish))
        add_item (items, index, wish, FALSE,
                  choose_reason (wish->stage == VALISE_WISH_HELD, wish->problem, standing, &taken));
    }
  return items;
}
