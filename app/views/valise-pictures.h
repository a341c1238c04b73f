/* valise-pictures.h - a journey through the window, saved as pictures
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For a machine without a screen, and for whoever documents or reviews the window.
 */

#pragma once

#include "valise-window.h"

G_BEGIN_DECLS

/* Walks through @window, saves FOLDER/NN-NAME.png for each page, then closes the window. The
 * folder is made where it is missing; a picture that cannot be saved is told on stderr. */
void valise_pictures_take (ValiseWindow *window, GSettings *settings, const char *folder);

/* Saves what @window shows now to @path. Fails with any %G_FILE_ERROR. */
gboolean valise_pictures_save (GtkWidget *window, const char *path, GError **error);

G_END_DECLS
