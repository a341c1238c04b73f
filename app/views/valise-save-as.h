/* valise-save-as.h - a file of the record written where its user wants it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-file-queue.h"

G_BEGIN_DECLS

/* A chooser for a new file that is to be called @name, which the record says and may hold
 * anything. "response" tells; (transfer full). */
GtkFileChooserNative *valise_save_as_new_chooser (GtkWindow *parent, const char *name);

/* Reads the file with the digest @sha256, which is here whole, and writes it to @file, over what
 * was there. Main thread; does not block. */
void valise_save_as_async (ValiseFileQueue    *queue,
                           const char         *sha256,
                           GFile              *file,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data);

/* @file: (out) (transfer full): what was written, untouched where it was not. Returns: (transfer
 * full) (nullable): a sentence with a remedy where it was not written; NULL also where it was
 * cancelled. */
char *valise_save_as_finish (GAsyncResult *result, GFile **file);

G_END_DECLS
