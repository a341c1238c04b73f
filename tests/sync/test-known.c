/* test-known.c - both ends of a stream make the same dictionary, or none
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "valise-known.h"

#define DOCUMENTS 13 /* so that bits are left over in the last byte */

static ValiseDocument *
make_document (guint number, const char *note)
{
  g_autofree char   *id = g_strdup_printf ("text:%u", number);
  g_autofree char   *rev = g_strdup_printf ("1-%08x%024x", 0xf0000000u + number, number);
  g_autofree char   *text = g_strdup_printf ("{\"note\":\"%s\",\"number\":%u}", note, number);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  return valise_document_new (id, rev, FALSE, body);
}

static GPtrArray *
make_documents (void)
{
  GPtrArray *documents = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);

  for (guint i = 0; i < DOCUMENTS; i++)
    g_ptr_array_add (documents, make_document (i, "said before"));
  return documents;
}

static void
names_arrive_as_they_were_sent (void)
{
  g_autoptr (GPtrArray) documents = make_documents ();
  g_autofree char      *text = valise_known_dup_names (documents);
  g_autoptr (GArray)    names = valise_known_parse_names (text);

  g_assert_cmpuint (names->len, ==, DOCUMENTS);
  for (guint i = 0; i < DOCUMENTS; i++)
    g_assert_cmphex (g_array_index (names, guint32, i), ==, 0xf0000000u + i);
}

static void
what_is_no_list_of_names_is_none (void)
{
  g_autofree char *many = g_strnfill (4 * (VALISE_KNOWN_MOST + 3) / 3 * 4, 'A');
  const char      *wrong[] = { "", "A", "AAAA", "AAAAAAA", "AAAAA=", "AAAAA!", "AAAAAB", many };
  guint32          name = 0;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_null (valise_known_parse_names (wrong[i]));
  g_assert_false (valise_known_read_name ("1-abc", &name));
  g_assert_false (valise_known_read_name ("1-abcdefgh", &name));
  g_assert_false (valise_known_read_name ("abcdef01", &name));
  g_assert_true (valise_known_read_name ("12-ABCDEF0123", &name));
  g_assert_cmphex (name, ==, 0xabcdef01);
}

static void
both_ends_make_the_same (void)
{
  /* Each pattern of what the server finds. */
  for (guint found = 0; found < 1u << DOCUMENTS; found += found < 8 ? 1 : 97)
    {
      g_autoptr (GPtrArray) here = make_documents (), there = make_documents ();
      g_autofree char      *header = NULL;
      g_autoptr (GBytes)    theirs = NULL, ours = NULL;

      for (guint i = 0; i < DOCUMENTS; i++)
        if ((found >> i & 1) == 0)
          {
            valise_document_unref (g_ptr_array_index (there, i));
            g_ptr_array_index (there, i) = NULL;
          }
      g_ptr_array_set_free_func (there, NULL);
      theirs = valise_known_make (there, &header);
      for (guint i = 0; i < DOCUMENTS; i++)
        if (g_ptr_array_index (there, i) != NULL)
          valise_document_unref (g_ptr_array_index (there, i));
      g_assert_true ((theirs == NULL) == (found == 0));
      if (theirs == NULL)
        continue;
      ours = valise_known_find (here, header);
      g_assert_nonnull (ours);
      g_assert_true (g_bytes_equal (ours, theirs));
    }
}

static void
what_is_not_the_same_is_no_dictionary (void)
{
  g_autoptr (GPtrArray) documents = make_documents ();
  g_autofree char      *header = NULL;
  g_autoptr (GBytes)    dictionary = valise_known_make (documents, &header);
  const char           *wrong[] = { "", "0123456789abcdef", "0123456789abcdef ffff", "\xff\xfe f",
                                    "0123456789abcdef fffff ffff" };
  const char *const     bits[] = { "", "f", "fff", "fffff", "fffg", "FFFF", "-fff", "fff " };

  g_assert_nonnull (dictionary);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_null (valise_known_find (documents, wrong[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bits); i++)
    {
      g_autofree char *forged = g_strconcat (header, " ", bits[i], NULL);

      g_assert_null (valise_known_find (documents, forged));
    }
  g_clear_pointer (&dictionary, g_bytes_unref);

  /* One letter of one document. */
  valise_document_unref (g_ptr_array_index (documents, 7));
  g_ptr_array_index (documents, 7) = make_document (7, "Said before");
  g_assert_null (valise_known_find (documents, header));
}

static void
only_what_is_whole_and_here_is_fit (void)
{
  g_autoptr (ValiseDocument) document = make_document (1, "x");
  g_autoptr (ValiseDocument) absent = valise_document_new ("text:1", document->rev, FALSE, NULL);
  g_autoptr (ValiseDocument) gone =
      valise_document_new ("text:1", document->rev, TRUE, document->body);
  g_autoptr (ValiseDocument) odd = valise_document_new ("text:1", "1-zz", FALSE, document->body);

  g_assert_true (valise_known_is_fit (document));
  g_assert_false (valise_known_is_fit (absent));
  g_assert_false (valise_known_is_fit (gone));
  g_assert_false (valise_known_is_fit (odd));
  document->attachments = g_strdup ("{}");
  g_assert_false (valise_known_is_fit (document));
}

#define ADD(test) g_test_add_func ("/known/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (names_arrive_as_they_were_sent);
  ADD (what_is_no_list_of_names_is_none);
  ADD (both_ends_make_the_same);
  ADD (what_is_not_the_same_is_no_dictionary);
  ADD (only_what_is_whole_and_here_is_fit);

  return g_test_run ();
}
