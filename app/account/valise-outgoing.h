/* valise-outgoing.h - what was written here and is not acknowledged yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer; blocks.
 */

#pragma once

#include "valise-account.h"
#include "valise-replicator.h"
#include "valise-wanted.h"

G_BEGIN_DECLS

/* @name: "DATABASE/ID". Lent for the call. */
typedef void (*ValiseOutgoingFunc) (const char *name,
                                    gint64      size,
                                    gboolean    held,
                                    gpointer    user_data);

/* Calls @func for each document of a database that this account may write to which was written
 * since the server last acknowledged, in the order in which they were written; returns how
 * many. What cannot be read is left out. @func: (nullable). */
guint64 valise_outgoing_list (ValiseAccount     *account,
                              ValiseWanted      *wanted,
                              ValiseOutgoingFunc func,
                              gpointer           user_data);

/* Makes @replicator, outwards from @database, leave out what the user holds, and the documents of
 * files, which go later with their bytes. */
void valise_outgoing_keep_held (ValiseReplicator *replicator,
                                ValiseWanted     *wanted,
                                const char       *database);

G_END_DECLS
