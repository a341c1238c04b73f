/* valise-paper-parts.h - how the library makes and fills its rows; nobody else's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-paper.h"
#include "valise-search-index.h"

G_BEGIN_DECLS

/**
 * ValisePaperData:
 *
 * What a row shows, as a worker gathers it. Read only once made; the last reader frees it.
 */
typedef struct
{
  char       *symbol;
  char       *title;
  char       *title_language;
  char       *kind;
  char       *date;
  char       *meeting;
  char       *item;
  char       *author;
  char       *state;
  char       *seal_key;
  char       *source;
  char      **references;
  char      **named_by; /* NULL where nobody looked */
  char       *issued;   /* "2026-07-03T14:05:00Z", or NULL */
  gint64      issue;
  gint64      row;      /* in the index */
  GPtrArray  *versions; /* of ValiseVersion, owned */
  GPtrArray  *files;    /* of ValisePaperFile, owned */
  ValiseJson *summary;
} ValisePaperData;

/* From a paper's index record, with its texts' records beside it; titles as @language prefers.
 * Any thread; blocks. NULL with @error. */
ValisePaperData *valise_paper_data_new (ValiseSearchIndex       *index,
                                        const ValiseIndexRecord *record,
                                        const char              *language,
                                        GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
/* Finds the papers that name this one. Any thread; blocks. */
gboolean valise_paper_data_find_named_by (ValisePaperData   *data,
                                          ValiseSearchIndex *index,
                                          GCancellable      *cancellable,
                                          GError           **error);
void     valise_paper_data_free (ValisePaperData *data);
gboolean valise_paper_data_equal (const ValisePaperData *a, const ValisePaperData *b);

/* The text of {LANGUAGE: TEXT} in @language, or English, or the first; @chosen: (out)
 * (optional): which, to be freed. */
char *valise_texts_dup (const ValiseJson *json, guint texts, const char *language, char **chosen);

/* The symbols that the summary of a paper names, revises or corrects; NULL-terminated. */
char **valise_paper_dup_references (const ValiseJson *summary);

#define VALISE_PAPER_MAX_FILES 100 /* as data/records has it */

/* The files that the summary of a paper's @record names (element-type ValisePaperFile). */
GPtrArray *valise_paper_files_read (const ValiseJson *summary, const ValiseIndexRecord *record);

ValisePaper *valise_paper_new (void) G_GNUC_WARN_UNUSED_RESULT; /* not loaded */
ValisePaper *valise_paper_new_heading (const char *title,
                                       const char *meeting,
                                       const char *item) G_GNUC_WARN_UNUSED_RESULT;

/* Takes @data; says so where it differs from what was. */
void valise_paper_fill (ValisePaper *self, ValisePaperData *data);
void valise_paper_set_title (ValisePaper *self, const char *title); /* of a heading */
void valise_paper_set_unread (ValisePaper *self, gboolean unread);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisePaperData, valise_paper_data_free)

G_END_DECLS
