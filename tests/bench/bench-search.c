/* bench-search.c - how fast texts become searchable, and how fast they are found
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: bench-search [DOCUMENTS [FOLDER]]: 50,000 of some 9.5 KB unless told; FOLDER is kept
 * and used again where it is there already. Texts are made of the paragraphs of the corpus in
 * $VALISE_SHARED (all six languages, shuffled), or of invented words where it is absent: then
 * most of the queries find nothing, and the figures say little.
 *
 * Of a search two times are told. Who types waits for the one on the wall; on a busy machine that
 * holds the others' work, too. The other is the processor's, of the thread that searches alone:
 * all of a search is done on it, so that on a machine at rest the two are the same.
 */

#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "index-fixture.h"
#include "valise-language.h"

#define DOCUMENT_BYTES 9500
#define BATCH          500 /* documents in a transaction */
#define ARRIVALS       40  /* texts that come one by one */
#define PATIENCE_MS    10000

typedef struct
{
  GPtrArray *paragraphs[VALISE_N_LANGUAGES]; /* (element-type utf8) */
  GRand     *random;
} Source;

/* --- texts ------------------------------------------------------------------------------- */

/* The text of every element of @xml that has one, where it is as long as a paragraph. */
static void
take_paragraphs (GPtrArray *paragraphs, const char *xml)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *at = xml; *at != '\0'; at++)
    if (g_str_has_prefix (at, "</p>"))
      {
        g_strstrip (text->str);
        if (strlen (text->str) > 80)
          g_ptr_array_add (paragraphs, g_strdup (text->str));
        g_string_truncate (text, 0);
      }
    else if (*at == '<')
      at += strcspn (at, ">") - (strchr (at, '>') == NULL ? 1 : 0);
    else
      g_string_append_c (text, *at == '\n' ? ' ' : *at);
}

static void
read_corpus (Source *source, guint language, const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *xml = NULL;
      const char      *body = NULL;

      if (!g_file_get_contents (path, &xml, NULL, NULL))
        continue;
      body = strstr (xml, "</meta>");
      take_paragraphs (source->paragraphs[language], body != NULL ? body : xml);
    }
}

/* Words as frequent as words are: the n-th one time in n. */
static void
invent_paragraphs (Source *source, guint language)
{
  static const char *const letters[VALISE_N_LANGUAGES] = { "ابتجدرسعمن", "aeiostrnlc",
                                                           "aeiostrnlc", "aeiostrnlc",
                                                           "аеиострнлв", "国大会人民和平安全发" };

  for (guint i = 0; i < 2000; i++)
    {
      GString *text = g_string_new (NULL);

      for (guint j = 0; j < 80; j++)
        {
          guint word = (guint) exp (g_rand_double (source->random) * log (50000));

          for (; word > 0; word /= 10)
            g_string_append_unichar (
                text, g_utf8_get_char (g_utf8_offset_to_pointer (letters[language], word % 10)));
          g_string_append_c (text, ' ');
        }
      g_ptr_array_add (source->paragraphs[language], g_string_free (text, FALSE));
    }
}

static void
open_source (Source *source)
{
  const char *shared = g_getenv ("VALISE_SHARED");

  source->random = g_rand_new_with_seed (1);
  for (guint i = 0; i < VALISE_N_LANGUAGES; i++)
    {
      g_autofree char *folder = g_build_filename (shared != NULL ? shared : "/nonexistent",
                                                  "corpus", valise_language_list ()[i], NULL);

      source->paragraphs[i] = g_ptr_array_new_with_free_func (g_free);
      read_corpus (source, i, folder);
      if (source->paragraphs[i]->len == 0)
        invent_paragraphs (source, i);
    }
}

static void
close_source (Source *source)
{
  for (guint i = 0; i < VALISE_N_LANGUAGES; i++)
    g_ptr_array_unref (source->paragraphs[i]);
  g_rand_free (source->random);
}

static const char *
choose_paragraph (Source *source, guint language)
{
  GPtrArray *paragraphs = source->paragraphs[language];

  return paragraphs->pdata[g_rand_int_range (source->random, 0, (gint32) paragraphs->len)];
}

