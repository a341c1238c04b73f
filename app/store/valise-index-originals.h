/* valise-index-originals.h - reads the words of files that are here, a piece at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The indexer's own: on its thread, but for what says otherwise. A file is read in pieces of a
 * quarter of a second, between which documents that arrive are indexed. What is read comes from
 * others, so a reading has limits; one at which the program ended before is begun twice more
 * and then left alone.
 */

#pragma once

#include "valise-search-originals.h"

G_BEGIN_DECLS

typedef struct
{
  ValiseSearchColumns     *columns;
  const int               *closing; /* read atomically: TRUE ends a piece early */
  const ValiseIndexReader *reader;
  ValiseIndexFiles         files;
  gpointer                 files_data;
  void (*wake) (gpointer user_data); /* there is work; any thread */
  gpointer wake_data;
} ValiseIndexOriginalsParts; /* all lent */

typedef struct _ValiseIndexOriginals ValiseIndexOriginals;

ValiseIndexOriginals *valise_index_originals_new (const ValiseIndexOriginalsParts *parts)
    G_GNUC_WARN_UNUSED_RESULT;
void valise_index_originals_free (ValiseIndexOriginals *self);

/* Any thread: a document names @sha256 now, or it came or went. Also a #ValiseFileFunc. */
void valise_index_originals_note (const char *sha256, gpointer originals);

/* Any thread: the store was opened, or made anew, so every file is looked at once. */
void valise_index_originals_look (ValiseIndexOriginals *self);

/* Any thread. */
gboolean valise_index_originals_has_work (ValiseIndexOriginals *self);

/* Does a piece of it. @changed: (out): words came or went. Fails with any #ValiseDbError of
 * @store, which is to be opened anew then; nothing is forgotten. */
gboolean valise_index_originals_step (ValiseIndexOriginals *self,
                                      ValiseSearchStore    *store,
                                      gboolean             *changed,
                                      GError              **error);

G_END_DECLS
