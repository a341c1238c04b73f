/* valise-quarantine.h - what was refused, so that it is not forgotten nor asked for each time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A checkpoint goes past a refused document; this list, a `_local` document of the store, is
 * what remembers it. For the files of this layer; any thread.
 */

#pragma once

#include "valise-peer.h"

G_BEGIN_DECLS

typedef struct _ValiseQuarantine ValiseQuarantine;

/* Reads the list @id of @peer, a store; an absent or damaged one is empty. Fails as
 * valise_peer_get_local(). */
ValiseQuarantine *valise_quarantine_load (ValisePeer   *peer,
                                          const char   *id,
                                          GCancellable *cancellable,
                                          GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* Keeps at most the 500 newest. */
void valise_quarantine_add (ValiseQuarantine *self,
                            const char       *id,
                            const char       *rev,
                            const char       *code,
                            const char       *reason);
void valise_quarantine_remove (ValiseQuarantine *self, const char *id, const char *rev);

/* Whether it is listed, with whatever code. */
gboolean valise_quarantine_contains (ValiseQuarantine *self, const char *id, const char *rev);

/* Those listed with @code (NULL: with any), as wants; they stay listed. */
GPtrArray *valise_quarantine_get_wants (ValiseQuarantine *self, const char *code);

/* Writes the list where it changed since it was read or written. */
gboolean valise_quarantine_save (ValiseQuarantine *self, GError **error);

void valise_quarantine_free (ValiseQuarantine *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseQuarantine, valise_quarantine_free)

G_END_DECLS