static ValiseDocument *
make_document (Source *source, guint number, gsize *text_bytes)
{
  guint            language = number % VALISE_N_LANGUAGES;
  guint            paper = number / VALISE_N_LANGUAGES;
  g_autofree char *symbol = g_strdup_printf ("A/RES/%u/%u", 40 + paper / 200, paper % 200);
  g_autofree char *id = g_strdup_printf ("text:%s:%s", symbol, valise_language_list ()[language]);
  g_autoptr (GString) json = g_string_new (NULL);
  g_autofree char    *title = NULL;
  g_autoptr (GBytes)  body = NULL;

  g_string_printf (json,
                   "{\"type\":\"text\",\"group\":\"%s\",\"symbol\":\"%s\",\"language\":\"%s\","
                   "\"date\":\"%u-%02u-11\",\"meeting\":\"meeting:%u\",\"item\":\"%u\",\"title\":",
                   symbol, symbol, valise_language_list ()[language], 1985 + paper / 200,
                   1 + paper % 12, paper / 200, paper % 140);
  title = g_utf8_substring (choose_paragraph (source, language), 0, 40);
  valise_json_append_string (json, title, -1);
  g_string_append (json, ",\"paragraphs\":[");
  for (guint i = 0; json->len < DOCUMENT_BYTES; i++)
    {
      const char *text = choose_paragraph (source, language);

      g_string_append_printf (
          json, "%s{\"key\":\"%u\",\"number\":\"%u\",\"text\":", i > 0 ? "," : "", i, i + 1);
      valise_json_append_string (json, text, -1);
      g_string_append_c (json, '}');
      *text_bytes += strlen (text);
    }
  g_string_append (json, "]}");
  body = g_bytes_new (json->str, json->len);

  return valise_document_new (id, "1-0123456789abcdef0123456789abcdef", FALSE, body);
}

/* Texts number @first to @end, of one transaction. */
static void
write_texts (ValiseDatabase *database, Source *source, guint first, guint end, gsize *text_bytes)
{
  g_autoptr (GError) error = NULL;
  ValiseBatch       *batch = valise_database_begin (database, &error);

  g_assert_no_error (error);
  for (guint i = first; i < end; i++)
    {
      g_autoptr (ValiseDocument) document = make_document (source, i, text_bytes);
      ValiseMerge                merge = VALISE_MERGE_KNOWN;

      document->size = (gint64) g_bytes_get_size (document->body);
      valise_batch_merge (batch, document, &merge, &error);
      g_assert_no_error (error);
    }
  valise_batch_commit (batch, &error);
  g_assert_no_error (error);
}

static void
fill (ValiseDatabase *database, guint n_documents)
{
  Source source = { 0 };
  gsize  text_bytes = 0;

  open_source (&source);
  for (guint i = 0; i < n_documents; i += BATCH)
    write_texts (database, &source, i, MIN (i + BATCH, n_documents), &text_bytes);
  g_print ("%u documents with %.0f MB of text\n", n_documents, text_bytes / 1e6);
  close_source (&source);
}

/* --- measuring ---------------------------------------------------------------------------- */

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static double
find_quantile (GArray *times, double quantile)
{
  g_array_sort (times, compare_doubles);

  return g_array_index (times, double, (guint) (quantile * (times->len - 1)));
}

