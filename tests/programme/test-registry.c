/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "valise-registry.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "valise-clock.h"
#include "valise-gate.h"
#include "valise-seal.h"

typedef struct
{
  char           *root;
  ValiseHome     *home;
  ValiseRegistry *registry;
} Fixture;

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char      *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_assert_no_errno (g_unlink (child));
    }
  g_assert_no_errno (g_rmdir (path));
}

static void
open_home (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->home = valise_home_open (fixture->root, &error);
  g_assert_no_error (error);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  open_home (fixture);
  fixture->registry = valise_registry_create (fixture->home, "poa", "A programme to try", &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->registry);
  valise_home_close (fixture->home);
  g_assert_finalize_object (fixture->home);
  remove_folder (fixture->root);
  g_free (fixture->root);
}

/* The programme closed and opened again, as after a restart. */
static void
reopen (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_finalize_object (g_steal_pointer (&fixture->registry));
  valise_home_close (fixture->home);
  g_assert_finalize_object (fixture->home);
  open_home (fixture);
  fixture->registry = valise_registry_open (fixture->home, &error);
  g_assert_no_error (error);
}

static ValiseDocument *
get_document (Fixture *fixture, const char *id)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (fixture->home, "public", FALSE, &error);
  ValiseDocument *document = NULL;

  g_assert_no_error (error);
  document = valise_database_get (database, id, NULL, &error);
  g_assert_no_error (error);

  return document;
}

static ValiseJson *
get_json (Fixture *fixture, const char *id)
{
  g_autoptr (ValiseDocument) document = get_document (fixture, id);
  g_autoptr (GError)         error = NULL;
  ValiseJson                *json = valise_document_scan (document, &error);

  g_assert_no_error (error);

  return json;
}

static gint64
get_issue (Fixture *fixture, const char *id)
{
  g_autoptr (ValiseJson) json = get_json (fixture, id);

  return valise_seal_get_issue (json);
}

static gint64
get_sequence (Fixture *fixture)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (fixture->home, "public", FALSE, &error);
  ValiseDatabaseInfo info = { 0 };

  valise_database_get_info (database, &info, &error);
  g_assert_no_error (error);

  return info.update_seq;
}

static void
check_seal (Fixture *fixture, const char *id, const char *public_key)
{
  const ValiseSealScope scope = { valise_registry_get_programme (fixture->registry), "public", id };
  g_autoptr (GError)    error = NULL;
  g_autoptr (ValisePublicKey) key = valise_public_key_new (public_key, &error);
  g_autoptr (ValiseJson)      json = get_json (fixture, id);

  g_assert_no_error (error);
  valise_seal_check (&scope, json, key, &error);
  g_assert_no_error (error);
}

static char *
dup_issuing_key (Fixture *fixture)
{
  g_autoptr (ValiseJson) keys = get_json (fixture, "keys");
  guint                  list = valise_json_find (keys, 0, "keys");

  for (guint i = valise_json_first (keys, list); i != VALISE_JSON_NONE;
       i = valise_json_next (keys, i))
    {
      g_autofree char *use = valise_json_dup_member (keys, i, "use");

      if (strcmp (use, "issuing") == 0)
        return valise_json_dup_member (keys, i, "public");
    }
  g_assert_not_reached ();
}

#define BODY_ID    "body:group-1"
#define BODY(name) "{\"type\":\"body\",\"key\":\"group-1\",\"name\":{\"en\":\"" name "\"}}"

static char *
issue (Fixture *fixture, const char *id, const char *body)
{
  g_autoptr (GError) error = NULL;
  char              *rev = valise_registry_issue (fixture->registry, "public", id, body, &error);

  g_assert_no_error (error);

  return rev;
}

static void
a_programme_has_its_keys_and_first_documents (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "root", "issuing", "receipting", "certifying" };
  g_autofree char         *issuing = dup_issuing_key (fixture);
  g_autoptr (ValiseJson)   programme = get_json (fixture, "programme");
  g_autofree char         *id = valise_json_dup_member (programme, 0, "programme");
  g_autofree char         *name =
      valise_json_dup_member (programme, valise_json_find (programme, 0, "name"), "en");

  g_assert_cmpstr (id, ==, valise_registry_get_programme (fixture->registry));
  g_assert_true (g_str_has_prefix (id, "poa-"));
  g_assert_cmpuint (strlen (id), ==, strlen ("poa-") + 16);
  g_assert_cmpstr (name, ==, "A programme to try");
  g_assert_cmpstr (valise_registry_get_name (fixture->registry), ==, name);
  check_seal (fixture, "keys", valise_registry_get_root (fixture->registry));
  check_seal (fixture, "programme", issuing);
  check_seal (fixture, "body:ga", issuing);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_strconcat (names[i], ".key", NULL);
      g_autofree char *path = g_build_filename (fixture->root, "keys", file, NULL);
      GStatBuf         status = { 0 };

      g_assert_no_errno (g_stat (path, &status));
      g_assert_cmpint (status.st_mode & 0777, ==, 0600);
    }
}

