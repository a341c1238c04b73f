/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "registry-fixture.h"
#include "valise-clock.h"

/* --- import ------------------------------------------------------------------------------- */

static ValiseReading *
new_reading (const char *symbol, const char *language, const char *title)
{
  ValiseReading *reading = valise_reading_new ();

  reading->symbol = g_strdup (symbol);
  g_free (reading->kind);
  reading->kind = g_strdup (symbol != NULL ? "resolution" : "working-paper");
  reading->language = g_strdup (language);
  reading->title = g_strdup (title);
  reading->date = g_strdup ("2022-12-07");
  if (symbol != NULL)
    {
      reading->body = g_strdup ("ga");
      reading->session = g_strdup ("77");
      reading->author = g_strdup ("General Assembly");
      reading->agenda_title = g_strdup (title);
      g_ptr_array_add (reading->agenda_items, g_strdup ("94"));
    }
  g_ptr_array_add (reading->references, g_strdup ("A/RES/76/19"));
  g_ptr_array_add (reading->paragraphs, valise_paragraph_new ("t", "title", NULL, 0, title));
  g_ptr_array_add (reading->paragraphs,
                   valise_paragraph_new ("o1", "operative", "1", 0, "<i>Decides</i> to try;"));

  return reading;
}

static ValiseImport
import_as (Fixture *fixture, ValiseReading *reading, ValiseImportOptions options, char **symbol)
{
  g_autoptr (GError) error = NULL;
  ValiseImport       outcome = VALISE_IMPORT_UNCHANGED;

  g_clear_pointer (symbol, g_free);
  valise_registry_import (fixture->registry, reading, &options, &outcome, symbol, &error);
  g_assert_no_error (error);

  return outcome;
}

static void
assert_refused (Fixture *fixture, ValiseReading *reading, ValiseImportOptions options)
{
  g_autoptr (GError) error = NULL;
  ValiseImport       outcome = VALISE_IMPORT_UNCHANGED;
  gint64             sequence = get_sequence (fixture);
  g_autofree char   *symbol = NULL;

  g_assert_false (
      valise_registry_import (fixture->registry, reading, &options, &outcome, &symbol, &error));
  g_assert_error (error, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_REFUSED);
  g_assert_null (symbol);
  g_assert_cmpint (get_sequence (fixture), ==, sequence);
}

static char *
dup_at (Fixture *fixture, const char *id, const char *object, const char *member)
{
  g_autoptr (ValiseJson) json = get_json (fixture, id);

  return valise_json_dup_member (json, object != NULL ? valise_json_find (json, 0, object) : 0,
                                 member);
}

static void
a_resolution_brings_its_session_and_item (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseReading) english = new_reading ("A/RES/77/37", "en", "Programme of action");
  g_autoptr (ValiseReading) french = new_reading ("A/RES/77/37", "fr", "Programme d’action");
  g_autofree char          *symbol = NULL;
  g_autofree char          *name = NULL;
  g_autofree char          *title = NULL;
  g_autofree char          *meeting = NULL;
  g_autoptr (ValiseJson)    agenda = NULL;
  g_autoptr (ValiseJson)    paper = NULL;
  guint                     item = VALISE_JSON_NONE;

  g_assert_cmpint (import_as (fixture, english, (ValiseImportOptions){ 0 }, &symbol), ==,
                   VALISE_IMPORT_REGISTERED);
  g_assert_cmpint (import_as (fixture, french, (ValiseImportOptions){ 0 }, &symbol), ==,
                   VALISE_IMPORT_REGISTERED);
  g_assert_cmpstr (symbol, ==, "A/RES/77/37");
  name = dup_at (fixture, "meeting:ga-77", "name", "fr");
  g_assert_cmpstr (name, ==, "Assemblée générale, 77ᵉ session");
  title = dup_at (fixture, "paper:A/RES/77/37", "title", "fr");
  g_assert_cmpstr (title, ==, "Programme d’action");
  meeting = dup_at (fixture, "paper:A/RES/77/37", NULL, "meeting");
  g_assert_cmpstr (meeting, ==, "meeting:ga-77");
  agenda = get_json (fixture, "agenda:ga-77");
  item = valise_json_first (agenda, valise_json_find (agenda, 0, "items"));
  g_assert_cmpuint (valise_json_count (agenda, valise_json_find (agenda, item, "title")), ==, 2);
  paper = get_json (fixture, "paper:A/RES/77/37");
  g_assert_cmpuint (valise_json_count (paper, valise_json_find (paper, 0, "languages")), ==, 2);
}

