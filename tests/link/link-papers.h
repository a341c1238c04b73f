/* link-papers.h - papers to be issued while a laptop waits on a slow line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

/* About 9.5 kB of words that compress as prose does. */
static inline char *
link_make_paper (guint number)
{
  static const char *const words[] = { "States",   "capacity", "confidence",  "measures",
                                       "security", "building", "programme",   "mechanism",
                                       "norms",    "dialogue", "cooperation", "assistance" };
  g_autoptr (GRand)        dice = g_rand_new_with_seed (number);
  GString                 *text = g_string_new (NULL);

  g_string_printf (text, "A/AC.292/2026/WP.%u\n\nA view on item %u\n\n", 9000 + number, number);
  for (guint i = 1; i <= 40; i++)
    {
      g_string_append_printf (text, "%u. States", i);
      for (guint j = 0; j < 22; j++)
        g_string_append_printf (text, " %s%s%x",
                                words[g_rand_int_range (dice, 0, G_N_ELEMENTS (words))],
                                j % 4 == 3 ? " " : "", j % 4 == 3 ? g_rand_int (dice) : j);
      g_string_append (text, ".\n\n");
    }
  return g_string_free (text, FALSE);
}

/* The two papers that are not ours to carry; FALSE where they are not at hand. */
static inline gboolean
link_find_seeds (char **first, char **second)
{
  g_autofree char *folder = g_build_filename (g_getenv ("VALISE_SHARED"), "seeds", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "000_"))
      *first = g_build_filename (folder, name, NULL);
    else if (g_str_has_prefix (name, "001_"))
      *second = g_build_filename (folder, name, NULL);
  return *first != NULL && *second != NULL;
}

/* An agenda as it is circulated: a paper of its own, in @folder. To be freed. */
static inline char *
link_write_agenda (const char *folder)
{
  static const char *const items[] = { "Opening of the session",
                                       "Election of officers",
                                       "Adoption of the agenda",
                                       "Organization of work",
                                       "Norms, rules and principles of responsible behaviour",
                                       "Capacity-building and its funding",
                                       "Confidence-building measures",
                                       "Regular institutional dialogue",
                                       "Other matters",
                                       "Adoption of the report" };
  char                    *path = g_build_filename (folder, "agenda.txt", NULL);
  g_autoptr (GString)      text =
      g_string_new ("A/AC.292/2026/900\n\nProvisional agenda of the session\n\n");

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    g_string_append_printf (text, "%u. %s.\n\n", i + 1, items[i]);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  return path;
}