static void
the_profiles_databases_are_there (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv)   names = valise_home_list_databases (fixture->home);
  g_autofree char *joined = g_strjoinv (" ", names);

  g_assert_cmpstr (joined, ==, "bureau inbox languages public states team-secretariat");
}

static void
a_folder_holds_one_programme (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseRegistry) other = valise_registry_create (fixture->home, "poa", NULL, &error);

  g_assert_null (other);
  g_assert_error (error, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_EXISTS);
}

static void
an_empty_folder_holds_none (Fixture *fixture, gconstpointer data)
{
  g_autofree char           *path = g_build_filename (fixture->root, "other", NULL);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseHome)     home = valise_home_open (path, &error);
  g_autoptr (ValiseRegistry) registry = NULL;

  g_assert_no_error (error);
  registry = valise_registry_open (home, &error);
  g_assert_null (registry);
  g_assert_error (error, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_NONE);
  valise_home_close (home);
}

static void
an_interrupted_making_keeps_its_keys (Fixture *fixture, gconstpointer data)
{
  g_autofree char           *path = g_build_filename (fixture->root, "other", NULL);
  g_autofree char           *keys = g_build_filename (path, "keys", NULL);
  g_autofree char           *file = g_build_filename (keys, "root.key", NULL);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseKey)      root = valise_key_generate (&error);
  g_autoptr (ValiseHome)     home = NULL;
  g_autoptr (ValiseRegistry) registry = NULL;

  g_assert_no_errno (g_mkdir_with_parents (keys, 0700));
  valise_key_save (root, file, &error);
  g_assert_no_error (error);
  home = valise_home_open (path, &error);
  registry = valise_registry_create (home, "poa", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (valise_registry_get_root (registry), ==, valise_key_get_public (root));
  g_clear_object (&registry);
  valise_home_close (home);
}

static void
issue_numbers_rise_over_restarts (Fixture *fixture, gconstpointer data)
{
  gint64 last = MAX (get_issue (fixture, "programme"), get_issue (fixture, "body:ga"));

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *body = g_strdup_printf (BODY ("Group %u"), i);
      g_autofree char *rev = issue (fixture, BODY_ID, body);

      g_assert_cmpint (get_issue (fixture, BODY_ID), >, last);
      last = get_issue (fixture, BODY_ID);
      reopen (fixture);
    }
}

static char *
dup_issued (Fixture *fixture)
{
  g_autoptr (ValiseJson) json = get_json (fixture, BODY_ID);

  return valise_json_dup_member (json, 0, "issued");
}

static void
what_is_issued_says_when_under_its_seal (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = issue (fixture, BODY_ID, BODY ("Group"));
  g_autofree char *issued = dup_issued (fixture);
  g_autofree char *key = dup_issuing_key (fixture);
  g_autofree char *again = NULL;
  g_autofree char *later = NULL;
  g_autofree char *issued_later = NULL;

  g_assert_cmpint (ABS (valise_clock_parse (issued) - valise_clock_now ()), <, 60 * G_USEC_PER_SEC);
  check_seal (fixture, BODY_ID, key);

  /* A day on, the same words are the same issue, and others are another. */
  valise_clock_set_offset (G_TIME_SPAN_DAY);
  again = issue (fixture, BODY_ID, BODY ("Group"));
  g_assert_cmpstr (again, ==, first);
  later = issue (fixture, BODY_ID, BODY ("Other group"));
  issued_later = dup_issued (fixture);
  valise_clock_set_offset (0);
  g_assert_cmpstr (issued_later, >, issued);
  check_seal (fixture, BODY_ID, key);
}

