/* valise-issuer.h - seals documents with rising numbers and writes them together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is added waits until it is committed; whoever asks sees it already. The number last
 * given is kept in `_local/issues` of `public`, in the transaction of the documents there, or
 * before those of another database are written: so a crash can leave a number unused, and
 * never uses one twice. One thread at a time; blocks.
 */

#pragma once

#include "valise-home.h"
#include "valise-key.h"
#include "valise-rules.h"
#include "valise-tree.h"

G_BEGIN_DECLS

typedef struct _ValiseIssuer ValiseIssuer;

/* @key: the issuing key. Fails with any #ValiseDatabaseError or #ValiseDbError. */
ValiseIssuer *valise_issuer_new (ValiseHome    *home,
                                 ValiseProfile *profile,
                                 const char    *programme,
                                 ValiseKey     *key,
                                 GError       **error) G_GNUC_WARN_UNUSED_RESULT;
void          valise_issuer_free (ValiseIssuer *self);

/* The body of @id as it will stand after the commit, without its seal; NULL without @error
 * where there is none. */
JsonObject *valise_issuer_get (ValiseIssuer *self,
                               const char   *database,
                               const char   *id,
                               GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * valise_issuer_add:
 * @body: JSON text of an object without `_` members
 * @key: (nullable): another key than the issuing one: the root's, for `keys`
 * @changed: (out) (optional): whether @body differs from what stands
 *
 * Judges @body as a write of the secretariat, dates it (`issued`), seals it and keeps it for the
 * commit. Where the same stands already, issued whenever, does nothing. Fails with a
 * #ValiseGateError or a #ValiseJsonError; what was added before stays.
 *
 * Returns: (transfer full): the revision that it will have, or has
 */
char *valise_issuer_add (ValiseIssuer *self,
                         const char   *database,
                         const char   *id,
                         const char   *body,
                         ValiseKey    *key,
                         gboolean     *changed,
                         GError      **error);

/* The same of a tree. TRUE or @error. */
gboolean valise_issuer_add_tree (ValiseIssuer *self,
                                 const char   *database,
                                 const char   *id,
                                 JsonObject   *tree,
                                 gboolean     *changed,
                                 GError      **error);

/* The text of `_attachments` for a document that was added; where nobody says, it has those of
 * the revision before. */
void valise_issuer_set_attachments (ValiseIssuer *self,
                                    const char   *database,
                                    const char   *id,
                                    const char   *attachments);

/* Writes what was added: durable when it returns. After a failure nothing is kept. */
gboolean valise_issuer_commit (ValiseIssuer *self, GError **error);

/* Forgets what was added. */
void valise_issuer_drop (ValiseIssuer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseIssuer, valise_issuer_free)

G_END_DECLS
