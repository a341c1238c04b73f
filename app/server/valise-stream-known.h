/* valise-stream-known.h - of what a stream goes on from, what its reader says it has
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The server's half of valise-known.h. One thread.
 */

#pragma once

#include "valise-foremost.h"

G_BEGIN_DECLS

/* All are lent. What the reader was given before: all up to @since, and of @foremost (nullable) the
 * first @ahead entries. */
typedef struct
{
  ValiseDatabase       *database;
  gint64                since;
  const ValiseForemost *foremost;
  guint                 ahead;
} ValiseStreamPast;

/* The dictionary of the documents that @names means, and the header that says so; %NULL, without an
 * error, where there is none: it only saves bytes. */
GBytes *valise_stream_known_find (const ValiseStreamPast *past,
                                  const char             *names,
                                  char                  **header) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
