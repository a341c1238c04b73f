/* valise-canonical.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-canonical"

#include "config.h"

#include <math.h>
#include <string.h>

#include "valise-canonical.h"
#include "valise-digest.h"
#include "valise-json-string.h"

#define REVISION_DIGITS 32 /* of the digest that a revision names: 128 bits */
#define MAX_DIGITS      17 /* significant digits that tell any two doubles apart */

static void append_value (GString *out, const ValiseJson *json, guint token);

/* Takes "d.ddde±xx" apart: the digits alone, without the zeros at the end, into @digits;
 * the exponent is returned. */
static int
take_apart (const char *text, char *digits)
{
  gsize n = 0;

  for (; *text != 'e'; text++)
    if (g_ascii_isdigit (*text))
      digits[n++] = *text;
  while (n > 1 && digits[n - 1] == '0')
    n--;
  digits[n] = '\0';

  return atoi (text + 1);
}

/* The decimal just above "d.ddde±xx", of as many digits. */
static void
raise_last_digit (char *text)
{
  char *end = strchr (text, 'e');
  char *p = end - 1;

  for (; p > text && (*p == '9' || *p == '.'); p--)
    if (*p == '9')
      *p = '0';

  /* Were all of them 9, fewer digits would have done, so this never wraps. */
  if (*p != '9')
    *p += 1;
}

/* The fewest digits that read back as @value, which is positive and finite.
 *
 * The decimal of n digits nearest to @value reads back as @value whenever any of n digits
 * does, but for one case: below a power of two doubles lie twice as close, so that the one
 * just above may do where the nearest, just below, does not. */
static int
find_shortest (double value, char *digits)
{
  char text[40];

  for (int n = 1; n < MAX_DIGITS; n++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%de", n - 1);
      g_ascii_formatd (text, sizeof text, format, value);
      if (g_ascii_strtod (text, NULL) == value)
        return take_apart (text, digits);
      raise_last_digit (text);
      if (g_ascii_strtod (text, NULL) == value)
        return take_apart (text, digits);
    }

  g_ascii_formatd (text, sizeof text, "%.16e", value);
  return take_apart (text, digits);
}

/* Lays digits out as ECMAScript's Number::toString does (ECMA-262, 6.1.6.1.20). */
static void
append_digits (GString *out, const char *digits, int exponent)
{
  int n = (int) strlen (digits);
  int point = exponent + 1; /* how many digits stand before the decimal point */

  if (point > 21 || point < -5)
    {
      g_string_append_c (out, digits[0]);
      if (n > 1)
        g_string_append_printf (out, ".%s", digits + 1);
      g_string_append_printf (out, "e%+d", exponent);
    }
  else if (point <= 0)
    {
      g_string_append (out, "0.");
      for (int i = point; i < 0; i++)
        g_string_append_c (out, '0');
      g_string_append (out, digits);
    }
  else
    {
      g_string_append_len (out, digits, MIN (n, point));
      for (int i = n; i < point; i++)
        g_string_append_c (out, '0');
      if (n > point)
        g_string_append_printf (out, ".%s", digits + point);
    }
}

/* RFC 8785, 3.2.2.3. What no double can hold (1e400) has no canonical form: it stays as it
 * stands. None of our documents holds such a number. */
static void
append_number (GString *out, const ValiseJson *json, guint token)
{
  g_autofree char *raw = valise_json_dup_raw (json, token);
  double           value = g_ascii_strtod (raw, NULL);
  char             digits[MAX_DIGITS + 1];
  int              exponent = 0;

  if (isinf (value))
    {
      g_string_append (out, raw);
      return;
    }
  if (value == 0)
    {
      g_string_append_c (out, '0'); /* of -0 too */
      return;
    }

  exponent = find_shortest (fabs (value), digits);
  if (value < 0)
    g_string_append_c (out, '-');
  append_digits (out, digits, exponent);
}

/* @raw stands between quotes and may have escapes. */
static void
append_raw_string (GString *out, const char *raw, gsize length)
{
  g_autofree char *text = NULL;

  if (memchr (raw, '\\', length) == NULL)
    {
      g_string_append_len (out, raw - 1, (gssize) length + 2);
      return;
    }

  text = valise_json_string_unescape (raw, length);
  valise_json_append_string (out, text, -1);
}

static void
append_member (GString *out, const ValiseJson *json, guint token)
{
  gsize       length;
  const char *raw = valise_json_get_raw_name (json, token, &length);

  append_raw_string (out, raw, length);
  g_string_append_c (out, ':');
  append_value (out, json, token);
}

