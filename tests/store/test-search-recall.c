/* test-search-recall.c - what people look for is found, in six languages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "index-fixture.h"
#include "recall-cases.h"
#include "valise-language.h"

#define PATIENCE_MS 60000

typedef struct
{
  char              *root;
  ValiseDatabase    *database;
  ValiseSearchIndex *index;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autofree char   *path = NULL;
  g_autofree char   *index = NULL;
  g_autoptr (GError) error = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  path = g_build_filename (fixture->root, "public.sqlite", NULL);
  index = g_build_filename (fixture->root, "search.sqlite", NULL);
  fixture->database = valise_database_open (path, "public", TRUE, &error);
  g_assert_no_error (error);
  fixture->index = valise_search_index_open (index, 1, extract_test_entry, NULL, &error);
  g_assert_no_error (error);
  valise_search_index_add (fixture->index, fixture->database);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->root, "public.sqlite", NULL);
  g_autofree char *index = g_build_filename (fixture->root, "search.sqlite", NULL);

  valise_search_index_close (fixture->index);
  g_assert_finalize_object (fixture->index);
  g_assert_finalize_object (fixture->database);
  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (g_unlink (index));
  g_assert_no_errno (g_rmdir (fixture->root));
  g_free (fixture->root);
}

static void
put_text (ValiseBatch *batch, const char *id, const char *language, const char *text)
{
  g_autoptr (GString)        json = g_string_new ("{\"type\":\"text\",\"language\":");
  g_autoptr (ValiseDocument) document = NULL;
  g_autoptr (GBytes)         body = NULL;
  g_autoptr (GError)         error = NULL;
  ValiseMerge                merge = VALISE_MERGE_KNOWN;

  valise_json_append_string (json, language, -1);
  g_string_append (json, ",\"paragraphs\":[{\"key\":\"1\",\"text\":");
  valise_json_append_string (json, text, -1);
  g_string_append (json, "}]}");
  body = g_bytes_new (json->str, json->len);
  document = valise_document_new (id, "1-0123456789abcdef0123456789abcdef", FALSE, body);
  document->size = (gint64) json->len;
  g_assert_true (valise_batch_merge (batch, document, &merge, &error));
  g_assert_no_error (error);
}

static void
commit (Fixture *fixture, ValiseBatch *batch)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (valise_batch_commit (batch, &error));
  g_assert_no_error (error);
  g_assert_true (valise_search_index_catch_up (fixture->index, PATIENCE_MS));
}

static gboolean
finds (Fixture *fixture, const char *query, const char *language, const char *id)
{
  ValiseIndexFilter     filter = { .language = language };
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) hits =
      valise_search_index_search (fixture->index, query, &filter, 0, NULL, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < hits->len; i++)
    {
      const ValiseHit *hit = hits->pdata[i];

      if (g_str_equal (hit->record->id, id))
        {
          g_assert_cmpuint (hit->marks->len, >, 0);
          return TRUE;
        }
    }

  return FALSE;
}

/* Each text is looked for among all: no other's words help or hide it. */
static void
texts_are_found_by_the_words_people_know_them_by (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ValiseBatch       *batch = valise_database_begin (fixture->database, &error);
  guint              wrong = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (recall_cases); i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      put_text (batch, id, recall_cases[i].language, recall_cases[i].text);
    }
  commit (fixture, batch);

  for (guint i = 0; i < G_N_ELEMENTS (recall_cases); i++)
    {
      const RecallCase *recall = &recall_cases[i];
      g_autofree char  *id = g_strdup_printf ("%u", i);
      /* A finished word: what a word half typed may become is another matter. */
      g_autofree char *query = g_strconcat (recall->query, " ", NULL);

      if (finds (fixture, query, recall->language, id) != recall->hit)
        {
          g_test_message ("%s: '%s' %s '%s'", recall->language, recall->query,
                          recall->hit ? "misses" : "finds", recall->text);
          wrong++;
        }
      /* As one types on, a hit stays a hit. */
      if (recall->hit)
        g_assert_true (finds (fixture, recall->query, recall->language, id));
    }
  g_assert_cmpuint (wrong, ==, 0);
}

