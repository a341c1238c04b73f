/* valise-feed-filter.h - which rows of a changes feed are wanted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `_doc_ids` by id, `_selector` by members that equal a value ({"type": "paper"} or
 * {"type": {"$eq": "paper"}}). One thread at a time.
 */

#pragma once

#include "valise-database.h"
#include "valise-request.h"

G_BEGIN_DECLS

typedef struct _ValiseFeedFilter ValiseFeedFilter;

/* From query and body. Fails with %VALISE_HTTP_ERROR 400, or 404 for a filter in a design
 * document, of which there are none. */
ValiseFeedFilter *valise_feed_filter_new (const ValiseRequest *request,
                                          GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void              valise_feed_filter_free (ValiseFeedFilter *self);

gboolean valise_feed_filter_passes (ValiseFeedFilter *self, const ValiseChange *change);

gboolean valise_feed_filter_drops (ValiseFeedFilter *self);           /* it may drop rows at all */
gboolean valise_feed_filter_needs_documents (ValiseFeedFilter *self); /* to judge them */
gboolean valise_feed_filter_shows_documents (ValiseFeedFilter *self); /* include_docs */

G_END_DECLS
