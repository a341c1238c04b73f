/* valise-json-tape.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-json"

#include "config.h"

#include <string.h>

#include "valise-json-string.h"
#include "valise-json-tape.h"

#define MAX_LENGTH      G_GUINT64_CONSTANT (0x80000000) /* bytes; offsets are 32 bits */
#define MAX_SAFE        (G_GUINT64_CONSTANT (1) << 53)  /* where doubles begin to skip integers */
#define MAX_SAFE_DIGITS 16

typedef struct
{
  guint32 container;
  guint32 last; /* the child read last, 0 before the first */
} Frame;

typedef struct
{
  ValiseJson     *json;
  gsize           at;
  ValiseJsonFlags flags;
  guint           n_tokens;
  guint           n_allocated;
  guint           depth;
  Frame           frames[VALISE_JSON_MAX_DEPTH];
  GError        **error;
} Scan;

static gboolean
fail (Scan *scan, ValiseJsonError code, const char *what)
{
  g_set_error (scan->error, VALISE_JSON_ERROR, code, "%s at byte %" G_GSIZE_FORMAT, what, scan->at);
  return FALSE;
}

/* The next byte that is no white space, or 0 at the end. White space makes the container
 * around it loose. */
static char
skip_space (Scan *scan)
{
  const char *text = scan->json->text;
  gsize       from = scan->at;
  char        c = '\0';

  for (; scan->at < scan->json->length; scan->at++)
    {
      c = text[scan->at];
      if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
        break;
    }

  if (scan->at > from && scan->depth > 0)
    scan->json->tape[scan->frames[scan->depth - 1].container].traits |= VALISE_JSON_TRAIT_LOOSE;
  return scan->at < scan->json->length ? c : '\0';
}

static ValiseJsonToken *
push_token (Scan *scan, guint32 traits)
{
  ValiseJsonToken *token = NULL;

  if (scan->n_tokens == scan->n_allocated)
    {
      scan->n_allocated += scan->n_allocated / 2 + 16;
      scan->json->tape = g_renew (ValiseJsonToken, scan->json->tape, scan->n_allocated);
    }

  token = &scan->json->tape[scan->n_tokens++];
  token->start = (guint32) scan->at;
  token->end = 0;
  token->next = 0;
  token->traits = traits;
  return token;
}

/* Pushes a value and links it to the child before it. */
static ValiseJsonToken *
push_value (Scan *scan, ValiseJsonKind kind)
{
  ValiseJsonToken *token = push_token (scan, kind);
  Frame           *frame = NULL;

  if (scan->depth == 0)
    return token;

  frame = &scan->frames[scan->depth - 1];
  if ((scan->json->tape[frame->container].traits & VALISE_JSON_KIND_MASK)
      == VALISE_JSON_KIND_OBJECT)
    token->traits |= VALISE_JSON_TRAIT_MEMBER;
  if (frame->last != 0)
    scan->json->tape[frame->last].next = scan->n_tokens - 1;
  frame->last = scan->n_tokens - 1;
  scan->json->tape[frame->container].traits |= VALISE_JSON_TRAIT_FILLED;
  return token;
}

/* What is loose in a child is loose in its container. */
static void
finish_value (Scan *scan, ValiseJsonToken *token)
{
  token->end = (guint32) scan->at;
  if (scan->depth > 0)
    scan->json->tape[scan->frames[scan->depth - 1].container].traits |=
        token->traits & VALISE_JSON_TRAIT_LOOSE;
}

static gboolean
scan_string (Scan *scan, ValiseJsonToken *token)
{
  ValiseJsonStringTraits traits;

  if (!valise_json_string_scan (scan->json->text, scan->json->length, &scan->at, &traits,
                                scan->error))
    return FALSE;

  token->traits |= ((traits & VALISE_JSON_STRING_ESCAPED) ? VALISE_JSON_TRAIT_ESCAPED : 0)
                   | ((traits & VALISE_JSON_STRING_LOOSE) ? VALISE_JSON_TRAIT_LOOSE : 0);
  finish_value (scan, token);
  return TRUE;
}

