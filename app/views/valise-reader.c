/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-reader"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-format.h"
#include "valise-masthead.h"
#include "valise-notice.h"
#include "valise-page-row.h"
#include "valise-page-tail.h"
#include "valise-reader-parts.h"
#include "valise-sentences.h"

#define NARROW_RETURN 420 /* px the header's middle must have before the languages come back */

/**
 * ValiseReader:
 *
 * Shows the spread that lies open: which paper, in which language, beside which. Where the
 * language wished for is not on this laptop, the nearest is shown and the bar says so.
 */
G_DEFINE_FINAL_TYPE (ValiseReader, valise_reader, GTK_TYPE_BOX)

enum
{
  LINK,
  TOLD,
  TURNED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The language papers open in. */
static char *
dup_own_language (ValiseReader *self)
{
  g_autofree char *kept = g_settings_get_string (self->settings, "reading-language");

  return g_strdup (*kept != '\0' ? kept : valise_format_interface_language ());
}

gboolean
valise_reader_is_open (ValiseReader *self)
{
  return self->spread != NULL && valise_spread_get_paper (self->spread) != NULL;
}

/* --- what is said about it ------------------------------------------------------------------ */

static void
say_fallback (ValiseReader *self)
{
  ValiseVersion   *version = NULL;
  g_autofree char *sentence = valise_notice_fallback (self->spread, &version);

  valise_reader_offer (self, version != NULL ? valise_version_get_language (version) : NULL);
  valise_bar_say (self->bar,
                  version != NULL ? "valise-arriving-symbolic" : "valise-translation-symbolic",
                  /* Translators: verb; gets a text from the secretariat. */
                  sentence, version != NULL ? _ ("Fetch") : NULL, FALSE);
}

static void
say_absent (ValiseReader *self)
{
  ValiseVersion   *version = NULL;
  g_autofree char *sentence = valise_notice_absent (self->spread, &version);
  g_autofree char *escaped = NULL;
  g_autofree char *label = NULL;

  escaped = g_markup_escape_text (sentence, -1);
  adw_status_page_set_description (self->absent, escaped);
  valise_originals_show (self->absent_originals, valise_spread_get_paper (self->spread));
  gtk_widget_set_visible (GTK_WIDGET (self->fetch), version != NULL);
  if (version == NULL)
    return;
  valise_reader_offer (self, valise_version_get_language (version));
  /* Translators: verb; %s is a language: "Fetch French". */
  label = g_strdup_printf (_ ("Fetch %s"),
                           valise_format_language (valise_version_get_language (version)));
  gtk_button_set_label (self->fetch, label);
}

static void
say_position (ValiseReader *self)
{
  gboolean         narrow = gtk_widget_has_css_class (GTK_WIDGET (self), "narrow");
  g_autofree char *position = self->spread != NULL
                                  ? valise_notice_position (self->spread, self->page, narrow)
                                  : g_strdup ("");

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "reader.quote",
                                 valise_page_view_get_chosen (self->page) >= 0);
  gtk_label_set_text (self->position, position);
}

void
valise_reader_say_error (ValiseReader *self, const GError *error)
{
  g_autofree char *sentence = valise_sentence_for_error (error);

  g_debug ("%s", error->message);
  valise_bar_say (self->bar, "dialog-warning-symbolic", sentence, NULL, TRUE);
}

void
valise_reader_tell (ValiseReader *self, const char *sentence)
{
  g_signal_emit (self, signals[TOLD], 0, sentence);
}

/* --- showing ---------------------------------------------------------------------------------- */

static void
show_title (ValiseReader *self)
{
  const char      *symbol = valise_reader_get_symbol (self);
  g_autofree char *subtitle =
      valise_reader_is_open (self) ? valise_notice_subtitle (self->spread) : NULL;

  adw_window_title_set_title (self->title, symbol != NULL ? symbol : "");
  adw_window_title_set_subtitle (self->title, subtitle != NULL ? subtitle : "");
}

/* Narrow, the languages and two more buttons move into menus. That makes room, so the languages
 * must ask for more of it before they come back, or the header would never rest. */