static void
chinese_without_spaces_may_be_several_words (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ValiseBatch       *batch = valise_database_begin (fixture->database, &error);

  g_assert_no_error (error);
  put_text (batch, "a", "zh", "关于网络安全的能力建设");
  put_text (batch, "b", "zh", "网络与安全");
  commit (fixture, batch);
  g_assert_true (finds (fixture, "网络安全", "zh", "a"));
  g_assert_false (finds (fixture, "网络安全", "zh", "b"));
  g_assert_true (finds (fixture, "能力建设网络安全", "zh", "a"));
  g_assert_true (finds (fixture, "能力 网络", "zh", "a"));
  g_assert_true (finds (fixture, "关于网络能力建设", "zh", "a"));
  g_assert_true (finds (fixture, "的能力网络安全", "zh", "a"));
  g_assert_false (finds (fixture, "“能力建设网络安全”", "zh", "a"));
}

/* Every language has its twenty cases. */
static void
each_language_has_its_cases (void)
{
  for (guint i = 0; i < VALISE_N_LANGUAGES; i++)
    {
      guint n = 0;

      for (guint j = 0; j < G_N_ELEMENTS (recall_cases); j++)
        n += g_str_equal (recall_cases[j].language, valise_language_list ()[i]) ? 1 : 0;
      g_assert_cmpuint (n, >=, 20);
    }
}

/* --- resolutions ------------------------------------------------------------------------ */

/* The words of an XML file's body, tags left out; crude, as a test's own reading may be. */
static char *
read_words (const char *path)
{
  g_autofree char   *content = NULL;
  g_autoptr (GError) error = NULL;
  GString           *words = g_string_new (NULL);
  const char        *at = NULL;
  gboolean           tag = FALSE;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  at = strstr (content, "</meta>");
  for (at = at != NULL ? at + 7 : content; *at != '\0'; at++)
    if (*at == '<' || *at == '>')
      {
        tag = *at == '<';
        g_string_append_c (words, ' ');
      }
    else if (!tag)
      g_string_append_c (words, *at);
  g_strdelimit (words->str, "\t\r\n&;", ' ');

  return g_string_free (words, FALSE);
}

static guint
put_corpus (ValiseBatch *batch, const char *shared, const char *language, GHashTable *texts)
{
  g_autofree char *folder = g_build_filename (shared, "corpus", language, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name = NULL;
  guint            n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *id = g_strconcat (language, "/", name, NULL);
      g_autofree char *text = read_words (path);

      put_text (batch, id, language, text);
      g_hash_table_insert (texts, g_steal_pointer (&id), g_steal_pointer (&text));
      n++;
    }

  return n;
}

/* Some sixty characters from the middle, whole words, as a phrase. */
static char *
choose_phrase (const char *text)
{
  const char *middle = text + strlen (text) / 2;
  const char *start = strchr (middle, ' ');
  const char *end = NULL;
  GString    *phrase = g_string_new ("\"");

  g_assert (start != NULL); /* it never returns, so the compiler believes it */
  while (*start == ' ')
    start++;
  end = strchr (start + MIN (strlen (start), 60), ' ');
  g_string_append_len (phrase, start, end == NULL ? (gssize) strlen (start) : end - start);
  for (gsize i = 1; i < phrase->len; i++)
    if (phrase->str[i] == '"')
      phrase->str[i] = ' ';

  g_string_append_c (phrase, '"');

  return g_string_free (phrase, FALSE);
}

static void
every_resolution_is_found_by_a_phrase_of_its_own (Fixture *fixture, gconstpointer data)
{
  const char            *shared = g_getenv ("VALISE_SHARED");
  g_autoptr (GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GError)     error = NULL;
  ValiseBatch           *batch = NULL;
  GHashTableIter         iter;
  gpointer               id = NULL;
  gpointer               text = NULL;

  if (shared == NULL || !g_file_test (shared, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("VALISE_SHARED names no folder with the corpus");
      return;
    }
  batch = valise_database_begin (fixture->database, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < VALISE_N_LANGUAGES; i++)
    g_assert_cmpuint (put_corpus (batch, shared, valise_language_list ()[i], texts), ==, 48);
  commit (fixture, batch);

  g_hash_table_iter_init (&iter, texts);
  while (g_hash_table_iter_next (&iter, &id, &text))
    {
      g_autofree char *phrase = choose_phrase (text);
      g_autofree char *language = g_strndup (id, 2);

      if (!finds (fixture, phrase, language, id))
        g_error ("%s misses %s", (char *) id, phrase);
    }
}

#define ADD(test) g_test_add ("/search-recall/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (texts_are_found_by_the_words_people_know_them_by);
  ADD (chinese_without_spaces_may_be_several_words);
  g_test_add_func ("/search-recall/each_language_has_its_cases", each_language_has_its_cases);
  ADD (every_resolution_is_found_by_a_phrase_of_its_own);

  return g_test_run ();
}
