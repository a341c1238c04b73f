/* valise-reader-parts.h - what the reader's files share; nobody else's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-bar.h"
#include "valise-language-bar.h"
#include "valise-originals.h"
#include "valise-reader.h"
#include "valise-spread.h"

G_BEGIN_DECLS

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

/* Whether a paper is on the page. */
gboolean valise_reader_is_open (ValiseReader *self);

/* Says in the bar what failed. */
void valise_reader_say_error (ValiseReader *self, const GError *error);

/* Tells the window, for a toast. */
void valise_reader_tell (ValiseReader *self, const char *sentence);

/* --- valise-reader-languages.c ---------------------------------------------------------------- */

/* reader.fetch, .side-by-side, .language */
void valise_reader_install_languages (GtkWidgetClass *widget_class);

/* Which language the bar and the empty page offer to fetch; NULL: none. */
void valise_reader_offer (ValiseReader *self, const char *language);
void valise_reader_fetch_offered (ValiseReader *self);

/* A language was picked, to read or to stand @beside. */
void valise_reader_pick (ValiseReader *self, ValiseVersion *version, gboolean beside);

/* --- valise-reader-actions.c ------------------------------------------------------------------ */

/* reader.find and its steps, .quote, .seal, .mark-unread */
void valise_reader_install_actions (GtkWidgetClass *widget_class);

/* A link on the page: a note's or a paper's. */
void valise_reader_follow (ValiseReader *self, const char *uri);

G_END_DECLS
