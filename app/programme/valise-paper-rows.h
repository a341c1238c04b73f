/* valise-paper-rows.h - which rows a list of papers has, as a worker finds them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-catalogue.h"
#include "valise-home.h"
#include "valise-library.h"
#include "valise-read-marks.h"

G_BEGIN_DECLS

/* What a list asks for; counted, and never changed once made. */
typedef struct
{
  char    *meeting;
  char    *item;
  char    *author;
  char    *language;
  char    *kind;
  gboolean unread;
  gboolean headings;
  guint    arrived; /* instead of all, this many, the newest arrivals first; 0: all */
} ValisePaperQuery;

void valise_paper_query_free (ValisePaperQuery *query);

typedef struct
{
  gint64 id; /* negative, and the same for the same meeting and item */
  char  *title;
  char  *meeting;
  char  *item;
} ValisePaperHeading;

typedef struct
{
  GArray     *ids;      /* of gint64: rows of the index; negative: headings */
  GHashTable *headings; /* id to ValisePaperHeading */
} ValisePaperRows;

/* What the rows are found in; lent. */
typedef struct
{
  ValiseHome        *home;
  ValiseSearchIndex *index;
  ValiseReadMarks   *marks;
  ValiseCatalogue   *catalogue;
  const char        *language; /* of headings */
} ValisePaperSources;

/* Blocks; a worker's. NULL with the store's error. */
ValisePaperRows *valise_paper_rows_new (const ValisePaperSources *sources,
                                        const ValisePaperQuery   *query,
                                        GError                  **error) G_GNUC_WARN_UNUSED_RESULT;
void             valise_paper_rows_free (ValisePaperRows *rows);

/* The same on @library's worker, once the library has its catalogue. @owner, the callback's
 * source, is kept till then, and owns @query. */
void             valise_paper_rows_find_async (GObject            *owner,
                                               ValiseLibrary      *library,
                                               ValisePaperQuery   *query,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback);
ValisePaperRows *valise_paper_rows_find_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisePaperQuery, valise_paper_query_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisePaperRows, valise_paper_rows_free)

G_END_DECLS