/* How many digits stand here; *@value is what they say, as far as it fits. */
static gsize
scan_digits (Scan *scan, guint64 *value)
{
  const char *text = scan->json->text;
  gsize       from = scan->at;

  *value = 0;
  for (; scan->at < scan->json->length && g_ascii_isdigit (text[scan->at]); scan->at++)
    *value = *value * 10 + (guint64) (text[scan->at] - '0');

  return scan->at - from;
}

/* The fraction and the exponent; *@integer is whether there is neither. */
static gboolean
scan_tail_of_number (Scan *scan, gboolean *integer)
{
  const char *text = scan->json->text;
  guint64     ignored;

  *integer = TRUE;
  if (scan->at < scan->json->length && text[scan->at] == '.')
    {
      *integer = FALSE;
      scan->at++;
      if (scan_digits (scan, &ignored) == 0)
        return fail (scan, VALISE_JSON_ERROR_SYNTAX, "Decimal point without a digit");
    }

  if (scan->at < scan->json->length && (text[scan->at] == 'e' || text[scan->at] == 'E'))
    {
      *integer = FALSE;
      scan->at++;
      if (scan->at < scan->json->length && (text[scan->at] == '+' || text[scan->at] == '-'))
        scan->at++;
      if (scan_digits (scan, &ignored) == 0)
        return fail (scan, VALISE_JSON_ERROR_SYNTAX, "Exponent without a digit");
    }

  return TRUE;
}

static gboolean
scan_number (Scan *scan)
{
  ValiseJsonToken *token = push_value (scan, VALISE_JSON_KIND_NUMBER);
  gboolean         negative = scan->json->text[scan->at] == '-';
  gsize            first, n_digits;
  guint64          value;
  gboolean         integer, safe;

  scan->at += negative ? 1 : 0;
  first = scan->at;
  n_digits = scan_digits (scan, &value);
  if (n_digits == 0)
    return fail (scan, VALISE_JSON_ERROR_SYNTAX, "Number without a digit");
  if (n_digits > 1 && scan->json->text[first] == '0')
    return fail (scan, VALISE_JSON_ERROR_SYNTAX, "Number with a leading zero");
  if (!scan_tail_of_number (scan, &integer))
    return FALSE;

  safe = integer && n_digits <= MAX_SAFE_DIGITS && value <= MAX_SAFE;
  if (!safe && (scan->flags & VALISE_JSON_INTEGERS) != 0)
    return fail (scan, VALISE_JSON_ERROR_NUMBER, "Not an integer within 2^53");

  if (!safe || (negative && value == 0))
    token->traits |= VALISE_JSON_TRAIT_LOOSE;
  finish_value (scan, token);
  return TRUE;
}

static gboolean
scan_word (Scan *scan, const char *word, ValiseJsonKind kind)
{
  gsize length = strlen (word);

  if (scan->json->length - scan->at < length
      || memcmp (scan->json->text + scan->at, word, length) != 0)
    return fail (scan, VALISE_JSON_ERROR_SYNTAX, "Not a value");

  ValiseJsonToken *token = push_value (scan, kind);
  scan->at += length;
  finish_value (scan, token);
  return TRUE;
}

static gboolean
open_container (Scan *scan, ValiseJsonKind kind)
{
  if (scan->depth == VALISE_JSON_MAX_DEPTH)
    return fail (scan, VALISE_JSON_ERROR_DEPTH, "Nested too deeply");

  push_value (scan, kind);
  scan->frames[scan->depth].container = scan->n_tokens - 1;
  scan->frames[scan->depth].last = 0;
  scan->depth++;
  scan->at++;
  return TRUE;
}

/* Two equal names stand side by side once they are sorted. */
static gboolean
check_names (Scan *scan, guint object)
{
  guint             n = 0;
  g_autofree guint *members = valise_json_dup_sorted (scan->json, object, &n);

  for (guint i = 1; i < n; i++)
    if (valise_json_tape_compare (&members[i - 1], &members[i], scan->json) == 0)
      return fail (scan, VALISE_JSON_ERROR_DUPLICATE, "The object before names a member twice");

  return TRUE;
}

