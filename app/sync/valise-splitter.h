/* valise-splitter.h - takes a long JSON answer apart while it arrives
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An answer of the protocol is an object with one long array ("results" of a feed or of
 * `_bulk_get`). Each element is handed over as soon as its last byte came, so the answer is
 * never held whole, and a cut keeps what came before it. Structure alone is judged here;
 * what is within an element is for valise_json_scan().
 */

#pragma once

#include "valise-json.h"

G_BEGIN_DECLS

/* One element of the array, its text lent; FALSE, with @error set, ends the splitting. */
typedef gboolean (*ValiseSplitterFunc) (const char *text,
                                        gsize       length,
                                        gpointer    user_data,
                                        GError    **error);

typedef struct _ValiseSplitter ValiseSplitter; /* one thread */

/* @member: the name of the array in the outermost object, or NULL: the outermost value is the
 * array. @max_element: bytes that one element may have; untrusted input. */
ValiseSplitter *valise_splitter_new (const char        *member,
                                     gsize              max_element,
                                     ValiseSplitterFunc func,
                                     gpointer           user_data);

/* Takes the next @length bytes. Fails with %VALISE_JSON_ERROR_SYNTAX, %VALISE_JSON_ERROR_SIZE,
 * or what the function said. */
gboolean valise_splitter_feed (ValiseSplitter *self,
                               const char     *data,
                               gsize           length,
                               GError        **error);

/* Whether the outermost value has ended. */
gboolean valise_splitter_is_complete (ValiseSplitter *self);

/* The answer with the array emptied, after its end. Fails with any #ValiseJsonError. */
ValiseJson *valise_splitter_finish (ValiseSplitter *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void valise_splitter_free (ValiseSplitter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseSplitter, valise_splitter_free)

G_END_DECLS
