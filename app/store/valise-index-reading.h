/* valise-index-reading.h - the words of one file, read a piece at a time and within limits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-search-originals.h"

G_BEGIN_DECLS

typedef struct
{
  char              *sha256;
  ValiseReadingState state; /* NONE: its bytes could not be had, so nothing is known of it */
  GString           *words; /* of its pages */

  const ValiseIndexReader *reader;
  gpointer                 opened;
  guint                    n_pages;
  guint                    page; /* the next */
  gint64                   spent_us;
} ValiseIndexReading;

/* @files NULL: the file is not to be read, and REFUSED. @length: bytes. */
ValiseIndexReading *valise_index_reading_new (const ValiseIndexReader *reader,
                                              ValiseFileStore         *files,
                                              const char              *sha256,
                                              gint64 length) G_GNUC_WARN_UNUSED_RESULT;
void                valise_index_reading_free (ValiseIndexReading *self);

/* Reads on for @piece_us, or until *@closing. Returns: whether it is over, and DONE. */
gboolean valise_index_reading_read (ValiseIndexReading *self, gint64 piece_us, const int *closing);

G_END_DECLS
