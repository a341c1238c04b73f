/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "valise-fake-record.h"
#include "valise-fake.h"
#include "valise-language.h"
#include "valise-reading.h"

gboolean
valise_fake_paper_matches (const FakePaper *paper, guint index, const ValiseLibraryFilter *filter)
{
  return (filter->meeting == NULL || g_strcmp0 (filter->meeting, paper->meeting) == 0)
         && (filter->item == NULL || g_strcmp0 (filter->item, paper->item) == 0)
         && (filter->author == NULL || g_strcmp0 (filter->author, paper->author) == 0)
         && (filter->kind == NULL || g_strcmp0 (filter->kind, paper->kind) == 0)
         && (filter->language == NULL || strstr (paper->here, filter->language) != NULL)
         && (!filter->unread || index < 3);
}

void
valise_finding_free (ValiseFinding *finding)
{
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
  g_array_unref (finding->marks);
  g_free (finding);
}

static void
add_finding (GPtrArray *found, const FakePaper *paper, const char *language, const char *query)
{
  for (guint i = 0; i < N_FAKE_LANGUAGES; i++)
    for (guint j = 0; strcmp (valise_fake_sentences[i].language, language) == 0 && j < 4; j++)
      {
        g_autofree char *plain = valise_markup_to_plain (valise_fake_sentences[i].words[j]);
        const char      *at = strstr (plain, query);
        ValiseFinding   *finding = NULL;
        guint            marks[2];

        if (at == NULL)
          continue;
        marks[0] = (guint) (at - plain);
        marks[1] = marks[0] + (guint) strlen (query);
        finding = g_new0 (ValiseFinding, 1);
        finding->symbol = g_strdup (paper->symbol);
        finding->title = g_strdup (paper->title);
        finding->kind = g_strdup (paper->kind);
        finding->date = g_strdup (paper->date);
        finding->language = g_strdup (language);
        finding->paragraph = g_strdup (j == 2 ? "4" : j == 3 ? "3" : "PP2");
        finding->key = g_strdup (j == 2 ? "o4" : j == 3 ? "o3" : "p2");
        finding->snippet = g_steal_pointer (&plain);
        finding->marks = g_array_new (FALSE, FALSE, sizeof (guint));
        g_array_append_vals (finding->marks, marks, 2);
        finding->n_languages = (guint) (strlen (paper->here) + 1) / 3;
        g_ptr_array_add (found, finding);
        return;
      }
}

/* The page of an original; its words are those of the tests' PDFs. */
static void
add_original (GPtrArray *found)
{
  const guint    marks[] = { 22, 27 };
  ValiseFinding *finding = g_new0 (ValiseFinding, 1);

  finding->symbol = g_strdup ("A/RES/77/37");
  finding->title = g_strdup ("Programme of action to advance responsible State behaviour");
  finding->kind = g_strdup ("resolution");
  finding->date = g_strdup ("2022-12-07");
  finding->language = g_strdup ("en");
  finding->sha256 = g_strdup (VALISE_FAKE_FILE);
  finding->file = g_strdup (VALISE_FAKE_FILE_NAME);
  finding->page = 4;
  finding->snippet = g_strdup ("Points of contact and norms");
  finding->marks = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_vals (finding->marks, marks, 2);
  g_ptr_array_add (found, finding);
}

void
valise_library_search_async (ValiseLibrary             *self,
                             const char                *query,
                             const ValiseLibraryFilter *filter,
                             guint                      limit,
                             GCancellable              *cancellable,
                             GAsyncReadyCallback        callback,
                             gpointer                   user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GPtrArray        *found = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_finding_free);

  for (guint i = 0; !valise_library_is_behind (self) && i < N_FAKE_PAPERS; i++)
    for (const char *const *code = valise_language_list (); *code != NULL; code++)
      if ((filter == NULL || valise_fake_paper_matches (&valise_fake_papers[i], i, filter))
          && strstr (valise_fake_papers[i].here, *code) != NULL)
        add_finding (found, &valise_fake_papers[i], *code, query);
  if (strcmp (query, VALISE_FAKE_FILE_WORD) == 0)
    add_original (found);
  g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
valise_library_search_finish (ValiseLibrary *self,
                              GAsyncResult  *result,
                              guint         *total,
                              GError       **error)
{
  GPtrArray  *found = g_task_propagate_pointer (G_TASK (result), error);
  const char *last = "";

  *total = 0;
  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      ValiseFinding *finding = found->pdata[i];

      *total += strcmp (finding->symbol, last) != 0;
      last = finding->symbol;
    }
  return found;
}
