/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-papers-place"

#include "config.h"

#include "valise-decorations.h"
#include "valise-papers-place.h"

#define BOTH_AND_LIST 1400 /* px for a list beside two columns */

/**
 * ValisePapersPlace:
 *
 * A leaflet of list and page. Two languages side by side need the list's room, so then the list
 * is hidden; where the place is folded there is nothing to make room for, and it is back.
 */
struct _ValisePapersPlace
{
  AdwBin parent_instance;

  gboolean will_fold; /* once it is measured: the window grew narrow while it was out of sight */

  /* Template */
  AdwLeaflet   *leaflet;
  GtkWidget    *list;
  GtkWidget    *line;
  ValisePapers *papers;
  ValiseReader *reader;
};

G_DEFINE_FINAL_TYPE (ValisePapersPlace, valise_papers_place, ADW_TYPE_BIN)

enum
{
  FOLDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_list_visible (ValisePapersPlace *self, gboolean visible)
{
  gtk_widget_set_visible (self->list, visible);
  gtk_widget_set_visible (self->line, visible);
}

/* --- callbacks -------------------------------------------------------------------------------- */

static void
turned_cb (ValisePapersPlace *self)
{
  gboolean wide = gtk_widget_get_width (GTK_WIDGET (self->leaflet)) >= BOTH_AND_LIST;
  gboolean folded = self->will_fold || valise_papers_place_get_folded (self);
  gboolean both = valise_reader_get_other (self->reader) != NULL;
  gboolean show = folded || wide || !both || valise_reader_get_text (self->reader) == NULL;

  set_list_visible (self, show);
  valise_reader_set_can_go_back (self->reader, folded || !show);
}

static void
folded_cb (ValisePapersPlace *self)
{
  gboolean folded = valise_papers_place_get_folded (self);

  if (folded)
    self->will_fold = FALSE;
  valise_decorations_set_last (GTK_WIDGET (self->papers), folded);
  turned_cb (self);
  g_signal_emit (self, signals[FOLDED], 0);
}

/* What was chosen in the list. What the arrows rest on does not take one away from a list that
 * stands alone. */
static void
open_cb (ValisePapersPlace *self,
         const char        *symbol,
         const char        *language,
         const char        *key,
         gboolean           focus)
{
  if (!focus && valise_papers_place_get_folded (self))
    return;
  if (focus && valise_papers_place_get_folded (self))
    valise_papers_place_show_page (self);
  if (g_strcmp0 (valise_reader_get_symbol (self->reader), symbol) != 0 || key != NULL)
    valise_reader_open (self->reader, symbol, language, key);
  if (focus)
    gtk_widget_grab_focus (GTK_WIDGET (valise_reader_get_page (self->reader)));
}

/* --- object ----------------------------------------------------------------------------------- */

static void
valise_papers_place_dispose (GObject *object)
{
  ValisePapersPlace *self = VALISE_PAPERS_PLACE (object);

  if (self->leaflet != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->leaflet, self);
      adw_bin_set_child (ADW_BIN (self), NULL);
    }
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_PAPERS_PLACE);

  G_OBJECT_CLASS (valise_papers_place_parent_class)->dispose (object);
}

static void
valise_papers_place_class_init (ValisePapersPlaceClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_papers_place_dispose;
  signals[FOLDED] = g_signal_new ("folded", VALISE_TYPE_PAPERS_PLACE, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (VALISE_TYPE_PAPERS);
  g_type_ensure (VALISE_TYPE_READER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-papers-place.ui");
  gtk_widget_class_bind_template_child (widget_class, ValisePapersPlace, leaflet);
  gtk_widget_class_bind_template_child (widget_class, ValisePapersPlace, list);
  gtk_widget_class_bind_template_child (widget_class, ValisePapersPlace, line);
  gtk_widget_class_bind_template_child (widget_class, ValisePapersPlace, papers);
  gtk_widget_class_bind_template_child (widget_class, ValisePapersPlace, reader);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
}

static void
valise_papers_place_init (ValisePapersPlace *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->papers, "open", G_CALLBACK (open_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->reader, "turned", G_CALLBACK (turned_cb), self, G_CONNECT_SWAPPED);
}

ValisePapers *
valise_papers_place_get_papers (ValisePapersPlace *self)
{
  g_return_val_if_fail (VALISE_IS_PAPERS_PLACE (self), NULL);

  return self->papers;
}

ValiseReader *
valise_papers_place_get_reader (ValisePapersPlace *self)
{
  g_return_val_if_fail (VALISE_IS_PAPERS_PLACE (self), NULL);

  return self->reader;
}

gboolean
valise_papers_place_get_folded (ValisePapersPlace *self)
{
  g_return_val_if_fail (VALISE_IS_PAPERS_PLACE (self), FALSE);

  return adw_leaflet_get_folded (self->leaflet);
}

void
valise_papers_place_show_list (ValisePapersPlace *self, int width)
{
  int page_width = 0;

  g_return_if_fail (VALISE_IS_PAPERS_PLACE (self));

  gtk_widget_measure (GTK_WIDGET (self->reader), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &page_width,
                      NULL, NULL);
  /* Hidden for two languages: a window grown narrow since has no room for both anyway, and a
   * leaflet turns to no child that is hidden. */
  self->will_fold = !valise_papers_place_get_folded (self) && width < page_width;
  turned_cb (self);
  /* With both sides in view the choice shows nowhere. */
  if (gtk_widget_get_visible (self->list))
    adw_leaflet_set_visible_child_name (self->leaflet, "list");
}

void
valise_papers_place_show_page (ValisePapersPlace *self)
{
  g_return_if_fail (VALISE_IS_PAPERS_PLACE (self));

  self->will_fold = FALSE;
  adw_leaflet_set_visible_child_name (self->leaflet, "page");
}

void
valise_papers_place_toggle_list (ValisePapersPlace *self)
{
  g_return_if_fail (VALISE_IS_PAPERS_PLACE (self));

  if (valise_papers_place_get_folded (self))
    valise_papers_place_leave_page (self);
  else
    set_list_visible (self, !gtk_widget_get_visible (self->list));
}

gboolean
valise_papers_place_leave_page (ValisePapersPlace *self)
{
  g_return_val_if_fail (VALISE_IS_PAPERS_PLACE (self), FALSE);

  if (!valise_papers_place_get_folded (self)
      || g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "page") != 0)
    return FALSE;
  adw_leaflet_set_visible_child_name (self->leaflet, "list");
  return TRUE;
}

gboolean
valise_papers_place_is_spread (ValisePapersPlace *self)
{
  g_return_val_if_fail (VALISE_IS_PAPERS_PLACE (self), FALSE);

  return !gtk_widget_get_visible (self->list) && valise_reader_get_other (self->reader) != NULL;
}
