/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pictures"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "valise-pictures.h"

#define WIDE_WIDTH    1280
#define WIDE_HEIGHT   800
#define NARROW_WIDTH  360
#define NARROW_HEIGHT 720
#define WAITS_MAX     40  /* ticks: what a sample takes on a slow machine, and to spare */
#define SETTLE_MS     900 /* for what is loaded as it is looked at, and for a fold's slide */

typedef struct
{
  ValiseWindow *window; /* owned */
  char         *folder;
  guint         step;
  guint         waits; /* ticks spent waiting for a record */
  gboolean      painted;
} Journey;

static void
go_today (ValiseWindow *window)
{
  valise_window_go (window, "today");
}

static void
go_meetings (ValiseWindow *window)
{
  valise_window_go (window, "meetings");
}

static void
go_papers (ValiseWindow *window)
{
  valise_window_go (window, "papers");
}

static void
go_paper (ValiseWindow *window)
{
  valise_window_go (window, "papers");
  valise_papers_step (valise_window_get_papers (window), 1);
}

static void
go_paragraph (ValiseWindow *window)
{
  valise_page_view_choose (valise_reader_get_page (valise_window_get_reader (window)), 2);
}

static void
go_side_by_side (ValiseWindow *window)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "win.side-by-side", NULL);
}

/* The longest word of the open paper's title is sure to be found. */
static void
go_search (ValiseWindow *window)
{
  ValiseText    *text = valise_reader_get_text (valise_window_get_reader (window));
  g_auto (GStrv) words = g_strsplit (text != NULL ? valise_text_get_title (text) : "", " ", -1);
  char          *longest = words[0];

  for (guint i = 1; longest != NULL && words[i] != NULL; i++)
    if (strlen (words[i]) > strlen (longest))
      longest = words[i];
  valise_window_go (window, "search");
  if (longest == NULL)
    return;
  g_strdelimit (longest, ",.:;", '\0');
  gtk_editable_set_text (valise_search_page_get_entry (valise_window_get_search (window)), longest);
}

static void
go_sync (ValiseWindow *window)
{
  valise_window_go (window, "sync");
}

static void
go_sync_popover (ValiseWindow *window)
{
  valise_window_go (window, "today");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.sync-panel", NULL);
}

static void
go_seal (ValiseWindow *window)
{
  gtk_widget_activate_action (GTK_WIDGET (valise_window_get_reader (window)), "reader.seal", NULL);
}

static void
set_scheme (AdwColorScheme scheme)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
}

static void
go_dark (ValiseWindow *window)
{
  valise_places_popdown_sync (valise_window_get_places (window));
  set_scheme (ADW_COLOR_SCHEME_FORCE_DARK);
  go_paper (window);
}

static void
go_narrow_today (ValiseWindow *window)
{
  set_scheme (ADW_COLOR_SCHEME_FORCE_LIGHT);
  gtk_window_set_default_size (GTK_WINDOW (window), NARROW_WIDTH, NARROW_HEIGHT);
  valise_window_go (window, "today");
}

static void
go_narrow_paper (ValiseWindow *window)
{
  const char *symbol = valise_reader_get_symbol (valise_window_get_reader (window));

  if (symbol != NULL)
    {
      g_autofree char *copy = g_strdup (symbol);

      valise_window_open_paper (window, copy, NULL, NULL);
    }
}

/* Without an account, the journey goes on with the sample. */
static void
go_sample (ValiseWindow *window)
{
  valise_welcome_look_around (valise_window_get_welcome (window));
}

static const struct
{
  const char *name; /* NULL: no picture, a step on the way */
  void (*go) (ValiseWindow *window);
} steps[] = {
  { "00-first-run", NULL },
  { NULL, go_sample },
#define FIRST_OF_RECORD 2
  { "01-today", go_today },
  { "02-meetings", go_meetings },
  { NULL, go_papers },
  { NULL, go_paper },
  { "03-paper", go_paragraph },
  { "04-side-by-side", go_side_by_side },
  { NULL, go_side_by_side }, /* and back: what the seal says would lie over both */
  { "03-seal", go_seal },
  { "05-search", go_search },
  { "06-sync", go_sync },
  { "06-sync-panel", go_sync_popover },
  { "07-dark", go_dark },
  { "08-narrow-today", go_narrow_today },
  { "09-narrow-papers", go_papers },
  { "10-narrow-paper", go_narrow_paper },
  { "11-narrow-meetings", go_meetings },
};

static void
journey_free (gpointer data)
{
  Journey *journey = data;

  g_object_unref (journey->window);
  g_free (journey->folder);
  g_free (journey);
}

/* FALSE: the window was just being laid out anew; try again. */
static gboolean
save_step (Journey *journey)
{
  const char        *name = steps[journey->step].name;
  g_autofree char   *file = name != NULL ? g_strconcat (name, ".png", NULL) : NULL;
  g_autofree char   *path = name != NULL ? g_build_filename (journey->folder, file, NULL) : NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL || valise_pictures_save (GTK_WIDGET (journey->window), path, &error))
    return TRUE;
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_AGAIN) && ++journey->waits < WAITS_MAX)
    return FALSE;
  g_printerr ("%s: %s\n", path, error->message);
  return TRUE;
}

