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

/* The first of what was found, as it stands on the page; "" where the snippet marks nothing. */
static char *
dup_marked (const ValiseFinding *finding)
{
  guint start = 0;
  guint end = 0;

  if (finding->marks->len >= 2)
    {
      start = g_array_index (finding->marks, guint, 0);
      end = g_array_index (finding->marks, guint, 1);
    }

  return g_strndup (finding->snippet + start, end - start);
}

gboolean
valise_found_open_original (const ValiseFinding *finding, GtkWidget *widget)
{
  g_autofree char *words = NULL;

  g_return_val_if_fail (finding != NULL, FALSE);

  if (finding->sha256 == NULL)
    return FALSE;
  words = dup_marked (finding);
  gtk_widget_activate_action (widget, "win.original-at", "(ssus)", finding->sha256,
                              finding->file != NULL ? finding->file : "",
                              finding->page > 0 ? finding->page - 1 : 0, words);
  return TRUE;
}
