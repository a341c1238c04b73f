/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-page-marks"

#include "config.h"

#include "valise-markup.h"
#include "valise-page-marks.h"

static void
add_background (PangoAttrList *attributes,
                GtkWidget     *widget,
                const char    *name,
                guint          start,
                guint          end)
{
  GdkRGBA         colour = { 1, 0.9f, 0.5f, 1 };
  PangoAttribute *attribute = NULL;

  /* The window's own colours follow light and dark; a style context is where 4.8 has them. */
  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &colour);
  attribute =
      pango_attr_background_new ((guint16) (colour.red * 65535), (guint16) (colour.green * 65535),
                                 (guint16) (colour.blue * 65535));
  attribute->start_index = start;
  attribute->end_index = end;
  pango_attr_list_insert (attributes, attribute);
}

void
valise_page_marks_set (GtkLabel *label, const char *query, int current)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  g_autoptr (GArray)        ranges = NULL;

  if (query == NULL || *query == '\0')
    {
      gtk_label_set_attributes (label, NULL);
      return;
    }

  ranges = valise_find_in (gtk_label_get_text (label), query);
  for (guint i = 0; i + 1 < ranges->len; i += 2)
    {
      guint start = g_array_index (ranges, guint, i);
      guint end = g_array_index (ranges, guint, i + 1);

      add_background (attributes, GTK_WIDGET (label), "valise_found", start, end);
      if (current == (int) i / 2)
        {
          PangoAttribute *underline = pango_attr_underline_new (PANGO_UNDERLINE_DOUBLE_LINE);

          underline->start_index = start;
          underline->end_index = end;
          pango_attr_list_insert (attributes, underline);
        }
    }
  gtk_label_set_attributes (label, attributes);
}