static gboolean
close_container (Scan *scan)
{
  guint            container = scan->frames[scan->depth - 1].container;
  ValiseJsonToken *token = &scan->json->tape[container];

  scan->at++;
  scan->depth--;
  if ((token->traits & VALISE_JSON_TRAIT_MIXED) != 0 && !check_names (scan, container))
    return FALSE;

  finish_value (scan, token);
  return TRUE;
}

/* A member's name and its colon. */
static gboolean
scan_name (Scan *scan)
{
  Frame *frame = &scan->frames[scan->depth - 1];
  guint  value = scan->n_tokens + 1;

  if (skip_space (scan) != '"')
    return fail (scan, VALISE_JSON_ERROR_SYNTAX, "Not a member's name");
  if (!scan_string (scan, push_token (scan, VALISE_JSON_KIND_STRING)))
    return FALSE;

  /* Names that rise cannot repeat, so only the others need check_names(). */
  if (frame->last != 0 && valise_json_tape_compare (&frame->last, &value, scan->json) >= 0)
    scan->json->tape[frame->container].traits |= VALISE_JSON_TRAIT_MIXED | VALISE_JSON_TRAIT_LOOSE;

  if (skip_space (scan) != ':')
    return fail (scan, VALISE_JSON_ERROR_SYNTAX, "Member without a colon");
  scan->at++;
  skip_space (scan);
  return TRUE;
}

static gboolean
scan_value (Scan *scan)
{
  char c = skip_space (scan);

  switch (c)
    {
    case '{':
      return open_container (scan, VALISE_JSON_KIND_OBJECT);
    case '[':
      return open_container (scan, VALISE_JSON_KIND_ARRAY);
    case '"':
      return scan_string (scan, push_value (scan, VALISE_JSON_KIND_STRING));
    case 't':
      return scan_word (scan, "true", VALISE_JSON_KIND_TRUE);
    case 'f':
      return scan_word (scan, "false", VALISE_JSON_KIND_FALSE);
    case 'n':
      return scan_word (scan, "null", VALISE_JSON_KIND_NULL);
    default:
      if (c == '-' || g_ascii_isdigit (c))
        return scan_number (scan);
      return fail (scan, VALISE_JSON_ERROR_SYNTAX, "Not a value");
    }
}

/* After an opening bracket or a value: goes on to where the next value begins, through
 * closing brackets, a comma, a name. At depth 0 there is none. */
static gboolean
find_value (Scan *scan)
{
  while (scan->depth > 0)
    {
      Frame   *frame = &scan->frames[scan->depth - 1];
      gboolean object = (scan->json->tape[frame->container].traits & VALISE_JSON_KIND_MASK)
                        == VALISE_JSON_KIND_OBJECT;
      char c = skip_space (scan);

      if (c == (object ? '}' : ']'))
        {
          if (!close_container (scan))
            return FALSE;
          continue;
        }

      if (frame->last != 0)
        {
          if (c != ',')
            return fail (scan, VALISE_JSON_ERROR_SYNTAX, "Neither a comma nor the closing bracket");
          scan->at++;
        }
      return !object || scan_name (scan);
    }

  return TRUE;
}

static gboolean
scan_text (Scan *scan)
{
  do
    if (!scan_value (scan) || !find_value (scan))
      return FALSE;
  while (scan->depth > 0);

  skip_space (scan);
  if (scan->at < scan->json->length)
    return fail (scan, VALISE_JSON_ERROR_SYNTAX, "More after the value");
  return TRUE;
}

gboolean
valise_json_tape_fill (ValiseJson *self, ValiseJsonFlags flags, GError **error)
{
  Scan scan = { .json = self, .flags = flags, .error = error };

  if (self->length > MAX_LENGTH)
    return fail (&scan, VALISE_JSON_ERROR_SIZE, "More than 2^31 bytes");

  scan.n_allocated = (guint) (self->length / 32) + 16;
  self->tape = g_new (ValiseJsonToken, scan.n_allocated);
  return scan_text (&scan);
}
