/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-choice"

#include "config.h"

#include <string.h>

#include "valise-bundle-choice.h"
#include "valise-bundle-request.h"
#include "valise-bundle-wall.h"
#include "valise-id.h"
#include "valise-seal.h"

struct _ValiseBundleChoice
{
  const ValiseBundleOrder *order;
  GPtrArray               *originals; /* (element-type ValiseBundleOriginal) */
  GHashTable              *noted;     /* set of their SHA-256 */
};

ValiseBundleChoice *
valise_bundle_choice_new (const ValiseBundleOrder *order)
{
  ValiseBundleChoice *self = g_new0 (ValiseBundleChoice, 1);

  self->order = order;
  self->originals = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_bundle_original_free);
  self->noted = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
valise_bundle_choice_free (ValiseBundleChoice *self)
{
  g_hash_table_unref (self->noted);
  g_ptr_array_unref (self->originals);
  g_free (self);
}

GPtrArray *
valise_bundle_choice_get_originals (ValiseBundleChoice *self)
{
  return self->originals;
}

/* "2026-07-03", of a day that there is. */
static gboolean
is_day (const char *text)
{
  guint64 year = 0, month = 0, day = 0;

  return strlen (text) == strlen ("2026-07-03") && text[4] == '-' && text[7] == '-'
         && strspn (text, "0123456789-") == strlen (text)
         && (year = g_ascii_strtoull (text, NULL, 10)) > 0
         && (month = g_ascii_strtoull (text + 5, NULL, 10)) <= 12
         && (day = g_ascii_strtoull (text + 8, NULL, 10)) <= 31
         && g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year);
}

gboolean
valise_bundle_order_set_since (ValiseBundleOrder *order, const char *text)
{
  guint64 issue = 0;

  if (text != NULL && strchr (text, '-') != NULL)
    {
      order->since_date = text;
      return is_day (text);
    }
  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &issue, NULL))
    return FALSE;
  order->since_issue = (gint64) issue;
  return TRUE;
}

/* --- documents ------------------------------------------------------------------------------ */

static gboolean
is_chosen_language (const ValiseBundleOrder *order, const char *language)
{
  return order->languages == NULL || language == NULL
         || g_strv_contains (order->languages, language);
}

/* What was issued before, and what is of another meeting, stays. What says neither goes. */
static gboolean
is_chosen (const ValiseBundleOrder *order, const ValiseDocument *document)
{
  g_autoptr (ValiseJson) json = NULL;
  g_autofree char       *issued = NULL, *meeting = NULL;
  gint64                 issue = -1;

  if (document->deleted
      || (order->since_issue <= 0 && order->since_date == NULL && order->meeting == NULL))
    return TRUE;
  json = valise_document_scan (document, NULL);
  if (json == NULL)
    return TRUE;

  issue = valise_seal_get_issue (json);
  issued = valise_json_dup_member (json, 0, "issued");
  meeting = valise_json_dup_member (json, 0, "meeting");
  return (issue < 0 || issue > order->since_issue)
         && (order->since_date == NULL || issued == NULL
             || g_strcmp0 (issued, order->since_date) >= 0)
         && (order->meeting == NULL || meeting == NULL || g_str_equal (meeting, order->meeting));
}

static gboolean
has_selection (const ValiseBundleOrder *order)
{
  return order->since_issue > 0 || order->since_date != NULL || order->meeting != NULL
         || order->languages != NULL;
}

/* --- files ---------------------------------------------------------------------------------- */

typedef struct
{
  ValiseBundleChoice   *self;
  guint                 section;
  const ValiseDocument *document;
} Note;

static gboolean
note_original (const char *sha256, gint64 length, const char *language, gpointer user_data)
{
  const Note           *note = user_data;
  ValiseBundleChoice   *self = note->self;
  ValiseBundleOriginal *original = NULL;

  if (self->originals->len == VALISE_BUNDLE_MAX_ORIGINALS)
    return FALSE;
  if (length == 0 || !is_chosen_language (self->order, language)
      || g_hash_table_contains (self->noted, sha256))
    return TRUE;
  original = valise_bundle_original_new (sha256, note->section, note->document->id, length);
  g_ptr_array_add (self->originals, original);
  g_hash_table_add (self->noted, original->sha256);
  return TRUE;
}

gboolean
valise_bundle_choice_take (ValiseBundleChoice   *self,
                           const char           *database,
                           guint                 section,
                           const ValiseDocument *document)
{
  const ValiseBundleOrder *order = self->order;
  Note                     note = { self, section, document };
  gboolean is_file = valise_id_get_sha256 (document->id) != NULL && !document->deleted;

  if (!is_chosen_language (order, valise_id_get_language (document->id))
      || !is_chosen (order, document))
    return FALSE;
  /* Where only some papers go, their files' documents go with their bytes. */
  if (is_file && has_selection (order) && !valise_bundle_wall_is_own (database))
    return FALSE;
  if (!order->without_originals)
    valise_bundle_original_list (document, note_original, &note);
  return order->request == NULL
         || !valise_bundle_request_has (order->request, database, document->id, document->rev);
}
