/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "valise-rules.h"

#include <glib/gstdio.h>
#include <string.h>

#include "folder.h"
#include "gate-vectors.h"

static ValiseRules *
new_rules (const ValiseJson *vectors)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseProfile) profile = valise_profile_load ("poa", &error);
  g_autoptr (GPtrArray)     records = NULL;
  ValiseRules              *rules = NULL;

  g_assert_no_error (error);
  rules = valise_rules_new (profile, &error);
  g_assert_no_error (error);

  records = gate_vectors_dup_records (vectors);
  while (records->len > 0)
    valise_rules_add (rules, g_ptr_array_steal_index_fast (records, records->len - 1));

  return rules;
}

static ValiseDocument *
dup_document (const ValiseJson *vectors, guint vector, const char *member, const char *deleted)
{
  g_autofree char   *id = valise_json_dup_member (vectors, vector, "id");
  guint              token = valise_json_find (vectors, vector, member);
  gsize              length = 0;
  const char        *raw = NULL;
  g_autoptr (GBytes) body = NULL;

  if (valise_json_get_kind (vectors, token) != VALISE_JSON_KIND_OBJECT)
    return NULL;

  raw = valise_json_get_raw (vectors, token, &length);
  body = g_bytes_new (raw, length);

  return valise_document_new (id, NULL, valise_json_get_member_true (vectors, vector, deleted),
                              body);
}

static char **
dup_roles (const ValiseJson *vectors, guint vector)
{
  g_autoptr (GStrvBuilder) roles = g_strv_builder_new ();
  guint                    list = valise_json_find (vectors, vector, "roles");

  if (valise_json_get_kind (vectors, list) != VALISE_JSON_KIND_ARRAY)
    return NULL;
  for (guint i = valise_json_first (vectors, list); i != VALISE_JSON_NONE;
       i = valise_json_next (vectors, i))
    {
      g_autofree char *role = valise_json_dup_string (vectors, i);

      g_strv_builder_add (roles, role);
    }

  return g_strv_builder_end (roles);
}

static ValiseSource
get_source (const char *name)
{
  if (strcmp (name, "local") == 0)
    return VALISE_SOURCE_LOCAL;

  return strcmp (name, "server") == 0 ? VALISE_SOURCE_SERVER : VALISE_SOURCE_PEER;
}

/* Every document of the table as a tombstone: what the gate says of all of them beforehand, so that
 * none is fetched to be judged, is what it says of each. */
static void
tombstones_are_refused_where_that_was_said_beforehand (void)
{
  g_autoptr (ValiseJson)  vectors = gate_vectors_load ();
  g_autoptr (ValiseRules) rules = new_rules (vectors);
  guint                   refused = 0, taken = 0;

  for (guint i = valise_json_first (vectors, valise_json_find (vectors, 0, "vectors"));
       i != VALISE_JSON_NONE; i = valise_json_next (vectors, i))
    {
      g_autoptr (ValiseDocument) document = dup_document (vectors, i, "document", "deleted");
      g_autoptr (ValiseJson)     json = NULL;
      g_autofree char           *database = valise_json_dup_member (vectors, i, "database");
      g_autofree char           *source = valise_json_dup_member (vectors, i, "source");
      ValiseWrite                write = { .database = database, .document = document };

      if (document == NULL)
        continue;
      document->deleted = TRUE;
      json = valise_json_scan (document->body, VALISE_JSON_ANY, NULL);
      write.json = json;
      write.source = get_source (source);
      if (valise_gate_takes_tombstones (VALISE_GATE (rules), database, write.source))
        taken += valise_gate_judge (VALISE_GATE (rules), &write, NULL);
      else
        {
          g_assert_false (valise_gate_judge (VALISE_GATE (rules), &write, NULL));
          refused++;
        }
    }
  g_assert_cmpuint (refused, >, 100);
  g_assert_cmpuint (taken, >, 0);
}

/* The verdict as the table writes it: "allow", or the rule that refused. */
static char *
judge (ValiseRules *rules, const ValiseJson *vectors, guint vector)
{
  g_autoptr (ValiseDocument) document = dup_document (vectors, vector, "document", "deleted");
  g_autoptr (ValiseDocument) previous =
      dup_document (vectors, vector, "previous", "previous_deleted");
  g_autoptr (ValiseJson) json = valise_json_scan (document->body, VALISE_JSON_ANY, NULL);
  g_autofree char       *database = valise_json_dup_member (vectors, vector, "database");
  g_autofree char       *source = valise_json_dup_member (vectors, vector, "source");
  g_autofree char       *user = valise_json_dup_member (vectors, vector, "user");
  g_autofree char       *participant = valise_json_dup_member (vectors, vector, "participant");
  g_auto (GStrv)         roles = dup_roles (vectors, vector);
  g_autoptr (GError)     error = NULL;
  g_auto (GStrv)         parts = NULL;
  g_autofree char       *place = g_strdup_printf ("%s in %s", document->id, database);
  const ValiseWrite      write = {
         database,
         document,
         json,
         previous,
         get_source (source),
         user,
         participant,
         (const char *const *) roles,
  };

  if (valise_gate_judge (VALISE_GATE (rules), &write, &error))
    {
      g_assert_no_error (error);
      return g_strdup ("allow");
    }

  g_assert_cmpuint (error->domain, ==, VALISE_GATE_ERROR);
  g_assert_true (g_str_has_prefix (error->message, place));
  parts = g_strsplit (error->message + strlen (place), ": ", 3);
  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  g_assert_cmpint (error->code, ==,
                   strcmp (parts[1], "seal") == 0 ? VALISE_GATE_ERROR_SEAL
                                                  : VALISE_GATE_ERROR_FORBIDDEN);

  return g_strdup (parts[1]);
}

