/* originals-fixture.h - a paper with an original, and what its page says of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#include "pdf-made.h"
#include "valise-window-fixture.h"

#define RESOLUTION "A/RES/77/37" /* names one PDF */
#define WORDS      "Points of contact and norms"

static const char *file_name = VALISE_FAKE_FILE_NAME;

/* The button of the open page whose accessible name begins with @words; NULL: none is shown. */
static inline GtkWidget *
find_button (GtkWidget *widget, const char *words)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget))
    {
      g_autofree char *name = g_strdup_printf ("%s: %s", words, file_name);
      g_autofree char *other = gtk_test_accessible_check_property (
          GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name);

      if (other == NULL)
        return widget;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, words);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static inline GtkWidget *
wait_for_button (WindowFixture *fixture, const char *words)
{
  GtkWidget *reader = GTK_WIDGET (fixture->reader);

  VALISE_WAIT_UNTIL (find_button (reader, words) != NULL);
  return find_button (reader, words);
}

static inline void
click (WindowFixture *fixture, const char *words)
{
  g_signal_emit_by_name (wait_for_button (fixture, words), "clicked");
  valise_wait_ms (30);
}

/* To the end of the paper, where its files are listed. */
static inline void
look_at_files (WindowFixture *fixture)
{
  ValisePageView *page = valise_reader_get_page (fixture->reader);

  valise_window_read (fixture, RESOLUTION);
  valise_page_view_choose (page, (int) valise_page_view_get_n_rows (page) - 1);
  valise_wait_ms (100);
}

static inline ValisePdfPage *
open_original (WindowFixture *fixture, guint n_pages)
{
  ValisePdfPage     *original = valise_window_get_original (fixture->window);
  g_autoptr (GBytes) bytes = pdf_made (n_pages, WORDS);

  look_at_files (fixture);
  click (fixture, "Fetch");
  valise_fake_file_comes (VALISE_FAKE_FILE, 288000, bytes);
  wait_for_button (fixture, "Save As…");
  click (fixture, "Open");
  VALISE_WAIT_UNTIL (strcmp (valise_pdf_page_get_state (original), "pages") == 0);
  VALISE_WAIT_UNTIL (valise_pdf_view_get_n_drawn (valise_pdf_page_get_view (original)) > 0);

  return original;
}
