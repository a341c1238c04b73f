/* valise-preferences.h - the languages fetched, the size of words, light or dark
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-account.h"
#include "valise-scheduler.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PREFERENCES (valise_preferences_get_type ())

G_DECLARE_FINAL_TYPE (ValisePreferences,
                      valise_preferences,
                      VALISE,
                      PREFERENCES,
                      AdwPreferencesWindow)

/* @account: (nullable): without one, no languages are offered. */
GtkWidget *valise_preferences_new (GtkWindow *parent, GSettings *settings, ValiseAccount *account);

/* Adds the page about the connection; @now: shows it first. */
void valise_preferences_add_connection (ValisePreferences *self,
                                        ValiseScheduler   *scheduler,
                                        gboolean           now);

G_END_DECLS
