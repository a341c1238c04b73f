/* untidy-json.h - any document, written as untidily as JSON allows, and what it is when tidied
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

/* One value, written twice: as RFC 8785 has it, and in as untidy a way as the grammar allows. */
typedef struct
{
  GString *tidy;
  GString *untidy;
} Pair;

static inline void
append_space (GString *out)
{
  while (g_test_rand_int_range (0, 4) == 0)
    g_string_append_c (out, " \n\t\r"[g_test_rand_int_range (0, 4)]);
}

static inline void
append_escaped (GString *out, gunichar c)
{
  if (c >= 0x10000)
    g_string_append_printf (out, g_test_rand_bit () ? "\\u%04x\\u%04X" : "\\u%04X\\u%04x",
                            0xD800 + ((c - 0x10000) >> 10), 0xDC00 + ((c - 0x10000) & 0x3FF));
  else
    g_string_append_printf (out, g_test_rand_bit () ? "\\u%04x" : "\\u%04X", c);
}

static inline void
append_untidy_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (c < 0x20 || c == '"' || c == '\\' || g_test_rand_int_range (0, 5) == 0)
        append_escaped (out, c);
      else if (c == '/' && g_test_rand_bit ())
        g_string_append (out, "\\/");
      else
        g_string_append_unichar (out, c);
    }
  g_string_append_c (out, '"');
}

static inline char *
make_text (void)
{
  static const gunichar alphabet[] = { 'a',    'b',    'z',    '/',    '"',     '\\',    1,
                                       0x1f,   '\n',   '\t',   0x7f,   0x80,    0xe9,    0x644,
                                       0x4e2d, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x1f600, 0x10ffff };
  GString              *text = g_string_new (NULL);

  for (int n = g_test_rand_int_range (0, 12); n > 0; n--)
    g_string_append_unichar (text,
                             alphabet[g_test_rand_int_range (0, (gint32) G_N_ELEMENTS (alphabet))]);

  return g_string_free (text, FALSE);
}

/* By GLib's own conversion, and not by the code that is tested. */
static inline int
compare_utf16 (gconstpointer a, gconstpointer b)
{
  g_autofree gunichar2 *x = g_utf8_to_utf16 (*(char *const *) a, -1, NULL, NULL, NULL);
  g_autofree gunichar2 *y = g_utf8_to_utf16 (*(char *const *) b, -1, NULL, NULL, NULL);
  gsize                 i = 0;

  while (x[i] == y[i] && x[i] != 0)
    i++;

  return (int) x[i] - (int) y[i];
}

static void append_any (Pair *pair, guint depth);

static inline void
append_any_array (Pair *pair, guint depth)
{
  int n = g_test_rand_int_range (0, 4);

  g_string_append_c (pair->tidy, '[');
  g_string_append_c (pair->untidy, '[');
  for (int i = 0; i < n; i++)
    {
      g_string_append (pair->tidy, i > 0 ? "," : "");
      g_string_append (pair->untidy, i > 0 ? "," : "");
      append_any (pair, depth + 1);
    }
  append_space (pair->untidy);
  g_string_append_c (pair->tidy, ']');
  g_string_append_c (pair->untidy, ']');
}

static inline GPtrArray *
make_names (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray             *array = g_ptr_array_new_with_free_func (g_free);

  for (int n = g_test_rand_int_range (0, g_test_rand_bit () ? 4 : 24); n > 0; n--)
    {
      char *name = make_text ();

      if (g_hash_table_contains (names, name))
        {
          g_free (name);
          continue;
        }
      g_hash_table_add (names, name);
      g_ptr_array_add (array, name);
    }
  g_ptr_array_sort (array, compare_utf16);

  return array;
}

/* The members are made in order; in the untidy text each goes before or after the others. */
static inline void
append_any_object (Pair *pair, guint depth)
{
  g_autoptr (GPtrArray) names = make_names ();
  g_autoptr (GString)   members = g_string_new (NULL);

  g_string_append_c (pair->tidy, '{');
  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (GString) untidy = g_string_new (NULL);
      Pair                member = { pair->tidy, untidy };

      g_string_append (pair->tidy, i > 0 ? "," : "");
      valise_json_append_string (pair->tidy, names->pdata[i], -1);
      g_string_append_c (pair->tidy, ':');
      append_space (untidy);
      append_untidy_string (untidy, names->pdata[i]);
      append_space (untidy);
      g_string_append_c (untidy, ':');
      append_any (&member, depth + 1);

      if (members->len == 0)
        g_string_append (members, untidy->str);
      else if (g_test_rand_bit ())
        g_string_append_printf (members, ",%s", untidy->str);
      else
        {
          g_string_prepend_c (members, ',');
          g_string_prepend (members, untidy->str);
        }
    }
  g_string_append_c (pair->tidy, '}');
  g_string_append_printf (pair->untidy, "{%s", members->str);
  append_space (pair->untidy);
  g_string_append_c (pair->untidy, '}');
}

static inline void
append_any (Pair *pair, guint depth)
{
  static const char *const scalars[][2] = {
    { "null", "null" }, { "true", "true" }, { "false", "false" },
    { "-0", "0" },      { "17", "17" },     { "1.50e1", "15" },
    { "-3", "-3" },     { "7e2", "700" },   { "9007199254740992", "9007199254740992" },
  };
  int kind = g_test_rand_int_range (0, depth < 5 ? 8 : 4);

  append_space (pair->untidy);
  if (kind >= 6)
    append_any_object (pair, depth);
  else if (kind >= 4)
    append_any_array (pair, depth);
  else if (kind >= 2)
    {
      g_autofree char *text = make_text ();

      valise_json_append_string (pair->tidy, text, -1);
      append_untidy_string (pair->untidy, text);
    }
  else
    {
      int i = g_test_rand_int_range (0, (gint32) G_N_ELEMENTS (scalars));

      g_string_append (pair->untidy, scalars[i][0]);
      g_string_append (pair->tidy, scalars[i][1]);
    }
  append_space (pair->untidy);
}
