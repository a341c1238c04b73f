/* valise-journal.h - edits made here that nobody else has acknowledged yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file beside a database and apart from SQLite, `journal/NAME.edits`: each edit is appended
 * and flushed to the disk before its transaction commits, so that a database lost whole can
 * be had again from a backup or from the server, and then from here. An edit goes once the
 * account's server has acknowledged it, or once a backup that was verified holds it.
 *
 * The file is "Valise edits 1\n" and then frames: "VLJ1", the payload's length (32 bits, little
 * endian), the first 16 bytes of the payload's SHA-256, and the payload: a GVariant
 * (sxssbasmsay), little endian: epoch of the database's file, sequence there, id, revision,
 * deleted, ancestors, attachments, body. A torn end is cut off; a damaged frame is passed over.
 */

#pragma once

#include "valise-db.h"
#include "valise-document.h"

G_BEGIN_DECLS

typedef struct _ValiseJournal ValiseJournal;

/* Makes the file and its folder (modes 0600, 0700) where they are missing. Everything here
 * fails with %VALISE_DB_ERROR_FULL, %VALISE_DB_ERROR_READ_ONLY or %VALISE_DB_ERROR_ENGINE. */
ValiseJournal *valise_journal_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void           valise_journal_free (ValiseJournal *self);

/* Appends @edits (element-type ValiseDocument, with seq) of the database file @epoch in one
 * write, and returns once the disk has them. @mark: (out): for valise_journal_undo(). Where it
 * fails the file is as it was. */
gboolean valise_journal_append (ValiseJournal *self,
                                const char    *epoch,
                                GPtrArray     *edits,
                                gint64        *mark,
                                GError       **error);

/* Takes back the last append: its transaction failed after it. */
void valise_journal_undo (ValiseJournal *self, gint64 mark);

/* FALSE stops. @document has seq. */
typedef gboolean (*ValiseJournalFunc) (const char           *epoch,
                                       const ValiseDocument *document,
                                       gpointer              user_data);

/* Gives all edits kept, oldest first; @func calls nothing of the journal. @damaged: (out)
 * (optional): how many places could not be read. */
gboolean valise_journal_read (ValiseJournal    *self,
                              ValiseJournalFunc func,
                              gpointer          user_data,
                              guint            *damaged,
                              GError          **error);

/* Drops the edits of @epoch up to @seq, but for those that @keep (nullable) wants; and, where
 * @others, those of every other epoch. Writes only where that frees the whole file, or 16 KiB. */
gboolean valise_journal_trim (ValiseJournal    *self,
                              const char       *epoch,
                              gint64            seq,
                              gboolean          others,
                              ValiseJournalFunc keep,
                              gpointer          user_data,
                              GError          **error);

/* Says of all edits kept that the database file @epoch has them, up to @seq: a replay put them
 * there. */
gboolean valise_journal_rebase (ValiseJournal *self, const char *epoch, gint64 seq, GError **error);

/* How many bytes of edits are kept. */
gint64 valise_journal_get_size (ValiseJournal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseJournal, valise_journal_free)

G_END_DECLS
