/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "valise-canonical.h"
#include "valise-document.h"

static ValiseDocument *
try_read (const char *text, GError **error)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (text, -1, VALISE_JSON_ANY, error);

  return json != NULL ? valise_document_from_json (json, 0, error) : NULL;
}

static ValiseDocument *
read_document (const char *text)
{
  g_autoptr (GError) error = NULL;
  ValiseDocument    *document = try_read (text, &error);

  g_assert_no_error (error);
  return document;
}

static char *
dup_body (const ValiseDocument *document)
{
  return g_strndup (g_bytes_get_data (document->body, NULL), g_bytes_get_size (document->body));
}

static void
body_keeps_every_byte_of_its_own (void)
{
  static const char *const cases[][2] = {
    { "{}", "{}" },
    { "{ }", "{ }" },
    { "{\"_id\":\"a\"}", "{}" },
    { "{\"_id\":\"a\",\"b\":1}", "{\"b\":1}" },
    { "{\"b\":1,\"_id\":\"a\"}", "{\"b\":1}" },
    { "{\"b\":1 , \"_id\":\"a\" ,\n \"c\" : 2 }", "{\"b\":1 , \"c\" : 2 }" },
    { "{ \"_id\":\"a\", \"_rev\":\"1-x\", \"z\" : 1.0 , \"a\":1e3 }",
      "{ \"z\" : 1.0 , \"a\":1e3 }" },
    { "{\"n\":123456789012345678901234567890,\"_id\":\"a\",\"m\":-0.0}",
      "{\"n\":123456789012345678901234567890,\"m\":-0.0}" },
    { "{\"a\":{\"_id\":1},\"_rev\":\"1-x\",\"b\":[{\"_x\":2}]}",
      "{\"a\":{\"_id\":1},\"b\":[{\"_x\":2}]}" },
    { "{\"\\u005fid\":\"a\",\"\\\"_\":1,\"\":2}", "{\"\\\"_\":1,\"\":2}" },
    { "{\"_id\":\"a\",\"s\":\",\\\"_rev\\\":{\",\"_deleted\":false}",
      "{\"s\":\",\\\"_rev\\\":{\"}" },
    { "{\"_conflicts\":[\"1-a\"],\"_revs_info\":[],\"_local_seq\":3,\"a\":1}", "{\"a\":1}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ValiseDocument) document = read_document (cases[i][0]);
      g_autofree char           *body = dup_body (document);

      g_assert_cmpstr (body, ==, cases[i][1]);
      g_assert_cmpint (document->size, ==, (gint64) strlen (cases[i][1]));
    }
}

static void
members_of_the_protocol_are_taken (void)
{
  g_autoptr (ValiseDocument) document = read_document (
      "{\"_id\":\"paper:A\\/1\",\"_rev\":\"3-cc\",\"_deleted\":true,\"_revisions\":{\"start\":3,"
      "\"ids\":[\"cc\",\"bb\",\"aa\"]},\"_attachments\":{\"f\":{\"stub\":true}},\"t\":1}");

  g_assert_cmpstr (document->id, ==, "paper:A/1");
  g_assert_cmpstr (document->rev, ==, "3-cc");
  g_assert_true (document->deleted);
  g_assert_cmpstrv (document->ancestors, ((const char *[]){ "bb", "aa", NULL }));
  g_assert_cmpstr (document->attachments, ==, "{\"f\":{\"stub\":true}}");
}

static void
revisions_alone_name_the_revision (void)
{
  g_autoptr (ValiseDocument) document =
      read_document ("{\"_id\":\"a\",\"_revisions\":{\"start\":7,\"ids\":[\"gg\"]}}");

  g_assert_cmpstr (document->rev, ==, "7-gg");
  g_assert_cmpuint (g_strv_length (document->ancestors), ==, 0);
}

static void
a_local_revision_is_read_but_has_no_history (void)
{
  g_autoptr (ValiseDocument) document = read_document ("{\"_id\":\"_local/a\",\"_rev\":\"0-12\"}");
  g_autoptr (GError)         error = NULL;

  g_assert_cmpstr (document->rev, ==, "0-12");
  g_assert_null (
      try_read ("{\"_rev\":\"0-1\",\"_revisions\":{\"start\":1,\"ids\":[\"a\"]}}", &error));
  g_assert_error (error, VALISE_JSON_ERROR, VALISE_JSON_ERROR_SYNTAX);
}

static void
members_that_make_no_sense_are_refused (void)
{
  static const char *const cases[] = {
    "[]",
    "\"a\"",
    "{\"_id\":1}",
    "{\"_rev\":1}",
    "{\"_rev\":\"x\"}",
    "{\"_rev\":\"0-a\"}",
    "{\"_deleted\":1}",
    "{\"_deleted\":\"true\"}",
    "{\"_attachments\":[]}",
    "{\"_other\":1}",
    "{\"_\":1}",
    "{\"_revisions\":1}",
    "{\"_revisions\":{\"start\":0,\"ids\":[]}}",
    "{\"_revisions\":{\"start\":1,\"ids\":[]}}",
    "{\"_revisions\":{\"start\":1,\"ids\":[\"a\",\"b\"]}}",
    "{\"_revisions\":{\"start\":2,\"ids\":[\"a\",1]}}",
    "{\"_revisions\":{\"start\":2,\"ids\":[\"a\",\"b c\"]}}",
    "{\"_revisions\":{\"start\":2147483649,\"ids\":[\"a\"]}}",
    "{\"_revisions\":{\"ids\":[\"a\"]}}",
    "{\"_rev\":\"2-a\",\"_revisions\":{\"start\":3,\"ids\":[\"a\",\"b\"]}}",
    "{\"_rev\":\"2-b\",\"_revisions\":{\"start\":2,\"ids\":[\"a\",\"b\"]}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (try_read (cases[i], &error));
      g_assert_error (error, VALISE_JSON_ERROR, VALISE_JSON_ERROR_SYNTAX);
    }
}

static void
written_document_reads_as_it_was (void)
{
  static const char *const bodies[] = { "{}", "{ \n}", "{\"a\":1}",
                                        "{ \"a\" : 1.0, \"b\":[1e3] }" };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GBytes)         bytes = g_bytes_new_static (bodies[i], strlen (bodies[i]));
      g_autoptr (ValiseDocument) document = valise_document_new ("i\"d", "2-bb", TRUE, bytes);
      g_autoptr (ValiseDocument) again = NULL;
      g_autoptr (ValiseJson)     before = valise_document_scan (document, NULL);
      g_autoptr (ValiseJson)     after = NULL;
      g_autoptr (GString)        text = g_string_new (NULL);
      g_autofree char           *digest = valise_canonical_digest (before);
      g_autofree char           *other = NULL;

      document->ancestors = g_strsplit ("aa", " ", -1);
      document->attachments = g_strdup ("{\"f\":{}}");
      valise_document_append_json (document, VALISE_DOCUMENT_REVISIONS, text);
      again = read_document (text->str);
      after = valise_document_scan (again, NULL);
      other = valise_canonical_digest (after);

      g_assert_cmpstr (again->id, ==, document->id);
      g_assert_cmpstr (again->rev, ==, document->rev);
      g_assert_true (again->deleted);
      g_assert_cmpstrv (again->ancestors, document->ancestors);
      g_assert_cmpstr (again->attachments, ==, document->attachments);
      g_assert_cmpstr (digest, ==, other);
    }
}

