/* fuzz-stream.c - any bytes as our server's stream: rows with their documents
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first byte says in what pieces they come.
 */

#include "fuzz-answer.h"

static gboolean
take_row (const ValisePeerChange *row, GPtrArray *documents, gpointer user_data, GError **error)
{
  GString *told = user_data;

  g_assert_true (row->id != NULL && row->id[0] != '\0');
  g_assert_true (row->revs != NULL && row->revs[0] != NULL);
  g_assert_cmpint (row->size, >=, 0);
  g_string_append_printf (told, "%s %s %d%d%d\n", row->id, row->revs[0], row->deleted, row->ahead,
                          row->given);
  for (guint i = 0; i < documents->len; i++)
    {
      ValiseDocument *document = documents->pdata[i];

      /* What is stored under a row is the row's. */
      g_assert_cmpstr (document->id, ==, row->id);
      g_string_append_printf (told, "%s\n", document->rev);
    }
  return TRUE;
}

static gboolean
take_element (const char *text, gsize length, gpointer user_data, GError **error)
{
  return valise_wire_read_streamed (text, length, take_row, user_data, error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  fuzz_answer_check (data, size, take_element);
  return 0;
}
