/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-found"

#include "config.h"

#include <string.h>

#include "valise-found.h"

/**
 * ValiseFound:
 *
 * A run of a search's answer: the lines of one paper. Holds the answer, so that its lines last.
 */
struct _ValiseFound
{
  GObject parent_instance;

  GPtrArray *findings; /* the whole answer */
  guint      first;
  guint      n_lines;
};

G_DEFINE_FINAL_TYPE (ValiseFound, valise_found, G_TYPE_OBJECT)

static void
valise_found_finalize (GObject *object)
{
  g_ptr_array_unref (VALISE_FOUND (object)->findings);

  G_OBJECT_CLASS (valise_found_parent_class)->finalize (object);
}

static void
valise_found_class_init (ValiseFoundClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_found_finalize;
}

static void
valise_found_init (ValiseFound *self)
{
}

GListModel *
valise_found_group (GPtrArray *findings)
{
  GListStore  *store = g_list_store_new (VALISE_TYPE_FOUND);
  ValiseFound *last = NULL;

  g_return_val_if_fail (findings != NULL, G_LIST_MODEL (store));

  for (guint i = 0; i < findings->len; i++)
    {
      ValiseFinding          *finding = findings->pdata[i];
      g_autoptr (ValiseFound) found = NULL;

      if (last != NULL && strcmp (valise_found_get_line (last, 0)->symbol, finding->symbol) == 0)
        {
          last->n_lines++;
          continue;
        }
      found = g_object_new (VALISE_TYPE_FOUND, NULL);
      found->findings = g_ptr_array_ref (findings);
      found->first = i;
      found->n_lines = 1;
      last = found;
      g_list_store_append (store, found);
    }
  return G_LIST_MODEL (store);
}

guint
valise_found_get_n_lines (ValiseFound *self)
{
  g_return_val_if_fail (VALISE_IS_FOUND (self), 0);

  return self->n_lines;
}

const ValiseFinding *
valise_found_get_line (ValiseFound *self, guint index)
{
  g_return_val_if_fail (VALISE_IS_FOUND (self), NULL);
  g_return_val_if_fail (index < self->n_lines, NULL);

  return self->findings->pdata[self->first + index];
}
