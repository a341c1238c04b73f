/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-later"

#include "config.h"

#include "valise-later.h"

ValisePdfPage *
valise_later_original (AdwBin *bin, GSettings *settings)
{
  GtkWidget *page = adw_bin_get_child (bin);

  if (page != NULL)
    return VALISE_PDF_PAGE (page);
  page = g_object_new (VALISE_TYPE_PDF_PAGE, NULL);
  adw_bin_set_child (bin, page);
  valise_later_set_zoom (bin, g_settings_get_int (settings, "reading-size"));
  return VALISE_PDF_PAGE (page);
}

ValiseSyncPanel *
valise_later_sync (AdwBin *bin, ValiseContext *context)
{
  GtkWidget *panel = adw_bin_get_child (bin);

  if (panel != NULL)
    return VALISE_SYNC_PANEL (panel);
  panel = valise_sync_panel_new ();
  valise_sync_panel_set_context (VALISE_SYNC_PANEL (panel), context);
  adw_bin_set_child (bin, panel);
  return VALISE_SYNC_PANEL (panel);
}

void
valise_later_set_context (AdwBin *original, AdwBin *sync, ValiseContext *context)
{
  GtkWidget *page = adw_bin_get_child (original);
  GtkWidget *panel = adw_bin_get_child (sync);

  if (page != NULL)
    valise_pdf_page_open_bytes (VALISE_PDF_PAGE (page), NULL, NULL);
  if (panel != NULL)
    valise_sync_panel_set_context (VALISE_SYNC_PANEL (panel), context);
}

void
valise_later_set_zoom (AdwBin *original, int percent)
{
  GtkWidget *page = adw_bin_get_child (original);

  if (page != NULL)
    valise_pdf_page_set_zoom (VALISE_PDF_PAGE (page), percent);
}
