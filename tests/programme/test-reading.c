/* test-reading.c - the markup of paragraphs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>

#include "valise-reading.h"

static void
plain_text_loses_tags_and_marks_only (void)
{
  g_autofree char *plain =
      valise_markup_to_plain ("<i>Noting</i> the report,<note ref=\"1\"/> 5 &lt; 6 &amp; "
                              "<b><u>x</u></b><sup>2</sup> <a> &nbsp;");

  g_assert_cmpstr (plain, ==, "Noting the report, 5 < 6 & x2 <a> &nbsp;");
}

static void
escaping_and_stripping_are_inverse (void)
{
  static const char   text[] = "a < b && c > d <i>not a tag</i> &amp; \"'";
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char    *back = NULL;

  valise_markup_append_plain (out, text, -1);
  g_assert_true (valise_markup_is_valid (out->str));
  back = valise_markup_to_plain (out->str);
  g_assert_cmpstr (back, ==, text);

  g_string_truncate (out, 0);
  valise_markup_append_plain (out, "<<<", 2);
  g_assert_cmpstr (out->str, ==, "&lt;&lt;");
}

static void
only_the_closed_set_is_valid (void)
{
  static const char *const good[] = { "",
                                      "x",
                                      "<i>x</i>",
                                      "<b><i>x</i></b>",
                                      "<sup>2</sup>",
                                      "<note ref=\"12\"/>",
                                      "<note ref=\"*\"/>",
                                      "a &amp; b\tc\nd",
                                      "قرار <b>٧</b>" };
  static const char *const bad[] = {
    "<i>x",
    "x</i>",
    "<i><b>x</i></b>",
    "<script>x</script>",
    "<i class=\"x\">x</i>",
    "a & b",
    "a < b",
    "a > b",
    "<note ref=\"\"/>",
    "<note ref=\"<\"/>",
    "&nbsp;",
    "<I>x</I>",
    "\x01",
    "\x7f",
    "\xff",
    "<note/>",
    "<i/>",
    "<note ref=\"1\">",
    "<i><i><i><i><i><i><i><i><i>deep</i></i></i></i></i></i></i></i></i>"
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    if (!valise_markup_is_valid (good[i]))
      g_error ("refused: %s", good[i]);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (valise_markup_is_valid (bad[i]))
      g_error ("taken: %s", bad[i]);
}

static void
a_paragraph_is_found_by_its_key (void)
{
  g_autoptr (ValiseReading) reading = valise_reading_new ();

  g_assert_cmpstr (reading->kind, ==, VALISE_READING_PAPER);
  g_ptr_array_add (reading->paragraphs, valise_paragraph_new ("p2", "preamble", "PP2", 0, "x"));
  g_ptr_array_add (reading->paragraphs, valise_paragraph_new ("o1", "operative", "1", 0, "y"));

  g_assert_cmpstr (valise_reading_find (reading, "o1")->text, ==, "y");
  g_assert_null (valise_reading_find (reading, "o2"));
}

#define ADD(test) g_test_add_func ("/reading/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (plain_text_loses_tags_and_marks_only);
  ADD (escaping_and_stripping_are_inverse);
  ADD (only_the_closed_set_is_valid);
  ADD (a_paragraph_is_found_by_its_key);

  return g_test_run ();
}
