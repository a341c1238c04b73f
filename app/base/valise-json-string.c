/* valise-json-string.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-json-string"

#include "config.h"

#include <string.h>

#include "valise-json-string.h"

#define EACH_BYTE(value) (G_GUINT64_CONSTANT (0x0101010101010101) * (value))

static gboolean
fail (GError **error, ValiseJsonError code, gsize at, const char *what)
{
  g_set_error (error, VALISE_JSON_ERROR, code, "%s at byte %" G_GSIZE_FORMAT, what, at);
  return FALSE;
}

/* How many of the 8 bytes at @p need no look: ASCII, and neither control, quote nor backslash.
 * Each subtraction sets the high bit of a byte that is below, or equal to, the one it looks
 * for; a borrow can raise a false alarm only above a true one, so the lowest is true. */
static inline guint
count_plain (const char *p)
{
  guint64 word;
  guint64 alarms;

  memcpy (&word, p, sizeof word);
  word = GUINT64_FROM_LE (word);
  alarms = word | (word - EACH_BYTE (0x20)) | ((word ^ EACH_BYTE ('"')) - EACH_BYTE (1))
           | ((word ^ EACH_BYTE ('\\')) - EACH_BYTE (1));
  alarms &= EACH_BYTE (0x80);

  return alarms == 0 ? 8 : (guint) __builtin_ctzll (alarms) / 8;
}

static inline gboolean
continues (guchar byte)
{
  return (byte & 0xC0) == 0x80;
}

/* The length of the UTF-8 sequence at @p of @left bytes, 0 where it is none (RFC 3629: no
 * overlong form, no surrogate, nothing above U+10FFFF). */
static inline gsize
measure_utf8 (const guchar *p, gsize left)
{
  guchar lead = p[0];

  if (lead < 0xE0)
    return lead >= 0xC2 && left >= 2 && continues (p[1]) ? 2 : 0;

  if (lead < 0xF0)
    {
      if (left < 3 || !continues (p[1]) || !continues (p[2]))
        return 0;
      return (lead == 0xE0 && p[1] < 0xA0) || (lead == 0xED && p[1] > 0x9F) ? 0 : 3;
    }

  if (lead > 0xF4 || left < 4 || !continues (p[1]) || !continues (p[2]) || !continues (p[3]))
    return 0;
  return (lead == 0xF0 && p[1] < 0x90) || (lead == 0xF4 && p[1] > 0x8F) ? 0 : 4;
}

