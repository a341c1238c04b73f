/* valise-window-bundles.c - bundles that a window takes and writes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-window"

#include "config.h"

#include "valise-bundle-intake.h"
#include "valise-bundle-window.h"
#include "valise-window.h"

static void
told_cb (const char *sentence, gpointer user_data)
{
  valise_window_tell (user_data, sentence);
}

void
valise_window_open_file (ValiseWindow *self, GFile *file)
{
  ValiseContext     *context = valise_window_get_context (self);
  g_autoptr (GError) none = NULL;

  g_return_if_fail (VALISE_IS_WINDOW (self) && G_IS_FILE (file));

  if (!valise_bundle_intake_takes (file))
    valise_window_open_invitation (self, file);
  else if (context != NULL)
    valise_bundle_intake_open (GTK_WINDOW (self), context, file, told_cb, self);
  else
    {
      none = g_error_new_literal (VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NONE, "Not joined");
      valise_window_say (self, none);
    }
}

void
valise_window_write_bundle (ValiseWindow *self)
{
  ValiseContext *context = valise_window_get_context (self);
  GtkWidget     *window = NULL;

  g_return_if_fail (VALISE_IS_WINDOW (self));

  if (context == NULL)
    return;
  window = valise_bundle_window_new (GTK_WINDOW (self), valise_context_get_account (context));
  g_signal_connect_object (window, "told", G_CALLBACK (valise_window_tell), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}
