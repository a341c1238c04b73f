/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-reader"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "valise-bar.h"
#include "valise-format.h"
#include "valise-language-bar.h"
#include "valise-language.h"
#include "valise-markup.h"
#include "valise-masthead.h"
#include "valise-notice.h"
#include "valise-originals.h"
#include "valise-page-row.h"
#include "valise-page-tail.h"
#include "valise-quote.h"
#include "valise-reader.h"
#include "valise-sentences.h"
#include "valise-spread.h"

#define NARROW_RETURN 420 /* px the header's middle must have before the languages come back */

/**
 * ValiseReader:
 *
 * Shows the spread that lies open: which paper, in which language, beside which. Where the
 * language wished for is not on this laptop, the nearest is shown and the bar says so.
 */
struct _ValiseReader
{
  GtkBox parent_instance;

  ValiseContext *context;
  ValiseSpread  *spread; /* NULL without a context */
  GSettings     *settings;
  GCancellable  *fetching;

  guint settle_id; /* source that settles the header after a change of width */
  char *key;       /* paragraph to go to once the words are there */
  char *to_fetch;  /* language the bar or the empty page offers, or NULL */

  GtkWidget *masthead;
  GtkWidget *tail;

  /* Template */
  GtkWidget         *header;
  GtkWidget         *back;
  AdwSqueezer       *squeezer;
  ValiseLanguageBar *languages;
  ValiseLanguageBar *narrow_languages;
  AdwWindowTitle    *title;
  GtkWidget         *menu;
  GtkWidget         *find_button;
  GtkToggleButton   *side_by_side;
  GtkWidget         *language_button;
  GtkPopover        *language_popover;
  ValiseBar         *bar;
  ValiseFindBar     *find_bar;
  GtkStack          *stack;
  AdwStatusPage     *absent;
  GtkButton         *fetch;
  ValiseOriginals   *absent_originals;
  ValisePageView    *page;
  GtkWidget         *foot;
  GtkLabel          *position;
  GtkPopover        *note_popover;
  GtkLabel          *note;
};

G_DEFINE_FINAL_TYPE (ValiseReader, valise_reader, GTK_TYPE_BOX)

enum
{
  LINK,
  TOLD,
  TURNED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_open (ValiseReader *self)
{
  return self->spread != NULL && valise_spread_get_paper (self->spread) != NULL;
}

/* The language papers open in. */
static char *
dup_own_language (ValiseReader *self)
{
  g_autofree char *kept = g_settings_get_string (self->settings, "reading-language");

  return g_strdup (*kept != '\0' ? kept : valise_format_interface_language ());
}

/* --- what is said about it ------------------------------------------------------------------ */

static void
offer_fetching (ValiseReader *self, const char *language)
{
  char *copy = g_strdup (language);

  g_free (self->to_fetch);
  self->to_fetch = copy;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "reader.fetch", language != NULL);
}

static void
say_fallback (ValiseReader *self)
{
  ValiseVersion   *version = NULL;
  g_autofree char *sentence = valise_notice_fallback (self->spread, &version);

  offer_fetching (self, version != NULL ? valise_version_get_language (version) : NULL);
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
  g_autofree char *label = NULL;

  adw_status_page_set_description (self->absent, sentence);
  valise_originals_show (self->absent_originals, valise_spread_get_paper (self->spread));
  gtk_widget_set_visible (GTK_WIDGET (self->fetch), version != NULL);
  if (version == NULL)
    return;
  offer_fetching (self, valise_version_get_language (version));
  /* Translators: verb; %s is a language: "Fetch French". */
  label = g_strdup_printf (_ ("Fetch %s"),
                           valise_format_language (valise_version_get_language (version)));
  gtk_button_set_label (self->fetch, label);
}

static void
say_position (ValiseReader *self)
{
  g_autofree char *position =
      self->spread != NULL ? valise_notice_position (self->spread, self->page) : g_strdup ("");

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "reader.quote",
                                 valise_page_view_get_chosen (self->page) >= 0);
  gtk_label_set_text (self->position, position);
}

static void
show_error (ValiseReader *self, const GError *error)
{
  g_autofree char *sentence = valise_sentence_for_error (error);

  g_debug ("%s", error->message);
  valise_bar_say (self->bar, "dialog-warning-symbolic", sentence, NULL, TRUE);
}

/* --- showing ---------------------------------------------------------------------------------- */

static void
show_title (ValiseReader *self)
{
  const char      *symbol = valise_reader_get_symbol (self);
  g_autofree char *subtitle = is_open (self) ? valise_notice_subtitle (self->spread) : NULL;

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
  gboolean open = is_open (self);

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
  gboolean    open = is_open (self);
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

/* --- fetching a language
 * -------------------------------------------------------------------------- */

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseReader) self = user_data;
  g_autoptr (GError)       error = NULL;
  gboolean fetched = valise_scheduler_fetch_finish (VALISE_SCHEDULER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!fetched)
    {
      show_error (self, error);
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "reader.fetch", self->to_fetch != NULL);
      return;
    }
  if (self->to_fetch != NULL && is_open (self))
    valise_spread_turn_to_fetched (self->spread, self->to_fetch);
}

static void
fetch_language (ValiseReader *self, const char *language)
{
  ValiseVersion   *version = valise_spread_find_version (self->spread, language);
  const char      *ids[] = { NULL, NULL };
  g_autofree char *sentence = NULL;

  if (version == NULL)
    return;

  offer_fetching (self, language);
  ids[0] = valise_version_get_id (version);
  /* Translators: a language being fetched: "French on its way". */
  sentence = g_strdup_printf (_ ("%s on its way"), valise_format_language (language));
  valise_bar_say (self->bar, "valise-arriving-symbolic", sentence, NULL, FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "reader.fetch", FALSE);
  valise_scheduler_fetch_async (valise_context_get_scheduler (self->context),
                                valise_version_get_database (version), ids, self->fetching,
                                fetched_cb, g_object_ref (self));
}

