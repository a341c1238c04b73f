/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "valise-marker.h"
#include "valise-numbering.h"

void
valise_numbering_init (ValiseNumbering *self)
{
  *self =
      (ValiseNumbering){ .keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
}

void
valise_numbering_clear (ValiseNumbering *self)
{
  valise_numbering_leave (self, 0);
  g_clear_pointer (&self->keys, g_hash_table_unref);
}

void
valise_numbering_leave (ValiseNumbering *self, guint n)
{
  while (self->depth > n)
    {
      ValiseDegree *degree = &self->degrees[--self->depth];

      g_clear_pointer (&degree->key, g_free);
      g_clear_pointer (&degree->number, g_free);
    }
}

void
valise_numbering_enter (ValiseNumbering *self,
                        guint            at,
                        ValiseDegreeKind kind,
                        guint            value,
                        char            *key,
                        char            *number)
{
  valise_numbering_leave (self, at);
  self->degrees[at] = (ValiseDegree){ kind, value, key, number, 0 };
  self->depth = at + 1;
}

int
valise_numbering_find (const ValiseNumbering *self, ValiseDegreeKind kind)
{
  for (int i = (int) self->depth - 1; i > 0; i--)
    if (self->degrees[i].kind == kind)
      return i;

  return -1;
}

guint
valise_numbering_expect (const ValiseNumbering *self, ValiseDegreeKind kind)
{
  int at = valise_numbering_find (self, kind);

  return at > 0 ? self->degrees[at].value + 1 : 1;
}

guint
valise_numbering_place (const ValiseNumbering *self, ValiseDegreeKind kind, guint value)
{
  int at = valise_numbering_find (self, kind);

  if (at > 0 && (value > 1 || (guint) at + 1 == self->depth))
    return (guint) at;

  return MIN (self->depth, VALISE_NUMBERING_DEPTH - 1);
}

char *
valise_numbering_make_unique (ValiseNumbering *self, char *key)
{
  guint times = GPOINTER_TO_UINT (g_hash_table_lookup (self->keys, key)) + 1;

  g_hash_table_insert (self->keys, g_strdup (key), GUINT_TO_POINTER (times));
  if (times > 1)
    {
      char *unique = g_strdup_printf ("%s~%u", key, times);

      g_free (key);
      key = unique;
    }

  return key;
}

char *
valise_numbering_make_key (ValiseNumbering *self,
                           const char      *letter,
                           guint            number,
                           const char      *suffix)
{
  g_autofree char *prefix = self->annex > 0 ? g_strdup_printf ("a%u.", self->annex) : g_strdup ("");

  return valise_numbering_make_unique (
      self, g_strdup_printf ("%s%s%u%s", prefix, letter, number, suffix));
}

char *
valise_numbering_make_number (const ValiseNumbering *self, const char *number)
{
  g_autofree char *roman = NULL;
  g_autofree char *upper = NULL;

  if (self->annex == 0)
    return g_strdup (number);
  if (self->annexes == 1)
    return g_strdup_printf ("annex, %s", number);

  roman = valise_marker_format_roman (self->annex);
  upper = g_ascii_strup (roman, -1);

  return g_strdup_printf ("annex %s, %s", upper, number);
}
