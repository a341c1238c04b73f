/* valise-folder.h - folders of files, for those who copy and move them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any thread; blocks. They fail with any #GIOError.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* FALSE with @error set stops. @name: below the folder walked, with "/". */
typedef gboolean (*ValiseFolderFunc) (const char *name,
                                      const char *path,
                                      gpointer    user_data,
                                      GError    **error);

/* Regular files below @folder, in the order of their names, at most three levels deep; links,
 * sockets and names that an archive cannot hold are passed over. */
gboolean valise_folder_walk (const char      *folder,
                             ValiseFolderFunc func,
                             gpointer         user_data,
                             GError         **error);

void     valise_folder_remove (const char *folder); /* as far as it can */
gboolean valise_folder_copy_file (const char *from, const char *to, GError **error);
gboolean valise_folder_flush (const char *folder, GError **error);
/* The folder that @path is in, so that a name lasts. `errno` says why it failed. */
gboolean valise_folder_flush_parent (const char *path, GError **error);

/* Moves @fresh to @folder; what was there, if anything, to @aside. In one step where the
 * system can. */
gboolean valise_folder_replace (const char *folder,
                                const char *fresh,
                                const char *aside,
                                GError    **error);

G_END_DECLS
