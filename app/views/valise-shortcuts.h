/* valise-shortcuts.h - every key of the window, in one table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table feeds the accelerators and the help overlay; a test resolves each entry.
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  const char *action; /* detailed: "win.place::today"; NULL: a key a widget handles itself */
  const char *keys;   /* accelerators, parted by spaces */
  const char *group;  /* translatable */
  const char *title;  /* translatable */
} ValiseShortcut;

/* The entries, in the overlay's order. */
const ValiseShortcut *valise_shortcuts_get (guint *n_entries);

/* Gives @application the accelerators of the table. */
void valise_shortcuts_install (GtkApplication *application);

/* Returns: (transfer none): a window of every entry, not yet shown; GTK owns it, as any window */
GtkWindow *valise_shortcuts_make_overlay (void);

G_END_DECLS
