/* valise-bundle-window.h - for whom a bundle is written, and how it is locked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-bundle-form.h"

G_BEGIN_DECLS

#define VALISE_TYPE_BUNDLE_WINDOW (valise_bundle_window_get_type ())

/* Signal "told" (a sentence): what became of it, once it is closed. */
G_DECLARE_FINAL_TYPE (ValiseBundleWindow, valise_bundle_window, VALISE, BUNDLE_WINDOW, AdwWindow)

GtkWidget *valise_bundle_window_new (GtkWindow *parent, ValiseContext *context);

/* Whom it is for, as if chosen in the window. */
void valise_bundle_window_choose (ValiseBundleWindow *self, ValiseCourierRecipient recipient);

/* Offers to write what the laptop that saved @request lacks. */
void valise_bundle_window_answer (ValiseBundleWindow *self, GFile *request);

/* Which documents go. */
ValiseBundleForm *valise_bundle_window_get_form (ValiseBundleWindow *self);

/* Whether what is needed is there, so that it can be written. */
gboolean valise_bundle_window_is_ready (ValiseBundleWindow *self);

/* Writes @path as the window says. */
void valise_bundle_window_write (ValiseBundleWindow *self, const char *path);
/* The same to what a person chose, which may be no place of this laptop: that is then said. */
void valise_bundle_window_write_file (ValiseBundleWindow *self, GFile *file);

G_END_DECLS
