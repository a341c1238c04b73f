/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "valise-splitter.h"

static gboolean
keep_cb (const char *text, gsize length, gpointer user_data, GError **error)
{
  g_ptr_array_add (user_data, g_strndup (text, length));
  return TRUE;
}

/* Feeds @text in pieces of @step bytes; the elements, or NULL with @error. */
static GPtrArray *
split (const char *text, const char *member, gsize step, gboolean *complete, GError **error)
{
  g_autoptr (GPtrArray)      elements = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ValiseSplitter) splitter = valise_splitter_new (member, 100, keep_cb, elements);
  gsize                      length = strlen (text);

  for (gsize at = 0; at < length; at += step)
    if (!valise_splitter_feed (splitter, text + at, MIN (step, length - at), error))
      return NULL;
  *complete = valise_splitter_is_complete (splitter);
  return g_steal_pointer (&elements);
}

static void
elements_come_whole_however_the_bytes_come (void)
{
  static const char text[] =
      " {\"last_seq\" : \"a]}\\\"\" , \"results\"\n:\t[ {\"a\":[1,{\"results\":[]}]} ,\n\n"
      "\"]\\\\\", 12 ,{\"é\":\"[,{\"}, null\n], \"pending\":0 }\n\n";
  static const char *const expected[] = { "{\"a\":[1,{\"results\":[]}]}", "\"]\\\\\"", "12",
                                          "{\"é\":\"[,{\"}", "null" };

  for (gsize step = 1; step <= sizeof text; step++)
    {
      g_autoptr (GError)    error = NULL;
      gboolean              complete = FALSE;
      g_autoptr (GPtrArray) elements = split (text, "results", step, &complete, &error);

      g_assert_no_error (error);
      g_assert_true (complete);
      g_assert_cmpuint (elements->len, ==, G_N_ELEMENTS (expected));
      for (guint i = 0; i < elements->len; i++)
        g_assert_cmpstr (g_ptr_array_index (elements, i), ==, expected[i]);
    }
}

static void
what_came_before_a_cut_was_given (void)
{
  static const char text[] = "{\"results\":[{\"a\":1},{\"b\":2},{\"c\":3}]}";

  for (gsize length = 0; length < sizeof text - 1; length++)
    {
      g_autofree char      *part = g_strndup (text, length);
      gboolean              complete = TRUE;
      g_autoptr (GPtrArray) elements = split (part, "results", 5, &complete, NULL);

      g_assert_nonnull (elements);
      g_assert_false (complete);
      g_assert_cmpuint (elements->len, ==,
                        length <= 19   ? 0
                        : length <= 27 ? 1
                        : length <= 35 ? 2
                                       : 3);
    }
}

static void
an_array_alone_is_split_too (void)
{
  gboolean              complete = FALSE;
  g_autoptr (GPtrArray) elements = split ("[{\"ok\":{}},{}]", NULL, 3, &complete, NULL);

  g_assert_true (complete);
  g_assert_cmpuint (elements->len, ==, 2);
}

static void
the_rest_of_the_answer_is_kept (void)
{
  g_autoptr (GPtrArray)      elements = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ValiseSplitter) splitter = valise_splitter_new ("results", 100, keep_cb, elements);
  static const char          text[] = "{\"results\":[1,2],\"last_seq\":\"7-x\",\"pending\":3}";
  g_autoptr (ValiseJson)     rest = NULL;
  g_autofree char           *seq = NULL;

  g_assert_true (valise_splitter_feed (splitter, text, strlen (text), NULL));
  rest = valise_splitter_finish (splitter, NULL);
  seq = valise_json_dup_member (rest, 0, "last_seq");
  g_assert_cmpstr (seq, ==, "7-x");
  g_assert_cmpint (valise_json_get_member_int (rest, 0, "pending", -1), ==, 3);
}

static void
strangers_answers_are_refused (void)
{
  g_autofree char  *deep = g_strnfill (1000, '[');
  g_autofree char  *wide = g_strnfill (200, 'x');
  g_autofree char  *long_element = g_strconcat ("{\"results\":[\"", wide, "\"]}", NULL);
  const char *const bad[] = { "<!DOCTYPE html>", "]", "}", "{}{}", "[] x", deep, long_element };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError)    error = NULL;
      gboolean              complete = FALSE;
      g_autoptr (GPtrArray) elements = split (bad[i], "results", 7, &complete, &error);

      g_assert_null (elements);
      g_assert_nonnull (error);
      g_assert_true (error->domain == VALISE_JSON_ERROR);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(test) g_test_add_func ("/splitter/" #test, test)
  ADD (elements_come_whole_however_the_bytes_come);
  ADD (what_came_before_a_cut_was_given);
  ADD (an_array_alone_is_split_too);
  ADD (the_rest_of_the_answer_is_kept);
  ADD (strangers_answers_are_refused);

  return g_test_run ();
}
