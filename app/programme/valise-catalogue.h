/* valise-catalogue.h - the meetings and agendas of the record, at one moment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Counted, and never changed once loaded, so the main thread and workers share it.
 */

#pragma once

#include "valise-json.h"
#include "valise-search-index.h"

G_BEGIN_DECLS

typedef struct _ValiseCatalogue ValiseCatalogue;

/* Blocks; any thread. NULL with the index's error. */
ValiseCatalogue *valise_catalogue_load (ValiseSearchIndex *index,
                                        GError           **error) G_GNUC_WARN_UNUSED_RESULT;
ValiseCatalogue *valise_catalogue_ref (ValiseCatalogue *self);
void             valise_catalogue_unref (ValiseCatalogue *self);

/* The newest first. */
guint             valise_catalogue_get_n_meetings (ValiseCatalogue *self);
const char       *valise_catalogue_get_meeting_id (ValiseCatalogue *self, guint index);
const ValiseJson *valise_catalogue_get_meeting (ValiseCatalogue *self, guint index);
guint             valise_catalogue_count_papers (ValiseCatalogue *self, const char *meeting);
guint             valise_catalogue_get_n_papers (ValiseCatalogue *self);

/* The document of a meeting's agenda, or NULL. Lent. */
const ValiseJson *valise_catalogue_get_agenda (ValiseCatalogue *self, const char *meeting);

/* A meeting's name, as @language prefers; its id where the meeting is not known. */
char *valise_catalogue_dup_name (ValiseCatalogue *self, const char *meeting, const char *language);
/* Its mark, "A/77"; NULL without one. */
char *valise_catalogue_dup_mark (ValiseCatalogue *self, const char *meeting);
/* An item's title; NULL where there is none. */
char *valise_catalogue_dup_item_title (ValiseCatalogue *self,
                                       const char      *meeting,
                                       const char      *item,
                                       const char      *language);

/* What stands above the papers of an item: "Item 5 · Norms of responsible behaviour", "A/77 ·
 * Item 94 · …", the meeting's name without an item, "Reference" without a meeting. */
char *valise_catalogue_dup_heading (ValiseCatalogue *self,
                                    const char      *meeting,
                                    const char      *item,
                                    const char      *language);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseCatalogue, valise_catalogue_unref)

G_END_DECLS
