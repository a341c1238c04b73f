/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-faces"

#include "config.h"

#include "valise-faces.h"

#define LATIN  "Noto Sans"
#define ARABIC "Noto Sans Arabic"

/* Names that stand for whichever face fontconfig likes best for a language, which for Arabic is
 * one of another cut than the one for digits beside it. */
static gboolean
is_alias (const char *family)
{
  static const char *const aliases[] = { "sans", "sans-serif", "system-ui", "ui-sans-serif", NULL };
  g_autofree char *lower = family != NULL ? g_ascii_strdown (family, -1) : g_strdup ("sans");

  return g_strv_contains (aliases, lower);
}

/* A name inside quotation marks of CSS. */
static char *
quote (const char *family)
{
  g_autofree char *escaped = g_strescape (family, NULL);

  return g_strconcat ("\"", escaped, "\"", NULL);
}

char *
valise_faces_dup_families (const char *font_name)
{
  PangoFontDescription *description =
      pango_font_description_from_string (font_name != NULL ? font_name : "");
  const char      *family = pango_font_description_get_family (description);
  g_autofree char *own = quote (is_alias (family) ? LATIN : family);

  pango_font_description_free (description);
  /* The desktop's own first: it may know Arabic, and has the letters and digits in any case. */
  return g_strconcat (own, ", \"" ARABIC "\", sans-serif", NULL);
}

static void
apply (GtkSettings *settings, GParamSpec *pspec, GtkCssProvider *provider)
{
  g_autofree char *font_name = NULL;
  g_autofree char *families = NULL;
  g_autofree char *css = NULL;

  g_object_get (settings, "gtk-font-name", &font_name, NULL);
  families = valise_faces_dup_families (font_name);
  /* A popover begins anew with the desktop's font. */
  css = g_strconcat ("window:dir(rtl), tooltip:dir(rtl), popover:dir(rtl), "
                     "popover:dir(rtl) > contents { font-family: ",
                     families, "; }", NULL);
  gtk_css_provider_load_from_data (provider, css, -1);
}

void
valise_faces_follow (GdkDisplay *display)
{
  GtkSettings               *settings = gtk_settings_get_for_display (display);
  g_autoptr (GtkCssProvider) provider = NULL;

  g_return_if_fail (GDK_IS_DISPLAY (display));

  if (g_object_get_data (G_OBJECT (display), "valise-faces") != NULL)
    return;
  provider = gtk_css_provider_new ();
  g_object_set_data (G_OBJECT (display), "valise-faces", provider);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_signal_connect_object (settings, "notify::gtk-font-name", G_CALLBACK (apply), provider, 0);
  apply (settings, NULL, provider);
}
