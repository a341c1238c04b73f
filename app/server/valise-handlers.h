/* valise-handlers.h - every handler, by group; the table that names them is valise-routes.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each is a #ValiseHandler: on a worker, blocks, and leaves an answer. What they take and
 * answer is CouchDB's, endpoint by endpoint (docs.couchdb.org, API reference), except for
 * what begins with `_valise`.
 */

#pragma once

#include "valise-service.h"

G_BEGIN_DECLS

#define VALISE_HANDLER(name)                                                                       \
  void valise_handle_##name (ValiseService *service, const ValiseRequest *request,                 \
                             ValiseAnswer *answer)

/* valise-server-handlers.c */
VALISE_HANDLER (welcome);
VALISE_HANDLER (up);
VALISE_HANDLER (all_dbs);

/* valise-neighbour-handlers.c */
VALISE_HANDLER (pair);

/* valise-session-handlers.c */
VALISE_HANDLER (get_session);
VALISE_HANDLER (post_session);
VALISE_HANDLER (delete_session);

/* valise-database-handlers.c */
VALISE_HANDLER (create_database);
VALISE_HANDLER (delete_database);
VALISE_HANDLER (get_database);
VALISE_HANDLER (get_security);
VALISE_HANDLER (put_security);
VALISE_HANDLER (ensure_full_commit);
VALISE_HANDLER (compact);
VALISE_HANDLER (get_revs_limit);

/* valise-list-handlers.c */
VALISE_HANDLER (all_docs);

/* valise-changes-handlers.c */
VALISE_HANDLER (changes);

/* valise-bulk-handlers.c */
VALISE_HANDLER (revs_diff);
VALISE_HANDLER (missing_revs);
VALISE_HANDLER (bulk_get);
VALISE_HANDLER (bulk_docs);

/* valise-document-handlers.c */
VALISE_HANDLER (get_document);
VALISE_HANDLER (put_document);
VALISE_HANDLER (post_document);
VALISE_HANDLER (delete_document);

/* valise-local-handlers.c */
VALISE_HANDLER (get_local);
VALISE_HANDLER (put_local);
VALISE_HANDLER (delete_local);

/* Under which a `_local` document of @person's is kept: "ACCOUNT/ID". */
char *valise_local_dup_key (const ValisePerson *person, const char *id);

/* valise-attachment-handlers.c */
VALISE_HANDLER (get_attachment);
VALISE_HANDLER (put_attachment);
VALISE_HANDLER (delete_attachment);

/* valise-file-handlers.c */
VALISE_HANDLER (get_upload);
VALISE_HANDLER (put_upload);

/* valise-stream-handlers.c */
VALISE_HANDLER (stream);

/* valise-extension-handlers.c */
VALISE_HANDLER (join);
VALISE_HANDLER (account);

/* "databases":[…]: those of @person in the order of syncing, and what may be done there. */
void valise_account_append_databases (GString            *out,
                                      ValiseProfile      *profile,
                                      const ValisePerson *person);

/* valise-poll-handlers.c */
VALISE_HANDLER (poll);

G_END_DECLS