static void
fetch_offered (ValiseReader *self)
{
  g_autofree char *language = g_strdup (self->to_fetch);

  if (language != NULL && is_open (self))
    fetch_language (self, language);
}

static void
fetch_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  fetch_offered (VALISE_READER (widget));
}

/* --- languages
 * ------------------------------------------------------------------------------------ */

/* Ctrl on the language beside takes it away again. */
static void
turn_beside (ValiseReader *self, const char *language)
{
  ValiseText *other = valise_spread_get_other (self->spread);
  gboolean    off = other != NULL && strcmp (valise_text_get_language (other), language) == 0;

  valise_spread_turn (self->spread, valise_spread_get_wanted (self->spread), off ? NULL : language);
}

static void
turn_to (ValiseReader *self, const char *language)
{
  ValiseText *other = valise_spread_get_other (self->spread);

  g_settings_set_string (self->settings, "reading-language", language);
  valise_spread_turn (self->spread, language,
                      other != NULL ? valise_text_get_language (other) : NULL);
}

static void
picked_cb (ValiseReader *self, ValiseVersion *version, gboolean beside)
{
  g_autofree char *language = g_strdup (valise_version_get_language (version));
  gboolean         here = valise_version_get_here (version);

  gtk_popover_popdown (self->language_popover);
  if (!is_open (self))
    return;
  if (!here)
    fetch_language (self, language);
  else if (beside && valise_spread_get_text (self->spread) != NULL)
    turn_beside (self, language);
  else
    turn_to (self, language);
}

static void
side_by_side_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseReader *self = VALISE_READER (widget);
  const char   *beside = NULL;

  if (valise_reader_get_text (self) == NULL || !is_open (self))
    return;

  if (valise_reader_get_other (self) == NULL)
    {
      beside = valise_spread_suggest_beside (self->spread, valise_format_interface_language ());
      if (beside == NULL)
        g_signal_emit (self, signals[TOLD], 0, _ ("This paper is here in one language only"));
    }
  valise_spread_turn (self->spread, valise_text_get_language (valise_reader_get_text (self)),
                      beside);
}

static void
language_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseReader *self = VALISE_READER (widget);

  if (gtk_widget_get_visible (self->language_button))
    gtk_menu_button_popup (GTK_MENU_BUTTON (self->language_button));
  else
    gtk_widget_child_focus (GTK_WIDGET (self->languages), GTK_DIR_TAB_FORWARD);
}

/* --- other actions
 * ---------------------------------------------------------------------------------- */

static void
find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseReader *self = VALISE_READER (widget);

  if (valise_reader_get_text (self) == NULL)
    return;
  if (strcmp (name, "reader.find") == 0)
    valise_find_bar_open (self->find_bar);
  else
    valise_find_bar_step (self->find_bar, strcmp (name, "reader.find-next") == 0 ? 1 : -1);
}

static void
quote_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseReader    *self = VALISE_READER (widget);
  ValiseText      *text = valise_reader_get_text (self);
  ValiseText      *beside = valise_reader_get_other (self);
  int              chosen = valise_page_view_get_chosen (self->page);
  int              line = valise_page_view_get_line (self->page, chosen, FALSE);
  int              other = valise_page_view_get_line (self->page, chosen, TRUE);
  g_autofree char *words = valise_page_view_dup_selection (self->page);
  g_autofree char *both = valise_quote_both (text, line, beside, other, words);

  if (both == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), both);
  g_signal_emit (self, signals[TOLD], 0, _ ("Quoted with its reference"));
}

static void
seal_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  valise_masthead_show_seal (VALISE_MASTHEAD (VALISE_READER (widget)->masthead));
}

static void
mark_unread_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ValiseReader *self = VALISE_READER (widget);

  if (!is_open (self))
    return;
  valise_library_mark_read (valise_context_get_library (self->context),
                            valise_spread_get_symbol (self->spread), FALSE);
  g_signal_emit (self, signals[TOLD], 0, _ ("Marked unread"));
}

static void
show_note (ValiseReader *self, const char *number)
{
  g_autofree char *note = valise_notice_note (valise_reader_get_text (self), number);

  if (note == NULL)
    return;
  gtk_label_set_text (self->note, note);
  gtk_popover_popup (self->note_popover);
}

static void
link_cb (ValiseReader *self, const char *uri)
{
  if (g_str_has_prefix (uri, VALISE_LINK_NOTE))
    show_note (self, uri + strlen (VALISE_LINK_NOTE));
  else if (g_str_has_prefix (uri, VALISE_LINK_PAPER))
    g_signal_emit (self, signals[LINK], 0, uri + strlen (VALISE_LINK_PAPER));
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

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char                 *name;
    GtkWidgetActionActivateFunc func;
  } actions[] = {
    { "reader.find", find_action },          { "reader.find-next", find_action },
    { "reader.find-previous", find_action }, { "reader.quote", quote_action },
    { "reader.language", language_action },  { "reader.side-by-side", side_by_side_action },
    { "reader.seal", seal_action },          { "reader.mark-unread", mark_unread_action },
    { "reader.fetch", fetch_action },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].func);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, ValiseReader, child)

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
  gtk_widget_class_bind_template_callback (widget_class, fetch_offered);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, squeezed_cb);
  install_actions (widget_class);
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

  g_signal_connect_object (self->page, "link-activated", G_CALLBACK (link_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tail, "link-activated", G_CALLBACK (link_cb), self,
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
  g_signal_connect_swapped (self->spread, "failed", G_CALLBACK (show_error), self);
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
  offer_fetching (self, NULL);
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
