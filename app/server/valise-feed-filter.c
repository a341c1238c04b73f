/* valise-feed-filter.c - which rows of a changes feed are wanted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-feed-filter"

#include "config.h"

#include <string.h>

#include "valise-canonical.h"
#include "valise-feed-filter.h"

struct _ValiseFeedFilter
{
  gboolean    shows_documents;
  GHashTable *ids;      /* a set, or NULL */
  ValiseJson *body;     /* holds the selector, or NULL */
  guint       selector; /* token in it */
};

/* The ids of @array into the set. */
static void
take_ids (ValiseFeedFilter *self, const ValiseJson *json, guint array)
{
  guint token = array != VALISE_JSON_NONE ? valise_json_first (json, array) : VALISE_JSON_NONE;

  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (; token != VALISE_JSON_NONE; token = valise_json_next (json, token))
    {
      char *id = valise_json_dup_string (json, token);

      if (id != NULL)
        g_hash_table_add (self->ids, id);
    }
}

/* In a POST the ids are in the body, in a GET in the query. */
static gboolean
read_ids (ValiseFeedFilter *self, const ValiseRequest *request, GError **error)
{
  const char            *query = valise_request_get_query (request, "doc_ids");
  g_autoptr (ValiseJson) json = NULL;

  if (g_bytes_get_size (request->body) > 0)
    {
      json = valise_request_scan (request, error);
      if (json != NULL)
        take_ids (self, json, valise_json_find (json, 0, "doc_ids"));
      return json != NULL;
    }

  json = valise_json_scan_text (query != NULL ? query : "", -1, VALISE_JSON_ANY, NULL);
  if (json == NULL || valise_json_get_kind (json, 0) != VALISE_JSON_KIND_ARRAY)
    {
      g_set_error (error, VALISE_HTTP_ERROR, 400,
                   "`doc_ids` filter parameter is not a list of doc ids");
      return FALSE;
    }
  take_ids (self, json, 0);
  return TRUE;
}

/* The value that a condition asks for; VALISE_JSON_NONE for an operator we do not have. */
static guint
get_wanted (const ValiseJson *json, guint condition)
{
  if (valise_json_get_kind (json, condition) != VALISE_JSON_KIND_OBJECT)
    return condition;

  return valise_json_count (json, condition) == 1 ? valise_json_find (json, condition, "$eq")
                                                  : VALISE_JSON_NONE;
}

static gboolean
read_selector (ValiseFeedFilter *self, const ValiseRequest *request, GError **error)
{
  guint token = VALISE_JSON_NONE;

  self->body = valise_request_scan (request, error);
  if (self->body == NULL)
    return FALSE;

  self->selector = valise_json_find (self->body, 0, "selector");
  if (self->selector == VALISE_JSON_NONE
      || valise_json_get_kind (self->body, self->selector) != VALISE_JSON_KIND_OBJECT)
    {
      g_set_error (error, VALISE_HTTP_ERROR, 400, "Selector must be a JSON object");
      return FALSE;
    }
  for (token = valise_json_first (self->body, self->selector); token != VALISE_JSON_NONE;
       token = valise_json_next (self->body, token))
    {
      g_autofree char *name = valise_json_dup_name (self->body, token);

      if (*name == '$' || get_wanted (self->body, token) == VALISE_JSON_NONE)
        {
          g_set_error (error, VALISE_HTTP_ERROR, 400, "This server selects by equality only");
          return FALSE;
        }
    }

  return TRUE;
}

ValiseFeedFilter *
valise_feed_filter_new (const ValiseRequest *request, GError **error)
{
  const char       *name = valise_request_get_query (request, "filter");
  ValiseFeedFilter *self = g_new0 (ValiseFeedFilter, 1);
  gboolean          valid = TRUE;

  self->shows_documents = valise_request_get_flag (request, "include_docs");
  if (g_strcmp0 (name, "_doc_ids") == 0)
    valid = read_ids (self, request, error);
  else if (g_strcmp0 (name, "_selector") == 0)
    valid = read_selector (self, request, error);
  else if (name != NULL)
    {
      g_set_error (error, VALISE_HTTP_ERROR, 404, "missing");
      valid = FALSE;
    }
  if (!valid)
    g_clear_pointer (&self, valise_feed_filter_free);

  return self;
}

void
valise_feed_filter_free (ValiseFeedFilter *self)
{
  g_clear_pointer (&self->ids, g_hash_table_unref);
  g_clear_pointer (&self->body, valise_json_unref);
  g_free (self);
}

static gboolean
has_member (ValiseFeedFilter *self, const ValiseChange *change, const ValiseJson *json, guint token)
{
  g_autofree char    *name = valise_json_dup_name (self->body, token);
  guint               wanted = get_wanted (self->body, token);
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GString) found = g_string_new (NULL);
  guint               value = valise_json_find (json, 0, name);

  valise_canonical_append (expected, self->body, wanted);
  if (strcmp (name, "_id") == 0)
    valise_json_append_string (found, change->id, -1);
  else if (value == VALISE_JSON_NONE)
    return FALSE;
  else
    valise_canonical_append (found, json, value);

  return g_string_equal (expected, found);
}

static gboolean
matches_selector (ValiseFeedFilter *self, const ValiseChange *change)
{
  g_autoptr (ValiseJson) json =
      change->document != NULL ? valise_document_scan (change->document, NULL) : NULL;
  guint token = valise_json_first (self->body, self->selector);

  if (json == NULL)
    return FALSE;

  for (; token != VALISE_JSON_NONE; token = valise_json_next (self->body, token))
    if (!has_member (self, change, json, token))
      return FALSE;

  return TRUE;
}

gboolean
valise_feed_filter_passes (ValiseFeedFilter *self, const ValiseChange *change)
{
  if (self->ids != NULL)
    return g_hash_table_contains (self->ids, change->id);
  if (self->body != NULL)
    return matches_selector (self, change);

  return TRUE;
}

gboolean
valise_feed_filter_drops (ValiseFeedFilter *self)
{
  return self->ids != NULL || self->body != NULL;
}

gboolean
valise_feed_filter_needs_documents (ValiseFeedFilter *self)
{
  return self->body != NULL;
}

gboolean
valise_feed_filter_shows_documents (ValiseFeedFilter *self)
{
  return self->shows_documents;
}