static void
the_same_file_again_changes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseReading) reading = new_reading ("A/RES/77/37", "en", "Programme of action");
  g_autofree char          *symbol = NULL;
  gint64                    sequence = 0;

  import_as (fixture, reading, (ValiseImportOptions){ 0 }, &symbol);
  sequence = get_sequence (fixture);
  reopen (fixture);
  g_assert_cmpint (import_as (fixture, reading, (ValiseImportOptions){ 0 }, &symbol), ==,
                   VALISE_IMPORT_UNCHANGED);
  g_assert_cmpint (get_sequence (fixture), ==, sequence);
}

static void
other_words_are_an_update (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseReading)  before = new_reading ("A/RES/77/37", "en", "Programme of action");
  g_autoptr (ValiseReading)  after = new_reading ("A/RES/77/37", "en", "Programme of action");
  g_autofree char           *symbol = NULL;
  g_autoptr (ValiseDocument) text = NULL;

  g_ptr_array_add (after->paragraphs,
                   valise_paragraph_new ("o2", "operative", "2", 0, "Decides again."));
  import_as (fixture, before, (ValiseImportOptions){ 0 }, &symbol);
  g_assert_cmpint (import_as (fixture, after, (ValiseImportOptions){ 0 }, &symbol), ==,
                   VALISE_IMPORT_UPDATED);
  text = get_document (fixture, "text:A/RES/77/37:en");
  g_assert_true (g_str_has_prefix (text->rev, "2-"));
}

static void
what_contradicts_the_register_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseReading) reading = new_reading ("A/RES/77/37", "en", "Programme of action");
  g_autoptr (ValiseReading) other = new_reading ("A/RES/77/37", "fr", "Programme d’action");
  g_autofree char          *symbol = NULL;

  import_as (fixture, reading, (ValiseImportOptions){ 0 }, &symbol);
  g_free (other->date);
  other->date = g_strdup ("2023-01-01");
  assert_refused (fixture, other, (ValiseImportOptions){ 0 });
  g_free (other->date);
  other->date = g_strdup ("2022-12-07");
  g_free (other->kind);
  other->kind = g_strdup ("report");
  assert_refused (fixture, other, (ValiseImportOptions){ 0 });
  assert_refused (fixture, reading, (ValiseImportOptions){ .item = "5" });
  assert_refused (fixture, reading, (ValiseImportOptions){ .meeting = "meeting:none" });
}

static void
a_paper_goes_to_the_meeting_that_is_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseReading) reading = new_reading (NULL, "en", "Views of a State");
  g_autoptr (GError)        error = NULL;
  g_autofree char          *symbol = NULL;
  g_autofree char          *id = NULL;
  g_autofree char          *meeting = NULL;

  valise_registry_issue_sample (fixture->registry, &error);
  g_assert_no_error (error);
  assert_refused (fixture, reading,
                  (ValiseImportOptions){ .meeting = "meeting:poa-2026", .item = "9" });
  assert_refused (fixture, reading, (ValiseImportOptions){ .item = "5" });
  g_assert_cmpint (import_as (fixture, reading,
                              (ValiseImportOptions){ .meeting = "meeting:poa-2026", .item = "5" },
                              &symbol),
                   ==, VALISE_IMPORT_REGISTERED);
  g_assert_true (g_str_has_prefix (symbol, "A/AC.292/"));
  id = g_strconcat ("paper:", symbol, NULL);
  meeting = dup_at (fixture, id, NULL, "meeting");
  g_assert_cmpstr (meeting, ==, "meeting:poa-2026");
}

static void
what_cannot_stand_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseReading) mute = new_reading ("A/RES/77/37", NULL, "Programme of action");
  g_autoptr (ValiseReading) odd = new_reading ("no symbol at all", "en", "Programme of action");
  g_autoptr (ValiseReading) wild = new_reading ("A/RES/77/37", "en", "Programme of action");
  g_autoptr (ValiseReading) empty = valise_reading_new ();

  assert_refused (fixture, mute, (ValiseImportOptions){ 0 });
  assert_refused (fixture, mute, (ValiseImportOptions){ .language = "tlh" });
  assert_refused (fixture, odd, (ValiseImportOptions){ 0 });
  g_ptr_array_add (wild->paragraphs,
                   valise_paragraph_new ("o2", "operative", "2", 0, "<script>no</script>"));
  assert_refused (fixture, wild, (ValiseImportOptions){ 0 });
  assert_refused (fixture, empty, (ValiseImportOptions){ .language = "en" });
  assert_refused (fixture, mute, (ValiseImportOptions){ .language = "en", .meeting = "keys" });
}

