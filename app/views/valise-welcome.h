/* valise-welcome.h - the first run: an invitation, or a look around
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-context.h"

G_BEGIN_DECLS

#define VALISE_TYPE_WELCOME (valise_welcome_get_type ())

/* Signals: "joined" (context: ValiseContext); "left": Back, from an invitation opened beside an
 * account one has. */
G_DECLARE_FINAL_TYPE (ValiseWelcome, valise_welcome, VALISE, WELCOME, GtkBox)

/* Where accounts are kept. */
void valise_welcome_set_data_dir (ValiseWelcome *self, const char *data_dir);

/* Whether an account is open behind it, to go back to. */
void valise_welcome_set_can_leave (ValiseWelcome *self, gboolean can_leave);

/* Reads the invitation @file and shows who invites; or says why not. */
void valise_welcome_open (ValiseWelcome *self, GFile *file);
/* Joins by the invitation shown; makes and opens the sample programme. */
void valise_welcome_join (ValiseWelcome *self);
void valise_welcome_look_around (ValiseWelcome *self);

/* The sentence above the page, or NULL; "welcome" or "invitation". */
const char *valise_welcome_get_sentence (ValiseWelcome *self);
const char *valise_welcome_get_page (ValiseWelcome *self);
void        valise_welcome_say (ValiseWelcome *self, const GError *error);

G_END_DECLS
