/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "registry-fixture.h"
#include "valise-clock.h"
#include "valise-gate.h"

static gint64
get_issue (Fixture *fixture, const char *id)
{
  g_autoptr (ValiseJson) json = get_json (fixture, id);

  return valise_seal_get_issue (json);
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

  return g_test_run ();
}
