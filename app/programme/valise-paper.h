/* valise-paper.h - a row of the library: a paper, or the heading of a group of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Main thread.
 */

#pragma once

#include "valise-paper-file.h"
#include "valise-version.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PAPER (valise_paper_get_type ())

/* All getters may give NULL until "loaded" (boolean property) is TRUE; everything else notifies
 * through it, again when the paper changes. "unread" (boolean) notifies by itself. Lent strings
 * last until then. */
G_DECLARE_FINAL_TYPE (ValisePaper, valise_paper, VALISE, PAPER, GObject)

/* Of a heading, the title counts alone; its meeting and item say what it heads. */
gboolean    valise_paper_is_heading (ValisePaper *self);
gboolean    valise_paper_get_loaded (ValisePaper *self);
const char *valise_paper_get_symbol (ValisePaper *self);
const char *valise_paper_get_title (ValisePaper *self); /* in the best language there is */
const char *valise_paper_get_title_language (ValisePaper *self);
char       *valise_paper_dup_title_in (ValisePaper *self, const char *language); /* or NULL */
const char *valise_paper_get_kind (ValisePaper *self);    /* "resolution"; views translate it */
const char *valise_paper_get_date (ValisePaper *self);    /* "2022-12-07" */
const char *valise_paper_get_meeting (ValisePaper *self); /* id */
const char *valise_paper_get_item (ValisePaper *self);
const char *valise_paper_get_author (
    ValisePaper *self); /* as shown: "Kestria", "General Assembly" */
GListModel *valise_paper_get_versions (ValisePaper *self); /* of ValiseVersion */
GListModel *valise_paper_get_files (ValisePaper *self);    /* of ValisePaperFile */
gboolean    valise_paper_get_unread (ValisePaper *self);
/* Symbols this one names, revises or corrects (NULL-terminated). */
const char *const *valise_paper_get_references (ValisePaper *self);
/* Those here that name, revise or correct this one; NULL but of a paper that was opened. */
const char *const *valise_paper_get_named_by (ValisePaper *self);
/* "issued", "superseded", "withdrawn" */
const char *valise_paper_get_state (ValisePaper *self);
/* "Sealed", who and when: the key's id and the issue number; NULL and 0 where unsealed. */
const char *valise_paper_get_seal_key (ValisePaper *self);
gint64      valise_paper_get_issue (ValisePaper *self);
/* When it was sealed: "2026-07-03T14:05:00Z"; NULL of what was sealed before seals said so. */
const char *valise_paper_get_issued (ValisePaper *self);
const char *valise_paper_get_source (ValisePaper *self); /* "United Nations … unofficial copy" */

G_END_DECLS
