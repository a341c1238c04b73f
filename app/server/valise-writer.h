/* valise-writer.h - the writes of one request: judged one by one, durable together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Holds the database's writer from the first write to the commit, so what was judged against
 * is what stands. One thread.
 */

#pragma once

#include "valise-service.h"

G_BEGIN_DECLS

typedef struct _ValiseWriter ValiseWriter;

ValiseWriter *valise_writer_new (ValiseService       *service,
                                 const ValiseRequest *request,
                                 ValiseDatabase      *database) G_GNUC_WARN_UNUSED_RESULT;
/* Without a commit before, nothing was written. */
void valise_writer_free (ValiseWriter *self);

/* A revision made elsewhere (new_edits=false). A refusal leaves the writer usable: any of
 * #ValiseGateError, #ValiseDatabaseError, %VALISE_HTTP_ERROR. */
gboolean valise_writer_merge (ValiseWriter *self, const ValiseDocument *document, GError **error);

/* An edit made here: @document's rev is the leaf it replaces, or NULL. The same failures, and
 * CONFLICT. Returns: (transfer full): the new revision */
char *valise_writer_edit (ValiseWriter         *self,
                          const ValiseDocument *document,
                          GError              **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same where @document's attachments are stubs of files that are kept already. */
char *valise_writer_edit_settled (ValiseWriter         *self,
                                  const ValiseDocument *document,
                                  GError              **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean valise_writer_commit (ValiseWriter *self, GError **error);

/* After the commit: whether the sequences after @from, up to @to, are those of what was written,
 * and of nothing else. */
gboolean valise_writer_get_span (ValiseWriter *self, gint64 *from, gint64 *to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseWriter, valise_writer_free)

G_END_DECLS