static void
a_paper_without_a_symbol_gets_the_next (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseReading) first = new_reading (NULL, "en", "Views of a State");
  g_autoptr (ValiseReading) second = new_reading (NULL, "en", "Views of another");
  g_autofree char          *symbol = NULL;
  g_autofree char          *year = valise_clock_format (valise_clock_now ());
  g_autofree char          *expected = NULL;

  year[4] = '\0';
  expected = g_strdup_printf ("A/AC.292/%s/WP.1", year);
  g_assert_cmpint (import_as (fixture, first, (ValiseImportOptions){ .name = "a.txt" }, &symbol),
                   ==, VALISE_IMPORT_REGISTERED);
  g_assert_cmpstr (symbol, ==, expected);
  g_assert_cmpint (import_as (fixture, second, (ValiseImportOptions){ .name = "b.txt" }, &symbol),
                   ==, VALISE_IMPORT_REGISTERED);
  expected[strlen (expected) - 1] = '2';
  g_assert_cmpstr (symbol, ==, expected);
  /* Known again: by its words under another name, by its name and title with other words. */
  g_assert_cmpint (import_as (fixture, first, (ValiseImportOptions){ .name = "c.txt" }, &symbol),
                   ==, VALISE_IMPORT_UNCHANGED);
  g_ptr_array_add (second->paragraphs, valise_paragraph_new ("x1", "text", NULL, 0, "More."));
  g_assert_cmpint (import_as (fixture, second, (ValiseImportOptions){ .name = "b.txt" }, &symbol),
                   ==, VALISE_IMPORT_UPDATED);
  g_assert_cmpstr (symbol, ==, expected);
}

static void
a_revision_names_what_it_revises (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseReading) reading = new_reading (NULL, "en", "Views of a State");
  g_autofree char          *symbol = NULL;
  g_autofree char          *revises = NULL;
  g_autofree char          *corrects = NULL;

  import_as (fixture, reading, (ValiseImportOptions){ .symbol = "A/AC.292/2026/WP.4/Rev.1" },
             &symbol);
  revises = dup_at (fixture, "paper:A/AC.292/2026/WP.4/Rev.1", "relations", "revises");
  g_assert_cmpstr (revises, ==, "A/AC.292/2026/WP.4");
  import_as (fixture, reading, (ValiseImportOptions){ .symbol = "a/ac.292/2026/wp.4/corr.1" },
             &symbol);
  g_assert_cmpstr (symbol, ==, "A/AC.292/2026/WP.4/Corr.1");
  corrects = dup_at (fixture, "paper:A/AC.292/2026/WP.4/Corr.1", "relations", "corrects");
  g_assert_cmpstr (corrects, ==, "A/AC.292/2026/WP.4");
}

typedef struct
{
  guint papers;
  guint in_six;
  guint texts;
} Sample;

static gboolean
count_sample (const ValiseChange *change, gpointer user_data)
{
  Sample                *sample = user_data;
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) json = valise_document_scan (change->document, &error);
  guint                  languages = valise_json_find (json, 0, "languages");

  g_assert_no_error (error);
  sample->papers++;
  sample->texts += valise_json_count (json, languages);
  sample->in_six += valise_json_count (json, languages) == 6;

  return TRUE;
}

static gboolean
count_text (const ValiseChange *change, gpointer user_data)
{
  (*(guint *) user_data)++;

  return TRUE;
}

static void
the_sample_has_a_dozen_papers_in_up_to_six_languages (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (fixture->home, "public", FALSE, &error);
  Sample sample = { 0 };
  guint  texts = 0;

  valise_registry_issue_sample (fixture->registry, &error);
  g_assert_no_error (error);
  valise_database_list (database, "paper:", "paper;", 0, VALISE_CHANGES_DOCUMENTS, count_sample,
                        &sample, &error);
  valise_database_list (database, "text:", "text;", 0, VALISE_CHANGES_WINNER, count_text, &texts,
                        &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sample.papers, >=, 12);
  g_assert_cmpuint (sample.in_six, >=, 3);
  g_assert_cmpuint (sample.in_six, <, sample.papers);
  g_assert_cmpuint (texts, ==, sample.texts);
}

static void
the_sample_is_issued_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64             sequence = 0;
  g_autofree char   *key = dup_issuing_key (fixture);

  valise_registry_issue_sample (fixture->registry, &error);
  g_assert_no_error (error);
  check_seal (fixture, "agenda:poa-2026", key);
  sequence = get_sequence (fixture);
  valise_registry_issue_sample (fixture->registry, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_sequence (fixture), ==, sequence);
  reopen (fixture);
  valise_registry_issue_sample (fixture->registry, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_sequence (fixture), ==, sequence);
}

#define ADD(test) g_test_add ("/registry-import/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_resolution_brings_its_session_and_item);
  ADD (the_same_file_again_changes_nothing);
  ADD (other_words_are_an_update);
  ADD (what_contradicts_the_register_is_refused);
  ADD (a_paper_goes_to_the_meeting_that_is_named);
  ADD (what_cannot_stand_is_refused);
  ADD (a_paper_without_a_symbol_gets_the_next);
  ADD (a_revision_names_what_it_revises);
  ADD (the_sample_has_a_dozen_papers_in_up_to_six_languages);
  ADD (the_sample_is_issued_once);

  return g_test_run ();
}