static void
numbers_of_another_database_are_not_used_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) states = NULL;
  g_autoptr (ValiseDocument) document = NULL;
  g_autoptr (ValiseJson)     json = NULL;
  g_autofree char           *later = NULL;
  const char                *meeting =
      "{\"type\":\"meeting\",\"kind\":\"other\",\"body\":\"poa\",\"name\":{\"en\":\"Closed\"}}";
  g_autofree char *rev =
      valise_registry_issue (fixture->registry, "states", "meeting:closed", meeting, &error);

  g_assert_no_error (error);
  states = valise_home_get_database (fixture->home, "states", FALSE, &error);
  document = valise_database_get (states, "meeting:closed", NULL, &error);
  g_assert_no_error (error);
  json = valise_document_scan (document, &error);
  reopen (fixture);
  later = issue (fixture, BODY_ID, BODY ("Group"));
  g_assert_cmpint (get_issue (fixture, BODY_ID), >, valise_seal_get_issue (json));
}

/* As when a copy is restored that lacks the note of the last number. */
static void
a_lost_note_uses_no_number_twice (Fixture *fixture, gconstpointer data)
{
  g_autofree char           *rev = issue (fixture, BODY_ID, BODY ("Group"));
  g_autofree char           *later = NULL;
  gint64                     last = get_issue (fixture, BODY_ID);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (fixture->home, "public", FALSE, &error);

  valise_database_delete_local (database, "issues", &error);
  g_assert_no_error (error);
  g_clear_object (&database);
  reopen (fixture);
  later = issue (fixture, BODY_ID, BODY ("Working group"));
  g_assert_cmpint (get_issue (fixture, BODY_ID), >, last);
}

static void
without_the_root_key_it_still_issues (Fixture *fixture, gconstpointer data)
{
  g_autofree char *root = g_strdup (valise_registry_get_root (fixture->registry));
  g_autofree char *path = g_build_filename (fixture->root, "keys", "root.key", NULL);
  g_autofree char *rev = NULL;
  g_autofree char *key = dup_issuing_key (fixture);

  g_assert_no_errno (g_unlink (path));
  reopen (fixture);
  g_assert_cmpstr (valise_registry_get_root (fixture->registry), ==, root);
  rev = issue (fixture, BODY_ID, BODY ("Group"));
  check_seal (fixture, BODY_ID, key);
}

static void
the_same_body_is_not_issued_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = issue (fixture, BODY_ID, BODY ("Group"));
  gint64           sequence = get_sequence (fixture);
  g_autofree char *second = NULL;
  g_autofree char *spaced = NULL;

  second = issue (fixture, BODY_ID, BODY ("Group"));
  g_assert_cmpstr (first, ==, second);
  spaced = issue (fixture, BODY_ID,
                  "{ \"name\": {\"en\": \"Group\"}, \"key\": \"group-1\", \"type\": \"body\" }");
  g_assert_cmpstr (first, ==, spaced);
  g_assert_cmpint (get_sequence (fixture), ==, sequence);
}

static void
a_change_is_the_next_revision_and_verifies (Fixture *fixture, gconstpointer data)
{
  g_autofree char           *first = issue (fixture, BODY_ID, BODY ("Group"));
  g_autofree char           *second = issue (fixture, BODY_ID, BODY ("Working group"));
  g_autofree char           *key = dup_issuing_key (fixture);
  g_autoptr (ValiseDocument) document = get_document (fixture, BODY_ID);

  g_assert_true (g_str_has_prefix (first, "1-"));
  g_assert_true (g_str_has_prefix (second, "2-"));
  g_assert_cmpstr (document->rev, ==, second);
  g_assert_cmpstr (document->ancestors[0], ==, first + 2);
  check_seal (fixture, BODY_ID, key);
}

static void
what_the_gate_refuses_is_not_issued (Fixture *fixture, gconstpointer data)
{
  gint64             sequence = get_sequence (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char   *rev = valise_registry_issue (fixture->registry, "public", "paper:A/1",
                                                  "{\"type\":\"paper\"}", &error);

  g_assert_null (rev);
  g_assert_error (error, VALISE_GATE_ERROR, VALISE_GATE_ERROR_FORBIDDEN);
  g_assert_cmpint (get_sequence (fixture), ==, sequence);
}

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

#define ADD(test) g_test_add ("/registry/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_programme_has_its_keys_and_first_documents);
  ADD (the_profiles_databases_are_there);
  ADD (a_folder_holds_one_programme);
  ADD (an_empty_folder_holds_none);
  ADD (an_interrupted_making_keeps_its_keys);
  ADD (issue_numbers_rise_over_restarts);
  ADD (what_is_issued_says_when_under_its_seal);
  ADD (numbers_of_another_database_are_not_used_twice);
  ADD (a_lost_note_uses_no_number_twice);
  ADD (without_the_root_key_it_still_issues);
  ADD (the_same_body_is_not_issued_again);
  ADD (a_change_is_the_next_revision_and_verifies);
  ADD (what_the_gate_refuses_is_not_issued);
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
