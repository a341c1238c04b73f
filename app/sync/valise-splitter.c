/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-splitter"

#include "config.h"

#include <string.h>

#include "valise-splitter.h"

#define MAX_REST  (1 << 20) /* bytes of everything outside the array's elements */
#define MAX_DEPTH (VALISE_JSON_MAX_DEPTH + 8)

/**
 * ValiseSplitter:
 *
 * Counts brackets outside of strings. `rest` gathers what is outside of the array's elements,
 * and from its newest bytes one sees by which name a container is called.
 */
struct _ValiseSplitter
{
  char              *member; /* NULL: the outermost value is the array */
  gsize              max_element;
  ValiseSplitterFunc func;
  gpointer           user_data;

  GString *rest;
  GString *element;
  guint    depth;
  guint    array; /* the depth inside of the array, 0: not in it */
  gboolean found; /* the array was met */
  gboolean in_string;
  gboolean escaped; /* the next byte of the string is */
  gboolean complete;
};

ValiseSplitter *
valise_splitter_new (const char        *member,
                     gsize              max_element,
                     ValiseSplitterFunc func,
                     gpointer           user_data)
{
  ValiseSplitter *self = g_new0 (ValiseSplitter, 1);

  self->member = g_strdup (member);
  self->max_element = max_element;
  self->func = func;
  self->user_data = user_data;
  self->rest = g_string_new (NULL);
  self->element = g_string_new (NULL);
  return self;
}

void
valise_splitter_free (ValiseSplitter *self)
{
  g_free (self->member);
  g_string_free (self->rest, TRUE);
  g_string_free (self->element, TRUE);
  g_free (self);
}

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Whether what stands before the bracket just met is `"member" :`. */
static gboolean
is_named (ValiseSplitter *self)
{
  const char *text = self->rest->str;
  gsize       end = self->rest->len;
  gsize       name = self->member != NULL ? strlen (self->member) : 0;

  while (end > 0 && is_space (text[end - 1]))
    end--;
  if (end == 0 || text[end - 1] != ':')
    return FALSE;
  end--;
  while (end > 0 && is_space (text[end - 1]))
    end--;
  return end >= name + 2 && text[end - 1] == '"' && text[end - name - 2] == '"'
         && memcmp (text + end - name - 1, self->member, name) == 0;
}

static gboolean
starts_array (ValiseSplitter *self)
{
  if (self->found)
    return FALSE;
  if (self->member == NULL)
    return self->depth == 0;
  return self->depth == 1 && is_named (self);
}

/* Hands over the element that has just ended, if there is one. */
static gboolean
end_element (ValiseSplitter *self, GError **error)
{
  gsize start = 0, end = self->element->len;

  while (end > 0 && is_space (self->element->str[end - 1]))
    end--;
  while (start < end && is_space (self->element->str[start]))
    start++;
  if (start < end && !self->func (self->element->str + start, end - start, self->user_data, error))
    return FALSE;

  g_string_truncate (self->element, 0);
  return TRUE;
}

static gboolean
fail (GError **error, ValiseJsonError code, const char *message)
{
  g_set_error_literal (error, VALISE_JSON_ERROR, code, message);
  return FALSE;
}

/* Appends to where the bytes now belong. */
static gboolean
keep (ValiseSplitter *self, const char *data, gsize length, GError **error)
{
  GString *out = self->array != 0 ? self->element : self->rest;
  gsize    limit = self->array != 0 ? self->max_element : MAX_REST;

  if (out->len + length > limit)
    return fail (error, VALISE_JSON_ERROR_SIZE, "A part of the answer is too long");
  g_string_append_len (out, data, (gssize) length);
  return TRUE;
}

static gboolean
open_container (ValiseSplitter *self, char c, GError **error)
{
  gboolean array = c == '[' && starts_array (self);

  if (self->depth >= MAX_DEPTH)
    return fail (error, VALISE_JSON_ERROR_DEPTH, "The answer is nested too deeply");
  if (!keep (self, &c, 1, error))
    return FALSE;
  self->depth++;
  if (array)
    {
      self->found = TRUE;
      self->array = self->depth;
    }
  return TRUE;
}

static gboolean
close_container (ValiseSplitter *self, char c, GError **error)
{
  if (self->depth == 0)
    return fail (error, VALISE_JSON_ERROR_SYNTAX, "The answer closes what it did not open");
  if (self->array == self->depth)
    {
      if (!end_element (self, error))
        return FALSE;
      self->array = 0;
    }
  self->depth--;
  self->complete = self->depth == 0;
  return keep (self, &c, 1, error);
}

/* One byte outside of strings that has a meaning. */
static gboolean
take_mark (ValiseSplitter *self, char c, GError **error)
{
  switch (c)
    {
    case '{':
    case '[':
      return open_container (self, c, error);
    case '}':
    case ']':
      return close_container (self, c, error);
    case ',':
      if (self->array == self->depth && self->array != 0)
        return end_element (self, error);
      return keep (self, &c, 1, error);
    default: /* '"' */
      self->in_string = TRUE;
      return keep (self, &c, 1, error);
    }
}

/* How many bytes from @data do not end the string, or do not mark structure. */
static gsize
measure_plain (ValiseSplitter *self, const char *data, gsize length)
{
  gsize n = 0;

  if (self->in_string)
    while (n < length && data[n] != '"' && data[n] != '\\')
      n++;
  else
    while (n < length && data[n] != '"' && data[n] != '{' && data[n] != '}' && data[n] != '['
           && data[n] != ']' && data[n] != ',')
      n++;
  return n;
}

/* One byte that measure_plain() stopped at, or the one after a backslash. */
static gboolean
take_special (ValiseSplitter *self, char c, GError **error)
{
  if (!self->in_string)
    return take_mark (self, c, error);

  if (self->escaped)
    self->escaped = FALSE;
  else if (c == '\\')
    self->escaped = TRUE;
  else
    self->in_string = FALSE;
  return keep (self, &c, 1, error);
}

static gboolean
check_blank (const char *data, gsize length, GError **error)
{
  for (gsize i = 0; i < length; i++)
    if (!is_space (data[i]))
      return fail (error, VALISE_JSON_ERROR_SYNTAX, "Not one JSON object or array");
  return TRUE;
}

gboolean
valise_splitter_feed (ValiseSplitter *self, const char *data, gsize length, GError **error)
{
  gsize at = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  while (at < length)
    {
      gsize plain = 0;

      if (self->complete)
        return check_blank (data + at, length - at, error);
      if (!self->escaped)
        plain = measure_plain (self, data + at, length - at);
      if (self->depth == 0 && !check_blank (data + at, plain, error))
        return FALSE;
      if (plain > 0 && !keep (self, data + at, plain, error))
        return FALSE;
      at += plain;
      if (at < length && !take_special (self, data[at++], error))
        return FALSE;
    }
  return TRUE;
}

gboolean
valise_splitter_is_complete (ValiseSplitter *self)
{
  return self->complete;
}

ValiseJson *
valise_splitter_finish (ValiseSplitter *self, GError **error)
{
  return valise_json_scan_text (self->rest->str, (gssize) self->rest->len, VALISE_JSON_ANY, error);
}