/* What people look for: from one word in every text to a phrase in one. */
static const char *const queries[] = {
  "critical infrastr",
  "critical infrastructure ",
  "cybersecurity",
  "cyber",
  "capacity building",
  "A/RES/77/37",
  "77/37",
  "res 77 3",
  "assembly",
  "general assembly",
  "state",
  "states",
  "women",
  "sustainable development",
  "\"sustainable development\"",
  "climate change",
  "human rights",
  "ransomware",
  "the",
  "of the",
  "programme of action",
  "in",
  "co",
  "dev",
  "develop",
  "2030",
  "2030 agenda",
  "climate finance developing countries",
  "gender equality girls",
  "infrastructures critiques",
  "développement durable",
  "assemblée générale",
  "droits de l'homme",
  "femmes",
  "l'assemblée",
  "désarm",
  "changements climatiques",
  "desarrollo sostenible",
  "asamblea general",
  "derechos humanos",
  "mujeres",
  "cambio climático",
  "capacidad",
  "генеральная ассамблея",
  "ассамблея",
  "устойчивое развитие",
  "права человека",
  "женщин",
  "государства",
  "развити",
  "الجمعية العامة",
  "التنمية المستدامة",
  "حقوق الإنسان",
  "المرأة",
  "الدول",
  "تغير المناخ",
  "大会",
  "可持续发展",
  "人权",
  "妇女",
  "秘书长",
  "国",
  "气候变化",
  "网络安全",
  "联合国大会",
  "发展中国家",
};

/* Of this thread, in milliseconds. */
static double
get_processor_ms (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static void
measure_search (ValiseSearchIndex *index, const char *query, GArray *times, GArray *work)
{
  gint64                start_us = g_get_monotonic_time ();
  double                start_ms = get_processor_ms ();
  g_autoptr (GError)    error = NULL;
  guint                 total = 0;
  g_autoptr (GPtrArray) hits =
      valise_search_index_search (index, query, NULL, 20, &total, NULL, &error);
  double cpu_ms = get_processor_ms () - start_ms;
  double ms = (double) (g_get_monotonic_time () - start_us) / 1e3;

  g_assert_no_error (error);
  g_array_append_val (times, ms);
  g_array_append_val (work, cpu_ms);
  if (g_getenv ("BENCH_VERBOSE") != NULL)
    g_print ("  %6.1f ms, processor %6.1f ms  %5u groups %4u hits  %s\n", ms, cpu_ms, total,
             hits->len, query);
}

/* The first round, which finds the file's pages not in memory, is left out. */
static void
measure_searches (ValiseSearchIndex *index, const char *when)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) work = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint round = 0; round < 5; round++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
        measure_search (index, queries[i], times, work);
      if (round == 0)
        {
          g_array_set_size (times, 0);
          g_array_set_size (work, 0);
        }
    }
  g_print ("search, top 20 with snippets, %s: p50 %.1f ms, p95 %.1f ms, worst %.1f ms\n", when,
           find_quantile (times, 0.5), find_quantile (times, 0.95), find_quantile (times, 1));
  g_print ("of one processor, %s: p50 %.1f ms, p95 %.1f ms, worst %.1f ms\n", when,
           find_quantile (work, 0.5), find_quantile (work, 0.95), find_quantile (work, 1));
}

static void
measure_list (ValiseSearchIndex *index)
{
  ValiseIndexFilter  filter = { .type = "text" };
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  guint              n_rows = 0;

  for (guint round = 0; round < 10; round++)
    {
      gint64             start_us = g_get_monotonic_time ();
      g_autoptr (GArray) rows = valise_search_index_list (index, &filter, NULL);
      double             ms = (g_get_monotonic_time () - start_us) / 1e3;

      n_rows = rows->len;
      g_array_append_val (times, ms);
    }
  g_print ("list of %u: p50 %.1f ms\n", n_rows, find_quantile (times, 0.5));
}

/* Texts that come one by one: how long until each can be found, and what of a processor the index
 * takes for them, merging included. */
static void
measure_arrivals (ValiseSearchIndex *index, ValiseDatabase *database, guint first)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  Source             source = { 0 };
  gsize              text_bytes = 0;
  clock_t            cpu = 0;

  open_source (&source);
  for (guint i = 0; i < ARRIVALS; i++)
    {
      gint64  start_us = 0;
      clock_t start_cpu = 0;
      double  ms = 0;

      write_texts (database, &source, first + i, first + i + 1, &text_bytes);
      start_us = g_get_monotonic_time ();
      start_cpu = clock ();
      valise_search_index_catch_up (index, PATIENCE_MS);
      ms = (g_get_monotonic_time () - start_us) / 1e3;
      g_array_append_val (times, ms);
      valise_search_index_wait_tidy (index, PATIENCE_MS);
      cpu += clock () - start_cpu;
    }
  g_print ("one text arrives: found after p50 %.1f ms, p95 %.1f ms; of a processor %.1f ms each\n",
           find_quantile (times, 0.5), find_quantile (times, 0.95),
           cpu * 1e3 / (double) CLOCKS_PER_SEC / ARRIVALS);
  close_source (&source);
}