static void
wire_form_is_what_couchdb_writes (void)
{
  g_autoptr (GBytes)         bytes = g_bytes_new_static ("{\"a\":1}", 7);
  g_autoptr (ValiseDocument) document = valise_document_new ("x", "1-aa", FALSE, bytes);
  g_autoptr (ValiseDocument) known = valise_document_new ("x", "1-aa", FALSE, NULL);
  g_autoptr (GString)        text = g_string_new (NULL);

  valise_document_append_json (document, VALISE_DOCUMENT_PLAIN, text);
  g_assert_cmpstr (text->str, ==, "{\"_id\":\"x\",\"_rev\":\"1-aa\",\"a\":1}");
  g_string_truncate (text, 0);
  valise_document_append_json (document, VALISE_DOCUMENT_REVISIONS, text);
  g_assert_cmpstr (
      text->str, ==,
      "{\"_id\":\"x\",\"_rev\":\"1-aa\",\"_revisions\":{\"start\":1,\"ids\":[\"aa\"]},\"a\":1}");
  g_string_truncate (text, 0);
  valise_document_append_json (known, VALISE_DOCUMENT_PLAIN, text);
  g_assert_cmpstr (text->str, ==, "{\"_id\":\"x\",\"_rev\":\"1-aa\"}");
}

#define ADD(test) g_test_add_func ("/document/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (body_keeps_every_byte_of_its_own);
  ADD (members_of_the_protocol_are_taken);
  ADD (revisions_alone_name_the_revision);
  ADD (a_local_revision_is_read_but_has_no_history);
  ADD (members_that_make_no_sense_are_refused);
  ADD (written_document_reads_as_it_was);
  ADD (wire_form_is_what_couchdb_writes);

  return g_test_run ();
}
