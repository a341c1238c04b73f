/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-finding"

#include "config.h"

#include <stdlib.h>

#include "valise-finding-parts.h"

void
valise_finding_free (ValiseFinding *finding)
{
  g_return_if_fail (finding != NULL);

  g_free (finding->symbol);
  g_free (finding->title);
  g_free (finding->kind);
  g_free (finding->date);
  g_free (finding->language);
  g_free (finding->paragraph);
  g_free (finding->key);
  g_free (finding->sha256);
  g_free (finding->file);
  g_free (finding->snippet);
  g_clear_pointer (&finding->marks, g_array_unref);
  g_free (finding);
}

static guint
count_languages (ValiseSearchIndex *index, const char *group)
{
  g_autoptr (GPtrArray) records = valise_search_index_get_group (index, group, NULL);
  guint                 count = 0;

  for (guint i = 0; records != NULL && i < records->len; i++)
    count += ((const ValiseIndexRecord *) records->pdata[i])->language != NULL;

  return count;
}

/* A file whose title alone was found is its paper. */
static void
add_place (ValiseFinding *finding, const ValiseHit *hit)
{
  const char            *text = hit->record->summary != NULL ? hit->record->summary : "{}";
  g_autoptr (ValiseJson) summary = NULL;

  if (hit->record->file == NULL)
    {
      finding->paragraph = g_strdup (hit->paragraph);
      finding->key = g_strdup (hit->key);
    }
  else if (hit->paragraph != NULL)
    {
      summary = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, NULL);
      finding->sha256 = g_strdup (hit->record->file);
      finding->file = summary != NULL ? valise_json_dup_member (summary, 0, "name") : NULL;
      finding->page = (guint) atoi (hit->paragraph);
    }
}

ValiseFinding *
valise_finding_new (ValiseSearchIndex *index, const ValiseHit *hit)
{
  const ValiseIndexRecord *record = hit->record;
  ValiseFinding           *finding = NULL;

  if (record->symbol == NULL)
    return NULL;

  finding = g_new0 (ValiseFinding, 1);
  finding->symbol = g_strdup (record->symbol);
  finding->title = g_strdup (record->title);
  finding->kind = g_strdup (record->kind);
  finding->date = g_strdup (record->date);
  finding->language = g_strdup (record->language);
  add_place (finding, hit);
  finding->snippet = g_strdup (hit->snippet);
  finding->marks =
      hit->marks != NULL ? g_array_ref (hit->marks) : g_array_new (FALSE, FALSE, sizeof (guint));
  finding->n_languages = count_languages (index, record->group);

  return finding;
}
