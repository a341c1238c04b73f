/* valise-json.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-json"

#include "config.h"

#include <string.h>

#include "valise-json-string.h"
#include "valise-json-tape.h"
#include "valise-json.h"

#define FEW_MEMBERS 16 /* up to here an insertion sort is quicker */

G_DEFINE_QUARK (valise_json_error, valise_json_error)

/**
 * valise_json_scan:
 * @text: kept by reference; need not be terminated
 * @flags: which numbers are taken
 *
 * Scans @text whole, in time linear in its length but for objects whose names do not rise:
 * these are sorted, to find a name that repeats. Needs 16 bytes a token beside the text, so
 * callers bound the length of what strangers send. Any thread.
 *
 * Fails with any #ValiseJsonError; the message names the byte.
 *
 * Returns: (transfer full): the tokens of @text, or %NULL with @error set
 */
ValiseJson *
valise_json_scan (GBytes *text, ValiseJsonFlags flags, GError **error)
{
  g_autoptr (ValiseJson) self = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (ValiseJson, 1);
  g_atomic_ref_count_init (&self->refs);
  self->bytes = g_bytes_ref (text);
  self->text = g_bytes_get_data (text, &self->length);

  return valise_json_tape_fill (self, flags, error) ? g_steal_pointer (&self) : NULL;
}

ValiseJson *
valise_json_scan_text (const char *text, gssize length, ValiseJsonFlags flags, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  bytes = g_bytes_new (text, length < 0 ? strlen (text) : (gsize) length);
  return valise_json_scan (bytes, flags, error);
}

ValiseJson *
valise_json_ref (ValiseJson *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
valise_json_unref (ValiseJson *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_bytes_unref (self->bytes);
  g_free (self->tape);
  g_free (self);
}

GBytes *
valise_json_get_text (const ValiseJson *self)
{
  return self->bytes;
}

ValiseJsonKind
valise_json_get_kind (const ValiseJson *self, guint token)
{
  g_return_val_if_fail (token != VALISE_JSON_NONE, VALISE_JSON_KIND_NULL);

  return self->tape[token].traits & VALISE_JSON_KIND_MASK;
}

static gboolean
is_kind (const ValiseJson *self, guint token, ValiseJsonKind kind)
{
  return token != VALISE_JSON_NONE && valise_json_get_kind (self, token) == kind;
}

guint
valise_json_first (const ValiseJson *self, guint container)
{
  if (container == VALISE_JSON_NONE
      || (self->tape[container].traits & VALISE_JSON_TRAIT_FILLED) == 0)
    return VALISE_JSON_NONE;

  return container + (is_kind (self, container, VALISE_JSON_KIND_OBJECT) ? 2 : 1);
}

guint
valise_json_next (const ValiseJson *self, guint token)
{
  if (token == VALISE_JSON_NONE || self->tape[token].next == 0)
    return VALISE_JSON_NONE;

  return self->tape[token].next;
}

/* Takes time linear in the answer. */
guint
valise_json_count (const ValiseJson *self, guint container)
{
  guint n = 0;

  for (guint child = valise_json_first (self, container); child != VALISE_JSON_NONE;
       child = valise_json_next (self, child))
    n++;

  return n;
}

const char *
valise_json_get_raw_name (const ValiseJson *self, guint token, gsize *length)
{
  const ValiseJsonToken *name = NULL;

  g_return_val_if_fail (token != VALISE_JSON_NONE && token > 0, NULL);

  name = &self->tape[token - 1];
  *length = name->end - name->start - 2;
  return self->text + name->start + 1;
}

static gboolean
is_named (const ValiseJson *self, guint token, const char *name, gsize name_length)
{
  gsize            length;
  const char      *raw = valise_json_get_raw_name (self, token, &length);
  g_autofree char *unescaped = NULL;

  if ((self->tape[token - 1].traits & VALISE_JSON_TRAIT_ESCAPED) == 0)
    return length == name_length && memcmp (raw, name, length) == 0;

  unescaped = valise_json_string_unescape (raw, length);
  return g_str_equal (unescaped, name);
}

/* Takes time linear in the number of members. */
guint
valise_json_find (const ValiseJson *self, guint object, const char *name)
{
  gsize length = strlen (name);
  guint member = VALISE_JSON_NONE;

  if (!is_kind (self, object, VALISE_JSON_KIND_OBJECT))
    return VALISE_JSON_NONE;

  member = valise_json_first (self, object);
  while (member != VALISE_JSON_NONE && !is_named (self, member, name, length))
    member = valise_json_next (self, member);

  return member;
}

char *
valise_json_dup_name (const ValiseJson *self, guint token)
{
  const char *raw = NULL;
  gsize       length;

  if (token == VALISE_JSON_NONE || (self->tape[token].traits & VALISE_JSON_TRAIT_MEMBER) == 0)
    return NULL;

  raw = valise_json_get_raw_name (self, token, &length);
  return valise_json_string_unescape (raw, length);
}

const char *
valise_json_get_raw (const ValiseJson *self, guint token, gsize *length)
{
  g_return_val_if_fail (token != VALISE_JSON_NONE, NULL);

  *length = self->tape[token].end - self->tape[token].start;
  return self->text + self->tape[token].start;
}

char *
valise_json_dup_raw (const ValiseJson *self, guint token)
{
  const char *raw = NULL;
  gsize       length;

  if (token == VALISE_JSON_NONE)
    return NULL;

  raw = valise_json_get_raw (self, token, &length);
  return g_strndup (raw, length);
}

char *
valise_json_dup_string (const ValiseJson *self, guint token)
{
  const char *raw = NULL;
  gsize       length;

  if (!is_kind (self, token, VALISE_JSON_KIND_STRING))
    return NULL;

  raw = valise_json_get_raw (self, token, &length);
  return valise_json_string_unescape (raw + 1, length - 2);
}

/* FALSE too where the number has a fraction or an exponent, or does not fit. */
gboolean
valise_json_get_int (const ValiseJson *self, guint token, gint64 *value)
{
  g_autofree char *text = NULL;

  if (!is_kind (self, token, VALISE_JSON_KIND_NUMBER))
    return FALSE;

  text = valise_json_dup_raw (self, token);
  return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, value, NULL);
}

