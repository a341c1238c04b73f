/* valise-window.h - places, a list, a page
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-context.h"
#include "valise-papers.h"
#include "valise-pdf-page.h"
#include "valise-places.h"
#include "valise-reader.h"
#include "valise-search-page.h"
#include "valise-welcome.h"

G_BEGIN_DECLS

#define VALISE_TYPE_WINDOW (valise_window_get_type ())

/* Signal "opens" (a context): before its record is shown. */
G_DECLARE_FINAL_TYPE (ValiseWindow, valise_window, VALISE, WINDOW, AdwApplicationWindow)

/* @settings: of org.valise.Valise; @data_dir: where accounts are kept. */
ValiseWindow *valise_window_new (GtkApplication *application,
                                 GSettings      *settings,
                                 const char     *data_dir);

/* Shows the record of @context, or with NULL the first run. */
void           valise_window_set_context (ValiseWindow *self, ValiseContext *context);
ValiseContext *valise_window_get_context (ValiseWindow *self);

/* Shows who invites by @file. */
void valise_window_open_invitation (ValiseWindow *self, GFile *file);
/* Takes a bundle into the record that is open; what is none is taken for an invitation. */
void valise_window_open_file (ValiseWindow *self, GFile *file);
/* Opens the window in which a bundle is written. */
void valise_window_write_bundle (ValiseWindow *self);
/* Asks where to, and saves the list of what is on this laptop there; or to @file at once. */
void valise_window_write_request (ValiseWindow *self);
void valise_window_save_request (ValiseWindow *self, GFile *file);
/* Says a sentence at the foot, and takes it away again. */
void valise_window_tell (ValiseWindow *self, const char *sentence);
/* Shows the first run with what went wrong. */
void valise_window_say (ValiseWindow *self, const GError *error);

/* "today", "meetings", "papers", "search", "sync", "original"; remembers where one was, for Back.
 */
void        valise_window_go (ValiseWindow *self, const char *place);
const char *valise_window_get_place (ValiseWindow *self);
void        valise_window_open_paper (ValiseWindow *self,
                                      const char   *symbol,
                                      const char   *language,
                                      const char   *key);

ValisePapers     *valise_window_get_papers (ValiseWindow *self);
ValiseReader     *valise_window_get_reader (ValiseWindow *self);
ValiseSearchPage *valise_window_get_search (ValiseWindow *self);
ValisePlaces     *valise_window_get_places (ValiseWindow *self);
ValiseWelcome    *valise_window_get_welcome (ValiseWindow *self);
ValisePdfPage    *valise_window_get_original (ValiseWindow *self);

G_END_DECLS
