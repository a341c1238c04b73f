/* valise-window-pages.c - the pages of a window, each made when it is first asked for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A stack styles all its children, those too that it does not show, so that a start would wait
 * for pages which most days are never turned to. Each has its bin in the window instead, empty
 * until the page is asked for; what was not made has no record to let go of.
 */

#define G_LOG_DOMAIN "valise-window"

#include "config.h"

#include <string.h>

#include "valise-decorations.h"
#include "valise-reading-size.h"
#include "valise-window-parts.h"

static ValiseLibrary *
get_library (ValiseWindow *self)
{
  return self->context != NULL ? valise_context_get_library (self->context) : NULL;
}

static gboolean
is_folded (ValiseWindow *self)
{
  return adw_leaflet_get_folded (self->outer);
}

/* --- making them ------------------------------------------------------------------------------ */

static void
put (ValiseWindow *self, AdwBin *bin, GtkWidget *page)
{
  adw_bin_set_child (bin, page);
  valise_decorations_settle (GTK_WINDOW (self));
}

static void
link_cb (ValiseWindow *self, const char *symbol)
{
  valise_window_open_paper (self, symbol, NULL, NULL);
}

ValisePapersPlace *
valise_window_need_papers (ValiseWindow *self)
{
  ValisePapersPlace *place = self->papers_place;

  if (place != NULL)
    return place;
  place = g_object_new (VALISE_TYPE_PAPERS_PLACE, NULL);
  self->papers_place = place;
  self->papers = valise_papers_place_get_papers (place);
  self->reader = valise_papers_place_get_reader (place);
  g_signal_connect_object (self->reader, "link", G_CALLBACK (link_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->reader, "told", G_CALLBACK (valise_window_tell), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (place, "folded", G_CALLBACK (valise_window_fold), self,
                           G_CONNECT_SWAPPED);
  valise_reader_set_zoom (self->reader, g_settings_get_int (self->settings, "reading-size"));
  valise_reader_set_context (self->reader, self->context, self->settings);
  valise_papers_set_library (self->papers, get_library (self));
  valise_papers_set_folded (self->papers, is_folded (self));
  put (self, self->papers_bin, GTK_WIDGET (place));
  return place;
}

ValiseMeetingsPlace *
valise_window_need_meetings (ValiseWindow *self)
{
  if (self->meetings_place != NULL)
    return self->meetings_place;
  self->meetings_place = g_object_new (VALISE_TYPE_MEETINGS_PLACE, NULL);
  valise_meetings_place_set_library (self->meetings_place, get_library (self));
  valise_meetings_place_set_alone (self->meetings_place, is_folded (self));
  put (self, self->meetings_bin, GTK_WIDGET (self->meetings_place));
  return self->meetings_place;
}

ValiseSearchPage *
valise_window_need_search (ValiseWindow *self)
{
  if (self->search != NULL)
    return self->search;
  self->search = g_object_new (VALISE_TYPE_SEARCH_PAGE, NULL);
  g_signal_connect_object (self->search, "open", G_CALLBACK (valise_window_open_paper), self,
                           G_CONNECT_SWAPPED);
  valise_search_page_set_library (self->search, get_library (self));
  put (self, self->search_bin, GTK_WIDGET (self->search));
  return self->search;
}

ValisePdfPage *
valise_window_need_original (ValiseWindow *self)
{
  if (self->original != NULL)
    return self->original;
  self->original = g_object_new (VALISE_TYPE_PDF_PAGE, NULL);
  valise_pdf_page_set_zoom (self->original, g_settings_get_int (self->settings, "reading-size"));
  put (self, self->original_bin, GTK_WIDGET (self->original));
  return self->original;
}

/* The panel of a narrow window. */
static void
need_sync (ValiseWindow *self)
{
  if (self->sync != NULL)
    return;
  self->sync = VALISE_SYNC_PANEL (valise_sync_panel_new ());
  valise_sync_panel_set_context (self->sync, self->context);
  put (self, self->sync_bin, GTK_WIDGET (self->sync));
}

static void
left_cb (ValiseWindow *self)
{
  if (self->context != NULL)
    gtk_stack_set_visible_child_name (self->root, "record");
}

ValiseWelcome *
valise_window_need_welcome (ValiseWindow *self)
{
  if (self->welcome != NULL)
    return self->welcome;
  self->welcome = g_object_new (VALISE_TYPE_WELCOME, NULL);
  valise_welcome_set_data_dir (self->welcome, self->data_dir);
  valise_welcome_set_can_leave (self->welcome, self->context != NULL);
  g_signal_connect_object (self->welcome, "joined", G_CALLBACK (valise_window_set_context), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->welcome, "left", G_CALLBACK (left_cb), self, G_CONNECT_SWAPPED);
  put (self, self->welcome_bin, GTK_WIDGET (self->welcome));
  return self->welcome;
}

void
valise_window_need_place (ValiseWindow *self, const char *place)
{
  if (strcmp (place, "papers") == 0)
    valise_window_need_papers (self);
  else if (strcmp (place, "meetings") == 0)
    valise_window_need_meetings (self);
  else if (strcmp (place, "search") == 0)
    valise_window_need_search (self);
  else if (strcmp (place, "original") == 0)
    valise_window_need_original (self);
  else if (strcmp (place, "sync") == 0)
    need_sync (self);
}

/* --- what all that were made follow ----------------------------------------------------------- */

void
valise_window_fold (ValiseWindow *self)
{
  gboolean folded = is_folded (self);

  valise_today_set_folded (self->today, folded);
  valise_places_set_folded (self->places, folded);
  if (self->papers != NULL)
    valise_papers_set_folded (self->papers, folded);
  if (self->meetings_place != NULL)
    valise_meetings_place_set_alone (self->meetings_place, folded);
}

void
valise_window_zoom_pages (ValiseWindow *self)
{
  int percent = g_settings_get_int (self->settings, "reading-size");

  valise_reading_size_apply (gtk_widget_get_display (GTK_WIDGET (self)), percent);
  if (self->reader != NULL)
    valise_reader_set_zoom (self->reader, percent);
  if (self->original != NULL)
    valise_pdf_page_set_zoom (self->original, percent);
}

void
valise_window_follow_context (ValiseWindow *self)
{
  ValiseLibrary *library = get_library (self);

  valise_today_set_library (self->today, library);
  if (self->reader != NULL)
    valise_reader_set_context (self->reader, self->context, self->settings);
  if (self->papers != NULL)
    valise_papers_set_library (self->papers, library);
  if (self->meetings_place != NULL)
    valise_meetings_place_set_library (self->meetings_place, library);
  if (self->search != NULL)
    valise_search_page_set_library (self->search, library);
  if (self->original != NULL)
    valise_pdf_page_open_bytes (self->original, NULL, NULL);
  if (self->sync != NULL)
    valise_sync_panel_set_context (self->sync, self->context);
  if (self->welcome != NULL)
    valise_welcome_set_can_leave (self->welcome, self->context != NULL);
}
