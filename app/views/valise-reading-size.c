/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-reading-size"

#include "config.h"

#include "valise-reading-size.h"

/* Lengths in px at 100 %. Lines are in px because a factor would multiply the font's own line,
 * which in Charis is tall. Arabic needs more of both. */
static const struct
{
  const char *selector;
  double      size;
  double      line;
} styles[] = {
  { ".read", 17, 27 },
  { ".read.ar", 18, 31 },
  { ".read-title", 23, 31 },
  { ".read-title.ar", 24, 37 },
  { ".narrow .read-title", 20, 27 },
  { ".read-heading", 17, 27 },
  { ".read-heading.ar", 18, 31 },
  { ".read-note", 14, 21 },
  { ".read-note.ar", 15, 26 },
  { ".read-s", 15, 23 },
  { ".read-s.ar", 16.5, 29 },
  { ".read-number", 15, 27 },
  { ".read-number.ar", 15, 31 },
  { ".read-number.preamble", 11.5, 27 },
  { ".read-number.preamble.ar", 11.5, 31 },
  { ".read-number.read-note", 12, 21 },
  { ".read-number.above", 11.5, 16 },
};

static const int steps[] = { 70, 80, 90, 100, 110, 125, 140, 160, 180, 210, 250 };

/* One provider a display; it lives as long as the display does. */
static GtkCssProvider *
get_provider (GdkDisplay *display)
{
  GtkCssProvider *provider = g_object_get_data (G_OBJECT (display), "valise-reading-size");

  if (provider == NULL)
    {
      provider = gtk_css_provider_new ();
      gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
      g_object_set_data_full (G_OBJECT (display), "valise-reading-size", provider, g_object_unref);
    }
  return provider;
}

void
valise_reading_size_apply (GdkDisplay *display, int percent)
{
  g_autoptr (GString) css = g_string_new (NULL);

  g_return_if_fail (GDK_IS_DISPLAY (display));

  percent = CLAMP (percent, VALISE_READING_SIZE_MIN, VALISE_READING_SIZE_MAX);
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    {
      char size[G_ASCII_DTOSTR_BUF_SIZE];
      char line[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (size, sizeof size, "%.2f", styles[i].size * percent / 100);
      g_ascii_formatd (line, sizeof line, "%.0f", styles[i].line * percent / 100);
      g_string_append_printf (css, "%s { font-size: %spx; line-height: %spx; }\n",
                              styles[i].selector, size, line);
    }
  gtk_css_provider_load_from_data (get_provider (display), css->str, (gssize) css->len);
}

int
valise_reading_size_step (int percent, int direction)
{
  if (direction == 0)
    return 100;

  for (int i = 0; i < (int) G_N_ELEMENTS (steps); i++)
    {
      int step = steps[direction > 0 ? i : (int) G_N_ELEMENTS (steps) - 1 - i];

      if (direction > 0 ? step > percent : step < percent)
        return step;
    }
  return direction > 0 ? VALISE_READING_SIZE_MAX : VALISE_READING_SIZE_MIN;
}

void
valise_reading_size_turn (GSettings *settings, const char *action)
{
  int direction = g_str_has_suffix (action, "zoom-in")    ? 1
                  : g_str_has_suffix (action, "zoom-out") ? -1
                                                          : 0;

  g_return_if_fail (G_IS_SETTINGS (settings));

  g_settings_set_int (
      settings, "reading-size",
      valise_reading_size_step (g_settings_get_int (settings, "reading-size"), direction));
}