static void
append_object (GString *out, const ValiseJson *json, guint token)
{
  guint             n = 0;
  g_autofree guint *members = valise_json_dup_sorted (json, token, &n);

  g_string_append_c (out, '{');
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_member (out, json, members[i]);
    }
  g_string_append_c (out, '}');
}

static void
append_array (GString *out, const ValiseJson *json, guint token)
{
  guint first = valise_json_first (json, token);

  g_string_append_c (out, '[');
  for (guint child = first; child != VALISE_JSON_NONE; child = valise_json_next (json, child))
    {
      if (child != first)
        g_string_append_c (out, ',');
      append_value (out, json, child);
    }
  g_string_append_c (out, ']');
}

/* The scan has bounded the depth, so recursion is safe. */
static void
append_value (GString *out, const ValiseJson *json, guint token)
{
  gsize       length;
  const char *raw = valise_json_get_raw (json, token, &length);

  if (valise_json_is_canonical (json, token))
    {
      g_string_append_len (out, raw, (gssize) length);
      return;
    }

  switch (valise_json_get_kind (json, token))
    {
    case VALISE_JSON_KIND_NUMBER:
      append_number (out, json, token);
      break;
    case VALISE_JSON_KIND_STRING:
      append_raw_string (out, raw + 1, length - 2);
      break;
    case VALISE_JSON_KIND_ARRAY:
      append_array (out, json, token);
      break;
    case VALISE_JSON_KIND_OBJECT:
      append_object (out, json, token);
      break;
    default: /* the three words have one form */
      g_assert_not_reached ();
    }
}

/**
 * valise_canonical_append:
 * @out: where to append
 * @json: scanned with any flags
 * @token: a value of it
 *
 * Appends the canonical form of @token (RFC 8785), whole. Any thread.
 */
void
valise_canonical_append (GString *out, const ValiseJson *json, guint token)
{
  append_value (out, json, token);
}

/* Whether the top-level member belongs to the transport, or is itself a proof. */
static gboolean
is_outside_body (const ValiseJson *json, guint member)
{
  gsize            length;
  const char      *raw = valise_json_get_raw_name (json, member, &length);
  g_autofree char *name = NULL;

  /* Quick for nearly every name; an escaped one is looked at as what it says. */
  if (length == 0 || (raw[0] != '_' && raw[0] != 's' && raw[0] != '\\'))
    return FALSE;

  name = valise_json_string_unescape (raw, length);
  return name[0] == '_' || g_str_equal (name, "seal") || g_str_equal (name, "signed");
}

/**
 * valise_canonical_append_body:
 * @out: where to append
 * @json: a document; what is no object is appended whole
 *
 * Appends what revisions, seals and signatures cover (DESIGN.md, Data): the canonical form
 * without the top-level members that begin with `_`, and without `seal` and `signed`. Any
 * thread.
 */
void
valise_canonical_append_body (GString *out, const ValiseJson *json)
{
  guint             n = 0;
  g_autofree guint *members = NULL;
  gboolean          first = TRUE;

  if (valise_json_get_kind (json, 0) != VALISE_JSON_KIND_OBJECT)
    {
      append_value (out, json, 0);
      return;
    }

  members = valise_json_dup_sorted (json, 0, &n);
  g_string_append_c (out, '{');
  for (guint i = 0; i < n; i++)
    {
      if (is_outside_body (json, members[i]))
        continue;
      if (!first)
        g_string_append_c (out, ',');
      first = FALSE;
      append_member (out, json, members[i]);
    }
  g_string_append_c (out, '}');
}

static GString *
new_buffer (const ValiseJson *json)
{
  return g_string_sized_new (g_bytes_get_size (valise_json_get_text (json)) + 64);
}

/**
 * valise_canonical_digest:
 * @json: a document
 *
 * SHA-256 of its canonical body. Any thread.
 *
 * Returns: (transfer full): 64 lower-case hex digits
 */
char *
valise_canonical_digest (const ValiseJson *json)
{
  g_autoptr (GString) body = new_buffer (json);

  valise_canonical_append_body (body, json);
  return valise_digest_dup_hex (body->str, body->len);
}

char *
valise_canonical_revision (const char *parent, gboolean deleted, const ValiseJson *json)
{
  g_autoptr (GString) text = new_buffer (json);
  g_autofree char    *hash = NULL;
  guint64             generation = parent == NULL ? 0 : g_ascii_strtoull (parent, NULL, 10);

  g_string_append (text, parent == NULL ? "" : parent);
  g_string_append (text, deleted ? "\n1\n" : "\n0\n");
  valise_canonical_append_body (text, json);
  hash = valise_digest_dup_hex (text->str, text->len);

  return g_strdup_printf ("%" G_GUINT64_FORMAT "-%.*s", generation + 1, REVISION_DIGITS, hash);
}