static void
painted_cb (GdkFrameClock *clock, Journey *journey)
{
  journey->painted = TRUE;
}

/* Whether there is more to the record than the window can show yet. */
static gboolean
is_filling (Journey *journey)
{
  ValiseContext *context = valise_window_get_context (journey->window);

  return journey->step == FIRST_OF_RECORD && context != NULL
         && valise_library_is_behind (valise_context_get_library (context));
}

/* Leaves a step: its page settled, then was painted once more, so it is laid out whole. */
static gboolean
settled_cb (gpointer user_data)
{
  Journey *journey = user_data;
  gboolean waiting =
      journey->step == FIRST_OF_RECORD - 1 && valise_window_get_context (journey->window) == NULL;

  if ((waiting || is_filling (journey)) && ++journey->waits < WAITS_MAX)
    return G_SOURCE_CONTINUE;
  if (!journey->painted)
    {
      gtk_widget_queue_draw (GTK_WIDGET (journey->window));
      return G_SOURCE_CONTINUE;
    }
  if (!save_step (journey))
    return G_SOURCE_CONTINUE;
  if (!waiting && ++journey->step < G_N_ELEMENTS (steps))
    {
      steps[journey->step].go (journey->window);
      journey->painted = FALSE;
      return G_SOURCE_CONTINUE;
    }
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (GTK_WIDGET (journey->window)),
                                        journey);
  gtk_window_close (GTK_WINDOW (journey->window));
  return G_SOURCE_REMOVE;
}

void
valise_pictures_take (ValiseWindow *window, GSettings *settings, const char *folder)
{
  Journey *journey = NULL;

  g_return_if_fail (VALISE_IS_WINDOW (window));
  g_return_if_fail (folder != NULL);

  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_printerr ("%s: %s\n", folder, g_strerror (errno));
      gtk_window_close (GTK_WINDOW (window));
      return;
    }
  journey = g_new0 (Journey, 1);
  journey->window = g_object_ref (window);
  journey->folder = g_strdup (folder);
  gtk_window_set_default_size (GTK_WINDOW (window), WIDE_WIDTH, WIDE_HEIGHT);
  if (valise_window_get_context (window) != NULL)
    {
      journey->step = FIRST_OF_RECORD;
      steps[journey->step].go (window);
    }
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (window)), "after-paint",
                    G_CALLBACK (painted_cb), journey);
  g_timeout_add_full (G_PRIORITY_LOW, SETTLE_MS, settled_cb, journey, journey_free);
}

/* Where @popover stands over @window, px; both have surfaces of their own, with borders. */
static graphene_point_t
place_popover (GtkNative *popover, GtkNative *window)
{
  GdkPopup *surface = GDK_POPUP (gtk_native_get_surface (popover));
  double    x = 0, y = 0, window_x = 0, window_y = 0;

  gtk_native_get_surface_transform (popover, &x, &y);
  gtk_native_get_surface_transform (window, &window_x, &window_y);

  return GRAPHENE_POINT_INIT ((float) (gdk_popup_get_position_x (surface) + x - window_x),
                              (float) (gdk_popup_get_position_y (surface) + y - window_y));
}

/* A popover is drawn by itself, on a surface of its own. */
static void
add_popovers (GtkWidget *widget, GtkNative *window, GtkSnapshot *snapshot)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_POPOVER (child) && gtk_widget_get_mapped (child))
      {
        g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (child);
        graphene_point_t         at = place_popover (GTK_NATIVE (child), window);

        gtk_snapshot_save (snapshot);
        gtk_snapshot_translate (snapshot, &at);
        gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                                gdk_paintable_get_intrinsic_height (paintable));
        gtk_snapshot_restore (snapshot);
      }
    else if (!GTK_IS_POPOVER (child))
      add_popovers (child, window, snapshot);
}

gboolean
valise_pictures_save (GtkWidget *window, const char *path, GError **error)
{
  g_autoptr (GdkPaintable)  paintable = gtk_widget_paintable_new (window);
  GtkSnapshot              *snapshot = gtk_snapshot_new ();
  int                       width = gdk_paintable_get_intrinsic_width (paintable);
  int                       height = gdk_paintable_get_intrinsic_height (paintable);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture)    texture = NULL;
  g_autoptr (GBytes)        bytes = NULL;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  add_popovers (window, GTK_NATIVE (window), snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_AGAIN, "The window shows nothing yet");
      return FALSE;
    }
  /* The window's own size: a popover's shadow may reach out of it. */
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  bytes = gdk_texture_save_to_png_bytes (texture);

  return g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                              (gssize) g_bytes_get_size (bytes), error);
}
