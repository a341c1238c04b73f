/* fuzz-bulk.c - any bytes as what `_bulk_get`, `_revs_diff` and `_bulk_docs` answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A document that is accepted goes out as it came in.
 */

#include "fuzz-answer.h"
#include "valise-canonical.h"

static void
check_round_trip (ValiseDocument *document)
{
  static const char *const   none[] = { NULL };
  g_autoptr (GString)        text = g_string_new (NULL);
  g_autoptr (ValiseJson)     json = NULL;
  g_autoptr (ValiseDocument) again = NULL;

  valise_document_append_json (document, VALISE_DOCUMENT_REVISIONS, text);
  json = valise_json_scan_text (text->str, (gssize) text->len, VALISE_JSON_ANY, NULL);
  g_assert_nonnull (json);
  again = valise_document_from_json (json, 0, NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->id, ==, document->id);
  g_assert_cmpstr (again->rev, ==, document->rev);
  g_assert_cmpint (again->deleted, ==, document->deleted);
  /* None is none, whether said or left out. */
  g_assert_true (g_strv_equal (
      again->ancestors != NULL ? (const char *const *) again->ancestors : none,
      document->ancestors != NULL ? (const char *const *) document->ancestors : none));
  if (document->body != NULL)
    {
      g_autoptr (ValiseJson) one = valise_document_scan (document, NULL);
      g_autoptr (ValiseJson) two = valise_document_scan (again, NULL);
      g_autofree char       *first = one != NULL ? valise_canonical_digest (one) : NULL;
      g_autofree char       *second = two != NULL ? valise_canonical_digest (two) : NULL;

      g_assert_cmpstr (first, ==, second);
    }
}

static gboolean
take_document (ValiseDocument *document, gpointer user_data, GError **error)
{
  g_string_append_printf (user_data, "%s %s\n", document->id, document->rev);
  check_round_trip (document);
  return TRUE;
}

static gboolean
take_element (const char *text, gsize length, gpointer user_data, GError **error)
{
  return valise_wire_read_documents (text, length, take_document, user_data, error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char       *text = fuzz_dup_text (data, size);
  g_autoptr (ValiseJson) json = valise_json_scan_text (text, (gssize) size, VALISE_JSON_ANY, NULL);
  g_autoptr (GPtrArray)  documents =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  g_autoptr (ValiseAncestry) ancestry = valise_ancestry_new ();
  g_autoptr (GPtrArray)      missing = NULL, refused = NULL;

  g_ptr_array_add (documents, valise_document_new ("a", "1-b", FALSE, NULL));
  if (json != NULL)
    {
      missing = valise_wire_read_revs_diff (json, ancestry, NULL);
      refused = valise_wire_read_refusals (json, documents, NULL);
    }
  fuzz_answer_check (data, size, take_element);
  return 0;
}