static gboolean
settle_header_cb (gpointer user_data)
{
  ValiseReader *self = user_data;
  gboolean narrow = adw_squeezer_get_visible_child (self->squeezer) == GTK_WIDGET (self->title);
  gboolean open = valise_reader_is_open (self);

  self->settle_id = 0;
  gtk_widget_set_size_request (GTK_WIDGET (self->languages), narrow ? NARROW_RETURN : -1, -1);
  gtk_widget_set_visible (self->language_button, narrow && open);
  gtk_widget_set_visible (self->find_button, !narrow && open);
  gtk_widget_set_visible (GTK_WIDGET (self->side_by_side), !narrow && open);
  valise_masthead_set_narrow (VALISE_MASTHEAD (self->masthead), narrow);
  if (narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  say_position (self);

  return G_SOURCE_REMOVE;
}

/* Comes in the middle of an allocation, where nothing may be shown or hidden. */
static void
squeezed_cb (ValiseReader *self)
{
  if (self->settle_id == 0)
    self->settle_id = g_idle_add (settle_header_cb, self);
}

static void
show_header (ValiseReader *self)
{
  gboolean    open = valise_reader_is_open (self);
  ValiseText *text = valise_reader_get_text (self);
  ValiseText *other = valise_reader_get_other (self);
  GListModel *versions =
      open ? valise_paper_get_versions (valise_spread_get_paper (self->spread)) : NULL;
  const char *language = text != NULL ? valise_text_get_language (text) : NULL;
  const char *beside = other != NULL ? valise_text_get_language (other) : NULL;

  valise_language_bar_show (self->languages, versions, language, beside);
  valise_language_bar_show (self->narrow_languages, versions, language, beside);
  show_title (self);
  gtk_widget_set_visible (self->menu, open);
  gtk_widget_set_visible (self->foot, text != NULL);
  gtk_toggle_button_set_active (self->side_by_side, other != NULL);
  squeezed_cb (self);
  g_signal_emit (self, signals[TURNED], 0);
}

static void
shown_cb (ValiseReader *self)
{
  ValisePaper *paper = valise_spread_get_paper (self->spread);
  ValiseText  *text = valise_spread_get_text (self->spread);
  ValiseText  *other = valise_spread_get_other (self->spread);

  valise_masthead_show (VALISE_MASTHEAD (self->masthead), paper, text, other);
  valise_page_tail_show (VALISE_PAGE_TAIL (self->tail), paper);
  valise_page_view_show (self->page, text, other, valise_paper_get_references (paper));
  gtk_stack_set_visible_child_name (self->stack, "page");
  if (self->key != NULL)
    valise_page_view_choose_key (self->page, self->key);
  g_clear_pointer (&self->key, g_free);
  show_header (self);
  say_fallback (self);
  say_position (self);
  valise_find_bar_refresh (self->find_bar);
}

static void
absent_cb (ValiseReader *self)
{
  valise_bar_say (self->bar, NULL, NULL, NULL, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "absent");
  show_header (self);
  say_absent (self);
}

/* --- object
 * ----------------------------------------------------------------------------------------- */

static void
valise_reader_dispose (GObject *object)
{
  ValiseReader *self = VALISE_READER (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  valise_reader_set_context (self, NULL, NULL);
  if (self->note_popover != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->note_popover));
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_READER);

  G_OBJECT_CLASS (valise_reader_parent_class)->dispose (object);
}

