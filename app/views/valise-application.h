/* valise-application.h - the application: accounts, invitations, the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *     valise [--data DIR] [--version] [--pictures FOLDER] [INVITATION]
 *
 * One instance a data folder: a second start raises the window of the first.
 */

#pragma once

#include <adwaita.h>

#include "valise-host.h"
#include "valise-window.h"

G_BEGIN_DECLS

#define VALISE_TYPE_APPLICATION (valise_application_get_type ())

G_DECLARE_FINAL_TYPE (ValiseApplication, valise_application, VALISE, APPLICATION, AdwApplication)

/* @flags: beyond those it needs; %G_APPLICATION_NON_UNIQUE for tests. */
ValiseApplication *valise_application_new (GApplicationFlags flags) G_GNUC_WARN_UNUSED_RESULT;

/* Before it is registered. */
void valise_application_set_data_dir (ValiseApplication *self, const char *data_dir);

/* What serves colleagues on the local network; without one, nobody is served. @kind: static. Before
 * there is a window. */
void valise_application_set_host (ValiseApplication *self, const ValiseHostKind *kind);

/* The window, made where there is none, showing nothing yet. */
ValiseWindow *valise_application_get_window (ValiseApplication *self);
GSettings    *valise_application_get_settings (ValiseApplication *self);

G_END_DECLS
