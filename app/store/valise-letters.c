/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-letters"

#include "config.h"

#include <string.h>

#include "valise-exceptions.h"
#include "valise-letters.h"

static void
add_word (ValiseLetters *self, const char *word)
{
  for (guint letter = 0; letter < 256; letter++)
    {
      ValiseLetters one = { 0 };

      one.bits[letter / 64] = G_GUINT64_CONSTANT (1) << letter % 64;
      if (valise_letters_have (&one, word, strlen (word)))
        self->bits[letter / 64] |= one.bits[letter / 64];
    }
}

static void
add_exception (const char *stem, const char *word, gpointer user_data)
{
  GHashTable    *table = user_data;
  ValiseLetters *letters = g_hash_table_lookup (table, stem);

  if (letters == NULL)
    {
      letters = g_new0 (ValiseLetters, 1);
      g_hash_table_insert (table, g_strdup (stem), letters);
    }
  add_word (letters, word);
}

/* Of the stems of exceptions, the letters of their words: of "человек" also that of "люди". */
static GHashTable *
get_exceptions (void)
{
  static GHashTable *table;

  if (g_once_init_enter (&table))
    {
      GHashTable *made = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

      valise_exceptions_foreach (add_exception, made);
      g_once_init_leave (&table, made);
    }

  return table;
}

void
valise_letters_add_stem (ValiseLetters *self, const char *stem)
{
  const ValiseLetters *exceptions = g_hash_table_lookup (get_exceptions (), stem);

  add_word (self, stem);
  for (guint i = 0; exceptions != NULL && i < G_N_ELEMENTS (self->bits); i++)
    self->bits[i] |= exceptions->bits[i];
}
