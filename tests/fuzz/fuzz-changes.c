/* fuzz-changes.c - any bytes as a peer's feed; the first says in what pieces it comes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz-answer.h"

static gboolean
take_row (const ValisePeerChange *change, gpointer user_data)
{
  GString *told = user_data;

  g_assert_true (change->id != NULL && change->id[0] != '\0');
  g_assert_true (change->revs != NULL && change->revs[0] != NULL);
  g_assert_cmpint (change->size, >=, 0);
  g_string_append_printf (told, "%s %s %d %" G_GINT64_FORMAT "\n", change->id, change->revs[0],
                          change->deleted, change->size);
  return TRUE;
}

static gboolean
take_element (const char *text, gsize length, gpointer user_data, GError **error)
{
  gboolean more = FALSE;

  return valise_wire_read_change (text, length, take_row, user_data, &more, error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  fuzz_answer_check (data, size, take_element);
  return 0;
}