/* The value of 4 hexadecimal digits, -1 where they are not. */
static gint32
read_hex4 (const char *p)
{
  gint32 value = 0;

  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (p[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }

  return value;
}

static inline gboolean
is_high_surrogate (gint32 unit)
{
  return unit >= 0xD800 && unit <= 0xDBFF;
}

static inline gboolean
is_low_surrogate (gint32 unit)
{
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* Whether RFC 8785 writes this control character as \u00XX too, in lower case. */
static gboolean
is_tight_unicode_escape (gint32 unit, char last_digit)
{
  return unit < 0x20 && strchr ("\b\f\n\r\t", unit) == NULL && !g_ascii_isupper (last_digit);
}

static gboolean
scan_unicode_escape (const char             *text,
                     gsize                   length,
                     gsize                  *at,
                     ValiseJsonStringTraits *traits,
                     GError                **error)
{
  gint32 unit = length - *at >= 6 ? read_hex4 (text + *at + 2) : -1;

  if (unit < 0)
    return fail (error, VALISE_JSON_ERROR_SYNTAX, *at, "\\u without four hexadecimal digits");
  if (unit == 0)
    return fail (error, VALISE_JSON_ERROR_TEXT, *at, "U+0000");

  if (!is_tight_unicode_escape (unit, text[*at + 5]))
    *traits |= VALISE_JSON_STRING_LOOSE;
  if (is_low_surrogate (unit))
    return fail (error, VALISE_JSON_ERROR_TEXT, *at, "Lone surrogate");

  *at += 6;
  if (!is_high_surrogate (unit))
    return TRUE;

  if (length - *at < 6 || text[*at] != '\\' || text[*at + 1] != 'u'
      || !is_low_surrogate (read_hex4 (text + *at + 2)))
    return fail (error, VALISE_JSON_ERROR_TEXT, *at, "Lone surrogate");
  *at += 6;
  return TRUE;
}

static gboolean
scan_escape (const char             *text,
             gsize                   length,
             gsize                  *at,
             ValiseJsonStringTraits *traits,
             GError                **error)
{
  char what = length - *at >= 2 ? text[*at + 1] : '\0';

  *traits |= VALISE_JSON_STRING_ESCAPED;
  if (what == 'u')
    return scan_unicode_escape (text, length, at, traits, error);

  if (what == '\0' || strchr ("\"\\/bfnrt", what) == NULL)
    return fail (error, VALISE_JSON_ERROR_SYNTAX, *at, "Unknown escape");

  if (what == '/')
    *traits |= VALISE_JSON_STRING_LOOSE;
  *at += 2;
  return TRUE;
}

/* What is neither plain nor the closing quote. */
static gboolean
scan_special (const char             *text,
              gsize                   length,
              gsize                  *at,
              ValiseJsonStringTraits *traits,
              GError                **error)
{
  if (text[*at] == '\\')
    return scan_escape (text, length, at, traits, error);
  if (text[*at] == '\0')
    return fail (error, VALISE_JSON_ERROR_TEXT, *at, "U+0000");

  /* Most letters of ar, ru and zh come here: a run of them is taken in one go. */
  while (*at < length && (guchar) text[*at] >= 0x80)
    {
      gsize step = measure_utf8 ((const guchar *) text + *at, length - *at);

      if (step == 0)
        return fail (error, VALISE_JSON_ERROR_TEXT, *at, "Invalid UTF-8");
      *at += step;
    }

  if (*at < length && (guchar) text[*at] < 0x20 && text[*at] != '\0')
    return fail (error, VALISE_JSON_ERROR_SYNTAX, *at, "Control character in a string");
  return TRUE;
}

gboolean
valise_json_string_scan (const char             *text,
                         gsize                   length,
                         gsize                  *at,
                         ValiseJsonStringTraits *traits,
                         GError                **error)
{
  gsize here = *at + 1;

  *traits = 0;
  while (here < length)
    {
      guint plain = length - here >= 8 ? count_plain (text + here) : 0;

      here += plain;
      if (plain == 8)
        continue;
      if (text[here] == '"')
        {
          *at = here + 1;
          return TRUE;
        }
      if ((guchar) text[here] >= 0x20 && (guchar) text[here] < 0x80 && text[here] != '\\')
        here++; /* plain, among the last 7 bytes of the text */
      else if (!scan_special (text, length, &here, traits, error))
        {
          *at = here;
          return FALSE;
        }
    }

  *at = length;
  return fail (error, VALISE_JSON_ERROR_SYNTAX, length, "String without an end");
}

/* Takes one character off *@p, escaped or not. The scan has checked it. */
static gunichar
take_character (const char **p)
{
  const char *here = *p;
  gint32      unit;

  if (*here != '\\')
    {
      *p = g_utf8_next_char (here);
      return g_utf8_get_char (here);
    }

  if (here[1] != 'u')
    {
      const char *found = strchr ("\"\"\\\\//b\bf\fn\nr\rt\t", here[1]);

      *p = here + 2;
      return (gunichar) found[1];
    }

  unit = read_hex4 (here + 2);
  *p = here + 6;
  if (!is_high_surrogate (unit))
    return (gunichar) unit;

  *p = here + 12;
  return (gunichar) (0x10000 + ((unit - 0xD800) << 10) + (read_hex4 (here + 8) - 0xDC00));
}

char *
valise_json_string_unescape (const char *raw, gsize length)
{
  const char *end = raw + length;
  const char *escape = memchr (raw, '\\', length);
  GString    *text = NULL;

  if (escape == NULL)
    return g_strndup (raw, length);

  text = g_string_sized_new (length);
  while (escape != NULL)
    {
      g_string_append_len (text, raw, escape - raw);
      raw = escape;
      g_string_append_unichar (text, take_character (&raw));
      escape = memchr (raw, '\\', (gsize) (end - raw));
    }
  g_string_append_len (text, raw, end - raw);

  return g_string_free (text, FALSE);
}

/* Above the basic plane a character's first UTF-16 unit is a surrogate, which sorts below
 * U+E000: the one place where code points and code units disagree. */
static guint32
get_first_unit (gunichar character)
{
  return character < 0x10000 ? character : 0xD800 + ((character - 0x10000) >> 10);
}

int
valise_json_string_compare (const char *a, gsize a_length, const char *b, gsize b_length)
{
  const char *a_end = a + a_length;
  const char *b_end = b + b_length;

  while (a < a_end && b < b_end)
    {
      gunichar x, y;

      if (*a == *b && *a != '\\' && (guchar) *a < 0x80)
        {
          a++;
          b++;
          continue;
        }
      x = take_character (&a);
      y = take_character (&b);
      if (get_first_unit (x) != get_first_unit (y))
        return get_first_unit (x) < get_first_unit (y) ? -1 : 1;
      if (x != y)
        return x < y ? -1 : 1;
    }

  return (a < a_end) - (b < b_end);
}

/* What stands after the backslash for a character that must not stand bare, or 0. */
static char
get_short_escape (char character)
{
  switch (character)
    {
    case '\b':
      return 'b';
    case '\t':
      return 't';
    case '\n':
      return 'n';
    case '\f':
      return 'f';
    case '\r':
      return 'r';
    case '"':
    case '\\':
      return character;
    default:
      return 0;
    }
}

/**
 * valise_json_append_string:
 * @out: where to append
 * @text: valid UTF-8
 * @length: in bytes, or -1 where @text is terminated
 *
 * Appends @text as a JSON string in quotes, with the escapes of RFC 8785 (3.2.2.2) and no
 * others. Any thread.
 */
void
valise_json_append_string (GString *out, const char *text, gssize length)
{
  const char *end = text + (length < 0 ? strlen (text) : (gsize) length);

  g_string_append_c (out, '"');
  while (text < end)
    {
      const char *from = text;

      while (text < end && (guchar) *text >= 0x20 && *text != '"' && *text != '\\')
        text++;
      g_string_append_len (out, from, text - from);
      if (text == end)
        break;

      if (get_short_escape (*text) != 0)
        {
          g_string_append_c (out, '\\');
          g_string_append_c (out, get_short_escape (*text));
        }
      else
        g_string_append_printf (out, "\\u%04x", (guint) *text);
      text++;
    }
  g_string_append_c (out, '"');
}

void
valise_json_append_member (GString *out, const char *name, const char *text)
{
  if (out->len > 0 && out->str[out->len - 1] != '{')
    g_string_append_c (out, ',');
  valise_json_append_string (out, name, -1);
  g_string_append_c (out, ':');
  if (text != NULL)
    valise_json_append_string (out, text, -1);
  else
    g_string_append (out, "null");
}
