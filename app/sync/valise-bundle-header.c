/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-header"

#include "config.h"

#include <string.h>

#include "valise-bundle-header.h"

#define MAX_NAME 200 /* characters of a database's name, as a home has it */
#define MAX_WORD 1000

static void
free_section (gpointer data)
{
  ValiseBundleSection *section = data;

  g_free (section->name);
  g_free (section->epoch);
  g_free (section);
}

ValiseBundleHeader *
valise_bundle_header_new (void)
{
  ValiseBundleHeader *self = g_new0 (ValiseBundleHeader, 1);

  self->part = 1;
  self->sections = g_ptr_array_new_with_free_func (free_section);
  return self;
}

void
valise_bundle_header_free (ValiseBundleHeader *self)
{
  g_free (self->programme);
  g_free (self->maker);
  g_free (self->person);
  g_free (self->recipient);
  g_ptr_array_unref (self->sections);
  g_free (self);
}

void
valise_bundle_header_add (ValiseBundleHeader *self,
                          const char         *name,
                          const char         *epoch,
                          gint64              since,
                          gint64              until)
{
  ValiseBundleSection *section = g_new0 (ValiseBundleSection, 1);

  section->name = g_strdup (name);
  section->epoch = g_strdup (epoch);
  section->since = since;
  section->until = until;
  g_ptr_array_add (self->sections, section);
}

int
valise_bundle_header_find (const ValiseBundleHeader *self, const char *name)
{
  for (guint i = 0; i < self->sections->len; i++)
    if (g_str_equal (((ValiseBundleSection *) g_ptr_array_index (self->sections, i))->name, name))
      return (int) i;
  return -1;
}

static void
append_member (GString *out, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_string_append_printf (out, "\"%s\":", name);
  valise_json_append_string (out, value, -1);
  g_string_append_c (out, ',');
}

char *
valise_bundle_header_to_text (const ValiseBundleHeader *self)
{
  GString *out = g_string_new ("{");

  append_member (out, "programme", self->programme);
  append_member (out, "maker", self->maker);
  append_member (out, "person", self->person);
  append_member (out, "for", self->recipient);
  g_string_append_printf (
      out, "\"made\":%" G_GINT64_FORMAT ",\"part\":%" G_GINT64_FORMAT ",\"databases\":[",
      self->made_us, self->part);
  for (guint i = 0; i < self->sections->len; i++)
    {
      const ValiseBundleSection *section = g_ptr_array_index (self->sections, i);

      g_string_append (out, i > 0 ? ",{" : "{");
      append_member (out, "name", section->name);
      append_member (out, "epoch", section->epoch);
      g_string_append_printf (out, "\"since\":%" G_GINT64_FORMAT ",\"until\":%" G_GINT64_FORMAT "}",
                              section->since, section->until);
    }
  g_string_append (out, "]}");
  return g_string_free (out, FALSE);
}

/* A name that a home would open (see valise-home.h): it becomes part of a path. */
static gboolean
is_database_name (const char *name)
{
  return name != NULL && g_ascii_islower (*name) && strlen (name) <= MAX_NAME
         && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789_$()+-") == strlen (name);
}

static gboolean
is_word (const char *text)
{
  return text == NULL || strlen (text) <= MAX_WORD;
}

static gboolean
read_section (ValiseBundleHeader *self, const ValiseJson *json, guint token)
{
  g_autofree char *name = valise_json_dup_member (json, token, "name");
  g_autofree char *epoch = valise_json_dup_member (json, token, "epoch");
  gint64           since = valise_json_get_member_int (json, token, "since", -1);
  gint64           until = valise_json_get_member_int (json, token, "until", -1);

  if (!is_database_name (name) || valise_bundle_header_find (self, name) >= 0 || !is_word (epoch)
      || since < 0 || until < since)
    return FALSE;
  valise_bundle_header_add (self, name, epoch, since, until);
  return TRUE;
}

static gboolean
read_header (ValiseBundleHeader *self, const ValiseJson *json)
{
  guint list = valise_json_find (json, 0, "databases");

  self->programme = valise_json_dup_member (json, 0, "programme");
  self->maker = valise_json_dup_member (json, 0, "maker");
  self->person = valise_json_dup_member (json, 0, "person");
  self->recipient = valise_json_dup_member (json, 0, "for");
  self->made_us = valise_json_get_member_int (json, 0, "made", 0);
  self->part = valise_json_get_member_int (json, 0, "part", 0);
  if (self->programme == NULL || self->maker == NULL || self->recipient == NULL
      || !is_word (self->programme) || !is_word (self->maker) || !is_word (self->person)
      || !is_word (self->recipient) || self->part < 1 || list == VALISE_JSON_NONE
      || valise_json_get_kind (json, list) != VALISE_JSON_KIND_ARRAY
      || valise_json_count (json, list) > VALISE_BUNDLE_MAX_DATABASES)
    return FALSE;

  for (guint token = valise_json_first (json, list); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    if (!read_section (self, json, token))
      return FALSE;
  return TRUE;
}

ValiseBundleHeader *
valise_bundle_header_parse (GBytes *text, GError **error)
{
  g_autoptr (ValiseJson)         json = valise_json_scan (text, VALISE_JSON_INTEGERS, NULL);
  g_autoptr (ValiseBundleHeader) self = valise_bundle_header_new ();

  if (json == NULL || !read_header (self, json))
    {
      g_set_error_literal (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_DAMAGED,
                           "The bundle does not say whose it is and what it holds");
      return NULL;
    }
  return g_steal_pointer (&self);
}
