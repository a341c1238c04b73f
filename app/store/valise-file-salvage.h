/* valise-file-salvage.h - files again, from what can still be read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For valise-salvage.c, whose ladder it climbs for files.sqlite: a file whose bytes make its
 * digest stays, one that was half here stays as far as it can be read, and any other that was
 * whole is put into the queue again. What nobody else has yet comes from the journal's folder
 * (valise-file-spare.h).
 */

#pragma once

#include "valise-file-store.h"
#include "valise-salvage.h"

G_BEGIN_DECLS

/* Fills @target, which may have files already, from the file at @damaged. In @report: documents,
 * the files that are whole; rows, those of them read from the damaged file; doubtful, those to
 * be fetched again; edits, those that only the journal's folder had. A file that cannot be read
 * at all is no failure; fails where @target cannot be written, with any #ValiseDbError. */
gboolean valise_file_salvage (const char          *folder,
                              const char          *damaged,
                              ValiseFileStore     *target,
                              ValiseSalvageReport *report,
                              GError             **error);

G_END_DECLS