static gint64
get_size (const char *path)
{
  GStatBuf info = { 0 };

  return g_stat (path, &info) == 0 ? info.st_size : 0;
}

static ValiseSearchIndex *
open_index (const char *path, ValiseDatabase *database)
{
  g_autoptr (GError) error = NULL;
  ValiseSearchIndex *index = valise_search_index_open (path, 1, extract_test_entry, NULL, &error);

  g_assert_no_error (error);
  valise_search_index_add (index, database);

  return index;
}

/* From a closed index to the first answer: a list needs the file alone, a search its columns. */
static void
measure_opening (ValiseSearchIndex **index, const char *path, ValiseDatabase *database)
{
  ValiseIndexFilter     filter = { .type = "text", .meeting = "meeting:1" };
  g_autoptr (GArray)    rows = NULL;
  g_autoptr (GPtrArray) hits = NULL;
  gint64                start_us = 0;
  double                list_ms = 0;

  valise_search_index_close (*index);
  g_clear_object (index);
  start_us = g_get_monotonic_time ();
  *index = open_index (path, database);
  rows = valise_search_index_list (*index, &filter, NULL);
  list_ms = (g_get_monotonic_time () - start_us) / 1e3;
  hits = valise_search_index_search (*index, "ransomware", NULL, 20, NULL, NULL, NULL);
  g_print ("opened: list of a meeting's %u after %.1f ms, first search after %.1f ms\n", rows->len,
           list_ms, (g_get_monotonic_time () - start_us) / 1e3);
}

int
main (int argc, char *argv[])
{
  guint            n_documents = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : 50000;
  g_autofree char *folder =
      argc > 2 ? g_strdup (argv[2]) : g_dir_make_tmp ("valise-bench-XXXXXX", NULL);
  g_autofree char              *database_path = g_build_filename (folder, "public.sqlite", NULL);
  g_autofree char              *path = g_build_filename (folder, "search.sqlite", NULL);
  gboolean                      there = g_file_test (database_path, G_FILE_TEST_EXISTS);
  gboolean                      kept = there && g_file_test (path, G_FILE_TEST_EXISTS);
  gint64                        start_us = 0;
  clock_t                       start_cpu = 0;
  g_autoptr (GError)            error = NULL;
  g_autoptr (ValiseDatabase)    database = NULL;
  g_autoptr (ValiseSearchIndex) index = NULL;

  g_mkdir_with_parents (folder, 0700);
  database = valise_database_open (database_path, "public", TRUE, &error);
  g_assert_no_error (error);
  if (!there)
    fill (database, n_documents);

  start_us = g_get_monotonic_time ();
  start_cpu = clock ();
  index = open_index (path, database);
  while (!valise_search_index_catch_up (index, 1000))
    ;
  if (!kept)
    {
      double seconds = (g_get_monotonic_time () - start_us) / 1e6;
      double cpu = (clock () - start_cpu) / (double) CLOCKS_PER_SEC;

      g_print ("indexed in %.1f s (%.1f s of one processor): %.0f documents/s, %.0f MB\n", seconds,
               cpu, n_documents / seconds, get_size (path) / 1e6);
    }
  measure_searches (index, "while it is merged");
  while (!valise_search_index_wait_tidy (index, 1000))
    ;
  g_print ("at rest after %.1f s, %.0f MB\n", (g_get_monotonic_time () - start_us) / 1e6,
           get_size (path) / 1e6);
  measure_opening (&index, path, database);
  measure_searches (index, "at rest");
  measure_list (index);
  measure_arrivals (index, database, n_documents);
  valise_search_index_close (index);
  valise_database_close (database);
  if (argc <= 2)
    {
      g_unlink (path);
      g_unlink (database_path);
      g_rmdir (folder);
    }

  return 0;
}
