/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-item"

#include "config.h"

#include "valise-item.h"

ValiseItem *
valise_item_new (ValiseDocument *document, const char *seq, gsize size, ValiseItemVerdict verdict)
{
  ValiseItem *self = g_new0 (ValiseItem, 1);

  self->document = document != NULL ? valise_document_ref (document) : NULL;
  self->seq = g_strdup (seq);
  self->size = size;
  self->verdict = verdict;
  return self;
}

void
valise_item_free (gpointer item)
{
  ValiseItem *self = item;

  g_clear_pointer (&self->document, valise_document_unref);
  g_clear_error (&self->reason);
  g_free (self->seq);
  g_free (self);
}