static void
valise_reader_finalize (GObject *object)
{
  ValiseReader *self = VALISE_READER (object);

  g_free (self->key);
  g_free (self->to_fetch);

  G_OBJECT_CLASS (valise_reader_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, ValiseReader, child)

static void
bind_children (GtkWidgetClass *widget_class)
{
  BIND (header);
  BIND (back);
  BIND (squeezer);
  BIND (languages);
  BIND (narrow_languages);
  BIND (title);
  BIND (menu);
  BIND (find_button);
  BIND (side_by_side);
  BIND (language_button);
  BIND (language_popover);
  BIND (bar);
  BIND (find_bar);
  BIND (stack);
  BIND (absent);
  BIND (fetch);
  BIND (absent_originals);
  BIND (page);
  BIND (foot);
  BIND (position);
  BIND (note_popover);
  BIND (note);
}

static void
valise_reader_class_init (ValiseReaderClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = valise_reader_dispose;
  object_class->finalize = valise_reader_finalize;
  signals[LINK] = g_signal_new ("link", VALISE_TYPE_READER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[TOLD] = g_signal_new ("told", VALISE_TYPE_READER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);

  signals[TURNED] = g_signal_new ("turned", VALISE_TYPE_READER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);

  g_type_ensure (VALISE_TYPE_BAR);
  g_type_ensure (VALISE_TYPE_FIND_BAR);
  g_type_ensure (VALISE_TYPE_LANGUAGE_BAR);
  g_type_ensure (VALISE_TYPE_ORIGINALS);
  g_type_ensure (VALISE_TYPE_PAGE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-reader.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback_full (widget_class, "fetch_offered",
                                                G_CALLBACK (valise_reader_fetch_offered));
  gtk_widget_class_bind_template_callback_full (widget_class, "picked_cb",
                                                G_CALLBACK (valise_reader_pick));
  gtk_widget_class_bind_template_callback (widget_class, squeezed_cb);
  valise_reader_install_languages (widget_class);
  valise_reader_install_actions (widget_class);
}

static void
valise_reader_init (ValiseReader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->masthead = valise_masthead_new ();
  self->tail = valise_page_tail_new ();
  valise_page_view_set_ends (self->page, self->masthead, self->tail);
  valise_find_bar_set_page (self->find_bar, self->page);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), FALSE);

  g_signal_connect_object (self->page, "link-activated", G_CALLBACK (valise_reader_follow), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tail, "link-activated", G_CALLBACK (valise_reader_follow), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "chosen-changed", G_CALLBACK (say_position), self,
                           G_CONNECT_SWAPPED);
  valise_reader_clear (self);
}

/* Whose files the originals are. */
static void
show_originals_of (ValiseReader *self, ValiseContext *context)
{
  valise_originals_set_context (self->absent_originals, context);
  valise_page_tail_set_context (VALISE_PAGE_TAIL (self->tail), context);
}

void
valise_reader_set_context (ValiseReader *self, ValiseContext *context, GSettings *settings)
{
  g_return_if_fail (VALISE_IS_READER (self));

  g_cancellable_cancel (self->fetching);
  g_clear_object (&self->fetching);
  if (self->spread != NULL)
    {
      valise_spread_close (self->spread);
      g_signal_handlers_disconnect_by_data (self->spread, self);
    }
  g_clear_object (&self->spread);
  g_set_object (&self->context, context);
  g_set_object (&self->settings, settings);
  if (self->absent_originals != NULL)
    show_originals_of (self, context);
  if (context == NULL)
    return;

  self->fetching = g_cancellable_new ();
  self->spread = valise_spread_new (valise_context_get_library (context));
  g_signal_connect_swapped (self->spread, "shown", G_CALLBACK (shown_cb), self);
  g_signal_connect_swapped (self->spread, "absent", G_CALLBACK (absent_cb), self);
  g_signal_connect_swapped (self->spread, "updated", G_CALLBACK (show_header), self);
  g_signal_connect_swapped (self->spread, "failed", G_CALLBACK (valise_reader_say_error), self);
  valise_reader_clear (self);
}

void
valise_reader_open (ValiseReader *self, const char *symbol, const char *language, const char *key)
{
  g_autofree char *own = NULL;
  char            *copy = g_strdup (key);

  g_return_if_fail (self->spread != NULL);

  g_free (self->key);
  self->key = copy;
  own = dup_own_language (self);
  valise_spread_open (self->spread, symbol, language != NULL ? language : own);
}

void
valise_reader_clear (ValiseReader *self)
{
  if (self->spread != NULL)
    valise_spread_close (self->spread);
  gtk_stack_set_visible_child_name (self->stack, "none");
  valise_bar_say (self->bar, NULL, NULL, NULL, FALSE);
  valise_reader_offer (self, NULL);
  show_header (self);
  gtk_widget_set_visible (self->foot, FALSE);
}

void
valise_reader_set_can_go_back (ValiseReader *self, gboolean can_go_back)
{
  gtk_widget_set_visible (self->back, can_go_back);
}

void
valise_reader_set_zoom (ValiseReader *self, int percent)
{
  valise_page_view_set_measure (self->page, VALISE_PAGE_MEASURE_AT (percent));
}

const char *
valise_reader_get_symbol (ValiseReader *self)
{
  return self->spread != NULL ? valise_spread_get_symbol (self->spread) : NULL;
}

ValiseText *
valise_reader_get_text (ValiseReader *self)
{
  return self->spread != NULL ? valise_spread_get_text (self->spread) : NULL;
}

ValiseText *
valise_reader_get_other (ValiseReader *self)
{
  return self->spread != NULL ? valise_spread_get_other (self->spread) : NULL;
}

ValisePageView *
valise_reader_get_page (ValiseReader *self)
{
  return self->page;
}

ValiseFindBar *
valise_reader_get_find_bar (ValiseReader *self)
{
  return self->find_bar;
}

const char *
valise_reader_get_sentence (ValiseReader *self)
{
  return valise_bar_get_sentence (self->bar);
}

const char *
valise_reader_get_state (ValiseReader *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}
