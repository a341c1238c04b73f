/* valise-salvage-rows.h - the documents of a damaged file, row by row
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For valise-salvage.c.
 */

#pragma once

#include "valise-database.h"

G_BEGIN_DECLS

/* Merges into @target what can be read of the file at @path. @rows: (out): documents;
 * @doubtful: (out): leaves without proof. A file that cannot be read at all is no failure;
 * fails where @target cannot be written. */
gboolean valise_salvage_rows (const char     *path,
                              ValiseDatabase *target,
                              guint          *rows,
                              guint          *doubtful,
                              GError        **error);

G_END_DECLS