static void
the_table_of_vectors_is_met (void)
{
  g_autoptr (ValiseJson)  vectors = gate_vectors_load ();
  g_autoptr (ValiseRules) rules = new_rules (vectors);
  guint                   count = 0;

  for (guint i = valise_json_first (vectors, valise_json_find (vectors, 0, "vectors"));
       i != VALISE_JSON_NONE; i = valise_json_next (vectors, i), count++)
    {
      g_autofree char *name = valise_json_dup_member (vectors, i, "name");
      g_autofree char *rule = valise_json_dup_member (vectors, i, "rule");
      g_autofree char *verdict = valise_json_dup_member (vectors, i, "verdict");
      g_autofree char *given = judge (rules, vectors, i);

      if (g_strcmp0 (given, rule != NULL ? rule : verdict) != 0)
        {
          g_test_message ("%s: expected %s, the gate says %s", name, rule != NULL ? rule : verdict,
                          given);
          g_test_fail ();
        }
    }
  g_assert_cmpuint (count, >=, 150);
}

static void
every_description_can_be_read (void)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) records = valise_record_load_all (&error);

  g_assert_no_error (error);
  g_assert_cmpuint (records->len, ==, 8);
  for (guint i = 0; i < records->len; i++)
    {
      const ValiseRecord *record = records->pdata[i];

      /* What a list shows, and what is searched, must be fields. */
      for (gsize j = 0; record->list[j] != NULL; j++)
        g_assert_nonnull (valise_record_find_field (record, record->list[j]));
      for (gsize j = 0; record->search[j] != NULL; j++)
        g_assert_nonnull (valise_record_find_field (record, record->search[j]));
      if (record->state != NULL)
        g_assert_nonnull (valise_record_find_field (record, record->state));
      for (guint j = 0; j < record->fields->len; j++)
        g_assert_nonnull (((const ValiseField *) record->fields->pdata[j])->label);
    }
}

static void
a_damaged_description_is_named (void)
{
  static const char *const texts[] = {
    "{}",
    "{\"type\":\"x\",\"label\":\"X\",\"id\":\"x:*\",\"databases\":{},\"fields\":{}}",
    "{\"type\":\"x\",\"label\":\"X\",\"id\":\"x:*\",\"databases\":{\"public\":{}},"
    "\"fields\":{\"a\":{\"kind\":\"guess\"}}}",
    "{\"type\":\"x\",\"label\":\"X\",\"id\":\"x:*\",\"databases\":{\"public\":{}},"
    "\"fields\":{},\"state\":{\"field\":\"state\",\"first\":[]}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError)       error = NULL;
      g_autoptr (ValiseJson)   json = valise_json_scan_text (texts[i], -1, VALISE_JSON_ANY, &error);
      g_autoptr (ValiseRecord) record = NULL;

      g_assert_no_error (error);
      record = valise_record_parse (json, &error);
      g_assert_null (record);
      g_assert_error (error, VALISE_RECORD_ERROR, VALISE_RECORD_ERROR_DESCRIPTION);
    }
}

/* Where it cannot be read is another matter than where there is none. */
static void
a_programme_that_cannot_be_read_is_a_failure (void)
{
  g_autofree char       *folder = g_dir_make_tmp ("valise-rules-XXXXXX", NULL);
  g_autofree char       *file = g_build_filename (folder, "public.sqlite", NULL);
  g_autoptr (GError)     none = NULL, error = NULL;
  g_autoptr (ValiseHome) home = valise_home_open (folder, &none);
  g_autoptr (ValiseGate) rules = NULL;

  g_assert_no_error (none);
  rules = valise_rules_new_for_home (home, &none);
  g_assert_no_error (none);
  g_assert_null (rules);

  g_assert_no_errno (g_mkdir (file, 0700));
  rules = valise_rules_new_for_home (home, &error);
  g_assert_nonnull (error);
  g_assert_null (rules);
  g_assert_no_errno (g_rmdir (file));
  valise_home_close (home);
  g_clear_object (&home);
  remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rules/the_table_of_vectors_is_met", the_table_of_vectors_is_met);
  g_test_add_func ("/rules/every_description_can_be_read", every_description_can_be_read);
  g_test_add_func ("/rules/a_damaged_description_is_named", a_damaged_description_is_named);
  g_test_add_func ("/rules/a_programme_that_cannot_be_read_is_a_failure",
                   a_programme_that_cannot_be_read_is_a_failure);
  g_test_add_func ("/rules/tombstones_are_refused_where_that_was_said_beforehand",
                   tombstones_are_refused_where_that_was_said_beforehand);

  return g_test_run ();
}
