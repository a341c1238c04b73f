/* valise-item.h - what waits in a pipeline: a document, a mark, or both at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the pipeline, which guards it.
 */

#pragma once

#include "valise-document.h"

G_BEGIN_DECLS

typedef enum
{
  VALISE_ITEM_NONE, /* no gate has said anything yet */
  VALISE_ITEM_GOOD,
  VALISE_ITEM_REFUSED,
  VALISE_ITEM_UNKNOWN_KEY,
} ValiseItemVerdict;

typedef struct
{
  ValiseDocument   *document; /* (nullable) */
  char             *seq;      /* (nullable): with it all up to there is done */
  gsize             size;
  ValiseItemVerdict verdict;
  guint             judged; /* how often */
  GError           *reason; /* (nullable) */
} ValiseItem;

/* @document: (nullable): another reference is kept. @seq: (nullable). @size: bytes that it counts.
 */
ValiseItem *valise_item_new (ValiseDocument   *document,
                             const char       *seq,
                             gsize             size,
                             ValiseItemVerdict verdict) G_GNUC_WARN_UNUSED_RESULT;

/* A #GDestroyNotify. */
void valise_item_free (gpointer item);

G_END_DECLS