gboolean
valise_json_get_true (const ValiseJson *self, guint token)
{
  return is_kind (self, token, VALISE_JSON_KIND_TRUE);
}

char *
valise_json_dup_member (const ValiseJson *self, guint object, const char *name)
{
  return valise_json_dup_string (self, valise_json_find (self, object, name));
}

char **
valise_json_dup_strings (const ValiseJson *self, guint array)
{
  g_autoptr (GStrvBuilder) strings = g_strv_builder_new ();

  if (array != VALISE_JSON_NONE && valise_json_get_kind (self, array) == VALISE_JSON_KIND_ARRAY)
    for (guint token = valise_json_first (self, array); token != VALISE_JSON_NONE;
         token = valise_json_next (self, token))
      {
        g_autofree char *text = valise_json_dup_string (self, token);

        if (text != NULL)
          g_strv_builder_add (strings, text);
      }

  return g_strv_builder_end (strings);
}

gint64
valise_json_get_member_int (const ValiseJson *self,
                            guint             object,
                            const char       *name,
                            gint64            otherwise)
{
  gint64 value;

  return valise_json_get_int (self, valise_json_find (self, object, name), &value) ? value
                                                                                   : otherwise;
}

gboolean
valise_json_get_member_true (const ValiseJson *self, guint object, const char *name)
{
  return valise_json_get_true (self, valise_json_find (self, object, name));
}

gboolean
valise_json_is_canonical (const ValiseJson *self, guint token)
{
  g_return_val_if_fail (token != VALISE_JSON_NONE, FALSE);

  return (self->tape[token].traits & VALISE_JSON_TRAIT_LOOSE) == 0;
}

int
valise_json_tape_compare (gconstpointer a, gconstpointer b, gpointer json)
{
  gsize       a_length, b_length;
  const char *a_name = valise_json_get_raw_name (json, *(const guint *) a, &a_length);
  const char *b_name = valise_json_get_raw_name (json, *(const guint *) b, &b_length);

  return valise_json_string_compare (a_name, a_length, b_name, b_length);
}

static void
sort_members (const ValiseJson *self, guint *members, guint n)
{
  if (n > FEW_MEMBERS)
    {
      g_qsort_with_data (members, (gint) n, sizeof *members, valise_json_tape_compare,
                         (gpointer) self);
      return;
    }

  for (guint i = 1; i < n; i++)
    {
      guint member = members[i];
      guint place = i;

      for (; place > 0
             && valise_json_tape_compare (&members[place - 1], &member, (gpointer) self) > 0;
           place--)
        members[place] = members[place - 1];
      members[place] = member;
    }
}

guint *
valise_json_dup_sorted (const ValiseJson *self, guint object, guint *n)
{
  guint *members = NULL;
  guint  i = 0;

  *n = is_kind (self, object, VALISE_JSON_KIND_OBJECT) ? valise_json_count (self, object) : 0;
  members = g_new (guint, *n);
  for (guint member = valise_json_first (self, object); i < *n;
       member = valise_json_next (self, member))
    members[i++] = member;

  if (*n > 0 && (self->tape[object].traits & VALISE_JSON_TRAIT_MIXED) != 0)
    sort_members (self, members, *n);
  return members;
}

char *
valise_json_dup_with (const ValiseJson *self, const char *name, const char *value)
{
  GString *out = g_string_new ("{");
  guint    old = valise_json_find (self, 0, name);

  for (guint token = valise_json_first (self, 0); token != VALISE_JSON_NONE;
       token = valise_json_next (self, token))
    {
      gsize       name_length, length;
      const char *raw_name = valise_json_get_raw_name (self, token, &name_length);
      const char *raw = valise_json_get_raw (self, token, &length);

      if (token == old)
        continue;
      g_string_append_len (out, raw_name - 1, (gssize) name_length + 2); /* with its quotes */
      g_string_append_c (out, ':');
      g_string_append_len (out, raw, (gssize) length);
      g_string_append_c (out, ',');
    }

  if (value != NULL)
    g_string_append_printf (out, "\"%s\":%s", name, value);
  else if (out->len > 1)
    g_string_truncate (out, out->len - 1); /* the last comma */
  g_string_append_c (out, '}');

  return g_string_free (out, FALSE);
}
