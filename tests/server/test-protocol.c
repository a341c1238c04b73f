/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <stdio.h>

#include "server-fixture.h"

static Secretariat secretariat;

/* One request whose status is CouchDB's (its API reference); {r1}, {r2} stand for revisions. */
typedef struct
{
  const char *method;
  const char *path;
  const char *body;
  guint       status;
  const char *contains; /* in the answer, or NULL */
} Case;

static void
run_cases (const char *who, const Case *cases, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      const Case      *one = &cases[i];
      g_autofree char *text =
          secretariat_expect (&secretariat, who, one->method, one->path, one->body, one->status);

      if (one->contains != NULL && strstr (text, one->contains) == NULL)
        {
          g_test_message ("%s %s: %s", one->method, one->path, text);
          g_test_fail ();
        }
    }
}

static char *
make_database (const char *name)
{
  g_autofree char *path = g_strconcat ("/", name, NULL);

  g_free (secretariat_expect (&secretariat, secretariat.admin, "PUT", path, NULL, 201));
  return g_steal_pointer (&path);
}

static char *
put (const char *path, const char *body)
{
  g_autofree char *text =
      secretariat_expect (&secretariat, secretariat.admin, "PUT", path, body, 201);

  return json_member (text, "rev");
}

static void
the_server_says_who_it_is (void)
{
  static const Case cases[] = {
    { "GET", "/", NULL, 200, "\"couchdb\":\"Welcome\"" },
    { "GET", "/", NULL, 200, "valise-1" },
    { "HEAD", "/", NULL, 200, NULL },
    { "GET", "/_up", NULL, 200, "\"status\":\"ok\"" },
    { "GET", "/_all_dbs", NULL, 200, "\"public\"" },
    { "GET", "/_nothing", NULL, 404, "not_found" },
    { "PUT", "/_up", NULL, 405, "method_not_allowed" },
    { "GET", "/%zz", NULL, 400, "bad_request" },
    { "GET", "/%00", NULL, 400, "bad_request" },
  };

  run_cases (secretariat.admin, cases, G_N_ELEMENTS (cases));
}

static void
databases_come_and_go (void)
{
  static const Case cases[] = {
    { "PUT", "/come", NULL, 201, "\"ok\":true" },
    { "PUT", "/come", NULL, 412, "file_exists" },
    { "GET", "/come", NULL, 200, "\"update_seq\":\"0-" },
    { "HEAD", "/come", NULL, 200, NULL },
    { "GET", "/come/_security", NULL, 200, "members" },
    { "POST", "/come/_ensure_full_commit", "{}", 201, "instance_start_time" },
    { "POST", "/come/_compact", "{}", 202, "\"ok\":true" },
    { "GET", "/come/_revs_limit", NULL, 200, "1000" },
    { "DELETE", "/come", NULL, 200, "\"ok\":true" },
    { "GET", "/come", NULL, 404, "not_found" },
    { "DELETE", "/come", NULL, 404, "not_found" },
    { "PUT", "/Come", NULL, 400, "illegal_database_name" },
    { "DELETE", "/public", NULL, 403, "forbidden" },
  };

  run_cases (secretariat.admin, cases, G_N_ELEMENTS (cases));
}

static void
documents_are_written_read_and_deleted (void)
{
  static const Case cases[] = {
    { "GET", "/papers/a", NULL, 200, "\"n\":1" },
    { "HEAD", "/papers/a", NULL, 200, NULL },
    { "GET", "/papers/b", NULL, 404, "missing" },
    { "PUT", "/papers/a", "{\"n\":2}", 409, "conflict" },
    { "PUT", "/papers/a?rev=7-cccc", "{\"n\":2}", 409, "conflict" },
    { "PUT", "/papers/a?rev=nonsense", "{\"n\":2}", 400, "bad_request" },
    { "PUT", "/papers/a", "{\"n\":2", 400, "bad_request" },
    { "PUT", "/papers/a", "[1]", 400, "bad_request" },
    { "PUT", "/papers/a", "{\"_id\":\"b\"}", 400, "bad_request" },
    { "PUT", "/papers/a", "{\"_odd\":1}", 400, "bad_request" },
    { "PUT", "/papers/_design/x", "{}", 403, "forbidden" },
    { "GET", "/papers/_design/x", NULL, 404, "not_found" },
    { "DELETE", "/papers/a", NULL, 409, "conflict" },
    { "DELETE", "/papers/b", NULL, 404, "not_found" },
    { "PATCH", "/papers/a", "{}", 405, "method_not_allowed" },
    { "POST", "/papers", "{\"n\":3}", 201, "\"rev\":\"1-" },
  };
  g_autofree char *database = make_database ("papers");
  g_autofree char *rev = put ("/papers/a", "{\"n\":1}");
  g_autofree char *path = g_strdup_printf ("/papers/a?rev=%s", rev);
  g_autofree char *deleted = NULL;
  g_autofree char *tombstone = NULL;
  g_autofree char *missing = NULL;

  run_cases (secretariat.admin, cases, G_N_ELEMENTS (cases));
  deleted = secretariat_expect (&secretariat, secretariat.admin, "DELETE", path, NULL, 200);
  g_free (rev);
  rev = json_member (deleted, "rev");
  g_free (path);
  path = g_strdup_printf ("/papers/a?rev=%s", rev);
  tombstone = secretariat_expect (&secretariat, secretariat.admin, "GET", path, NULL, 200);
  g_assert_nonnull (strstr (tombstone, "\"_deleted\":true"));
  missing = secretariat_expect (&secretariat, secretariat.admin, "GET", "/papers/a", NULL, 404);
  g_assert_nonnull (strstr (missing, "\"reason\":\"deleted\""));
  /* Created over its tombstone, a document goes on from it. */
  g_free (rev);
  rev = put ("/papers/a", "{\"n\":4}");
  g_assert_true (g_str_has_prefix (rev, "3-"));
}

static void
bodies_come_back_as_they_were (void)
{
  const char      *body = "{\"z\":1.0,\"a\":[1e3,-0.0,9007199254740993],\"b\":\"\\u00e9\\/\"}";
  g_autofree char *database = make_database ("exact");
  g_autofree char *rev = put ("/exact/a", body);
  g_autofree char *text =
      secretariat_expect (&secretariat, secretariat.admin, "GET", "/exact/a", NULL, 200);

  g_assert_nonnull (strstr (text, body + 1));
}

static void
an_id_may_hold_slashes (void)
{
  g_autofree char  *database = make_database ("slashes");
  g_autofree char  *rev = put ("/slashes/paper%3AA%2FRES%2F77%2F37", "{\"n\":1}");
  static const Case cases[] = {
    { "GET", "/slashes/paper:A%2FRES%2F77%2F37", NULL, 200, "\"paper:A/RES/77/37\"" },
    { "GET", "/slashes/paper:A/RES/77/37", NULL, 200, "\"paper:A/RES/77/37\"" },
    { "GET", "/slashes/paper:A/RES/77/38", NULL, 404, "not_found" },
    { "PUT", "/slashes/_local/a/b", "{\"n\":1}", 201, "\"_local/a/b\"" },
    { "GET", "/slashes/_local%2Fa%2Fb", NULL, 200, "\"_local/a/b\"" },
  };

  run_cases (secretariat.admin, cases, G_N_ELEMENTS (cases));
}

static void
an_unchanged_document_is_not_sent_again (void)
{
  g_autofree char  *database = make_database ("etag");
  g_autofree char  *rev = put ("/etag/a", "{\"n\":1}");
  g_autofree char  *header = g_strdup_printf ("If-None-Match: \"%s\"\r\n", rev);
  g_autoptr (Reply) same =
      secretariat_ask_bytes (&secretariat, secretariat.admin, "GET", "/etag/a", header, NULL, 0);
  g_autoptr (Reply) other = secretariat_ask_bytes (
      &secretariat, secretariat.admin, "GET", "/etag/a", "If-None-Match: \"1-x\"\r\n", NULL, 0);

  g_assert_cmpuint (same->status, ==, 304);
  g_assert_cmpuint (same->carried, ==, 0);
  g_assert_cmpuint (other->status, ==, 200);
}

/* Between which sequences a writing went, "N M", as its header says; NULL where it does not. */
static char *
write_for_span (const char *query, const char *docs)
{
  g_autofree char  *path = g_strconcat ("/span/_bulk_docs", query, NULL);
  g_autofree char  *body = g_strconcat ("{\"new_edits\":false,\"docs\":[", docs, "]}", NULL);
  g_autoptr (Reply) reply = secretariat_ask (&secretariat, secretariat.admin, "POST", path, body);
  const char       *span = g_hash_table_lookup (reply->headers, "x-valise-span");
  guint             from = 0, to = 0;

  g_assert_cmpuint (reply->status, ==, 201);
  if (span == NULL)
    return NULL;
  g_assert_cmpint (sscanf (span, "%u-%*8[0-9a-f] %u-%*8[0-9a-f]", &from, &to), ==, 2);
  return g_strdup_printf ("%u %u", from, to);
}

/* So that a client knows its own echo in the feed. */
static void
a_writing_says_which_sequences_are_its_own (void)
{
  static const char one[] = "{\"_id\":\"a\",\"_rev\":\"1-aa\"}";
  static const char more[] = "{\"_id\":\"b\",\"_rev\":\"1-bb\"},{\"_id\":\"a\",\"_rev\":\"1-cc\"},"
                             "{\"_id\":\"a\",\"_rev\":\"1-dd\"}";
  g_autofree char  *path = make_database ("span"), *first = NULL, *again = NULL, *several = NULL;

  g_assert_null (write_for_span ("", "{\"_id\":\"z\",\"_rev\":\"1-aa\"}")); /* CouchDB's answer */
  first = write_for_span ("?span=true", one);
  g_assert_cmpstr (first, ==, "1 2");
  again = write_for_span ("?span=true", one);
  g_assert_true (again == NULL || g_str_equal (again, "2 2")); /* nothing was written */
  g_free (put ("/span/c", "{}"));
  several = write_for_span ("?span=true", more);
  g_assert_cmpstr (several, ==, "3 6");
}

static void
both_modes_of_bulk_docs_answer_as_couchdb (void)
{
  static const Case cases[] = {
    { "POST", "/bulk/_bulk_docs", "{\"docs\":[{\"_id\":\"a\",\"n\":1},{\"_id\":\"b\"},{\"n\":2}]}",
      201, "\"ok\":true,\"id\":\"b\"" },
    { "POST", "/bulk/_bulk_docs", "{\"docs\":[{\"_id\":\"a\",\"n\":9}]}", 201,
      "\"id\":\"a\",\"error\":\"conflict\"" },
    { "POST", "/bulk/_bulk_docs", "{\"docs\":1}", 400, "bad_request" },
    { "POST", "/bulk/_bulk_docs", "{}", 400, "bad_request" },
    { "POST", "/bulk/_bulk_docs",
      "{\"new_edits\":false,\"docs\":[{\"_id\":\"r\",\"_rev\":\"2-bb\",\"_revisions\":{\"start\":2,"
      "\"ids\":[\"bb\",\"aa\"]}},{\"_id\":\"r\",\"_rev\":\"2-cc\",\"_revisions\":{\"start\":2,"
      "\"ids\":[\"cc\",\"aa\"]}}]}",
      201, "[]" },
    { "GET", "/bulk/r?conflicts=true", NULL, 200, "\"_conflicts\":[\"2-bb\"]" },
    { "POST", "/bulk/_bulk_docs",
      "{\"new_edits\":false,\"docs\":[{\"_id\":\"s\"},{\"_id\":\"t\",\"_rev\":\"1-aa\"}]}", 201,
      "\"id\":\"s\",\"error\":\"bad_request\"" },
    { "GET", "/bulk/t", NULL, 200, "\"1-aa\"" },
    { "GET", "/bulk/r?open_revs=all", NULL, 200, "2-cc" },
    { "GET", "/bulk/r?open_revs=%5B%222-bb%22,%229-zz%22%5D", NULL, 200, "{\"missing\":\"9-zz\"}" },
    { "GET", "/bulk/r?rev=1-aa&latest=true", NULL, 200, "\"2-cc\"" },
    { "PUT", "/bulk/u?new_edits=false", "{\"_rev\":\"3-ee\",\"n\":1}", 201, "3-ee" },
    { "POST", "/bulk/_revs_diff", "{\"r\":[\"2-bb\",\"3-dd\"],\"x\":[\"1-aa\"]}", 200,
      "\"possible_ancestors\"" },
    { "POST", "/bulk/_revs_diff", "{\"r\":[\"2-bb\"]}", 200, "{}" },
    { "POST", "/bulk/_missing_revs", "{\"r\":[\"3-dd\"]}", 200,
      "{\"missing_revs\":{\"r\":[\"3-dd\"]}}" },
    { "POST", "/bulk/_bulk_get?revs=true",
      "{\"docs\":[{\"id\":\"r\",\"rev\":\"2-bb\"},{\"id\":\"x\",\"rev\":\"1-aa\"}]}", 200,
      "\"ids\":[\"bb\",\"aa\"]" },
    { "POST", "/bulk/_bulk_get", "{\"docs\":[{\"id\":\"x\",\"rev\":\"1-aa\"}]}", 200,
      "{\"error\":{\"id\":\"x\",\"rev\":\"1-aa\",\"error\":\"not_found\",\"reason\":\"missing\"}"
      "}" },
    { "POST", "/bulk/_bulk_get", "{}", 400, "bad_request" },
    { "GET", "/bulk/_bulk_get", NULL, 405, "method_not_allowed" },
  };
  g_autofree char *database = make_database ("bulk");

  run_cases (secretariat.admin, cases, G_N_ELEMENTS (cases));
}

static void
lists_give_ranges_and_keys (void)
{
  static const Case cases[] = {
    { "POST", "/list/_bulk_docs",
      "{\"docs\":[{\"_id\":\"a\"},{\"_id\":\"b\"},{\"_id\":\"c\"},{\"_id\":\"d\"}]}", 201, NULL },
    { "GET", "/list/_all_docs", NULL, 200, "\"total_rows\":4" },
    { "GET", "/list/_all_docs?limit=1&skip=1", NULL, 200, "[\n{\"id\":\"b\"" },
    { "GET", "/list/_all_docs?startkey=%22b%22&endkey=%22c%22&inclusive_end=false", NULL, 200,
      "[\n{\"id\":\"b\"" },
    { "GET", "/list/_all_docs?descending=true&limit=1", NULL, 200, "[\n{\"id\":\"d\"" },
    { "GET", "/list/_all_docs?key=%22c%22&include_docs=true", NULL, 200, "\"doc\":{\"_id\":\"c\"" },
    { "POST", "/list/_all_docs", "{\"keys\":[\"d\",\"x\"]}", 200,
      "{\"key\":\"x\",\"error\":\"not_found\"}" },
    { "GET", "/list/_all_docs?keys=%5B%22a%22%5D", NULL, 200, "\"id\":\"a\"" },
    { "GET", "/list/_all_docs?limit=-1", NULL, 400, "bad_request" },
    { "POST", "/list/_all_docs", "{\"keys\":1}", 400, "bad_request" },
  };
  g_autofree char *database = make_database ("list");

  run_cases (secretariat.admin, cases, G_N_ELEMENTS (cases));
}

static void
feeds_are_read_in_pages (void)
{
  static const Case cases[] = {
    { "POST", "/feed/_bulk_docs",
      "{\"docs\":[{\"_id\":\"a\",\"t\":\"x\"},{\"_id\":\"b\",\"t\":\"y\"},{\"_id\":\"c\",\"t\":"
      "\"x\"}]}",
      201, NULL },
    { "GET", "/feed/_changes?limit=2", NULL, 200, "\"pending\":1" },
    { "GET", "/feed/_changes?limit=0", NULL, 200, "\"pending\":2" },
    { "GET", "/feed/_changes?since=now", NULL, 200, "\"results\":[\n\n]" },
    { "GET", "/feed/_changes?since=2-00000000", NULL, 200, "\"id\":\"a\"" },
    { "GET", "/feed/_changes?since=99", NULL, 200, "\"id\":\"a\"" },
    { "GET", "/feed/_changes?descending=true&limit=1", NULL, 200, "\"id\":\"c\"" },
    { "GET", "/feed/_changes?include_docs=true", NULL, 200, "\"doc\":{\"_id\":\"b\"" },
    { "GET", "/feed/_changes", NULL, 200, "\"size\":9" },
    { "GET", "/feed/_changes?seq_interval=3", NULL, 200, "{\"seq\":null,\"id\":\"a\"" },
    { "POST", "/feed/_changes?filter=_doc_ids", "{\"doc_ids\":[\"b\"]}", 200, "\"id\":\"b\"" },
    { "POST", "/feed/_changes?filter=_selector", "{\"selector\":{\"t\":\"y\"}}", 200,
      "\"id\":\"b\"" },
    { "POST", "/feed/_changes?filter=_selector", "{\"selector\":{\"t\":{\"$gt\":1}}}", 400,
      "bad_request" },
    { "GET", "/feed/_changes?filter=app/mine", NULL, 404, "not_found" },
    { "GET", "/feed/_changes?feed=eventsource", NULL, 400, "bad_request" },
    { "GET", "/feed/_changes?limit=x", NULL, 400, "bad_request" },
    { "GET", "/nowhere/_changes", NULL, 404, "not_found" },
  };
  g_autofree char *database = make_database ("feed");
  g_autofree char *text = NULL;

  run_cases (secretariat.admin, cases, G_N_ELEMENTS (cases));
  text = secretariat_expect (&secretariat, secretariat.admin, "POST",
                             "/feed/_changes?filter=_doc_ids", "{\"doc_ids\":[\"b\"]}", 200);
  g_assert_null (strstr (text, "\"id\":\"a\""));
}

/* A feed's last_seq is where the next one begins, through pages of any size. */
static void
a_feed_in_pages_is_the_feed_whole (void)
{
  g_autofree char    *database = make_database ("pages");
  g_autoptr (GString) docs = g_string_new ("{\"docs\":[");
  g_autofree char    *since = g_strdup ("0");
  guint               seen = 0;

  for (guint i = 0; i < 2500; i++)
    g_string_append_printf (docs, "%s{\"_id\":\"doc-%04u\"}", i > 0 ? "," : "", i);
  g_string_append (docs, "]}");
  g_free (secretariat_expect (&secretariat, secretariat.admin, "POST", "/pages/_bulk_docs",
                              docs->str, 201));
  for (guint page = 0; page < 100; page++)
    {
      g_autofree char *path = g_strdup_printf ("/pages/_changes?limit=700&since=%s", since);
      g_autofree char *text =
          secretariat_expect (&secretariat, secretariat.admin, "GET", path, NULL, 200);
      guint rows = 0;

      for (const char *row = text; (row = strstr (row, "\"id\":\"doc-")) != NULL; row++)
        rows++;
      seen += rows;
      g_free (since);
      since = json_member (text, "last_seq");
      if (rows == 0)
        break;
    }
  g_assert_cmpuint (seen, ==, 2500);
}

static void
files_are_kept_beside_documents (void)
{
  static const char inline_one[] =
      "{\"_attachments\":{\"f\":{\"content_type\":\"text/plain\",\"data\":\"aGVsbG8=\"}}}";
  static const Case cases[] = {
    { "GET", "/boxes/a/f", NULL, 200, "hello" },
    { "GET", "/boxes/a/g", NULL, 404, "not_found" },
    { "GET", "/boxes/b/f", NULL, 404, "not_found" },
    { "GET", "/boxes/a", NULL, 200, "\"stub\":true" },
    { "GET", "/boxes/a?attachments=true", NULL, 200, "\"data\":\"aGVsbG8=\"" },
    { "POST", "/boxes/_bulk_get?attachments=true", "{\"docs\":[{\"id\":\"a\"}]}", 200,
      "\"data\":\"aGVsbG8=\"" },
    { "PUT", "/boxes/c",
      "{\"_attachments\":{\"f\":{\"stub\":true,\"content_type\":\"text/plain\",\"digest\":"
      "\"sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=\",\"length\":5}}}",
      412, "missing_stub" },
    { "PUT", "/boxes/c", "{\"_attachments\":{\"f\":{\"follows\":true}}}", 415, "bad_content_type" },
    { "PUT", "/boxes/c", "{\"_attachments\":{\"_f\":{\"data\":\"\"}}}", 400, "bad_request" },
    { "POST", "/boxes/_bulk_docs",
      "{\"docs\":[{\"_id\":\"d\",\"_attachments\":{\"f\":{\"stub\":true}}}]}", 201,
      "\"error\":\"missing_stub\"" },
    { "DELETE", "/boxes/a/f", NULL, 409, "conflict" },
  };
  g_autofree char  *database = make_database ("boxes");
  g_autofree char  *rev = put ("/boxes/a", inline_one);
  g_autofree char  *path = g_strdup_printf ("/boxes/a/n.bin?rev=%s", rev);
  g_autoptr (Reply) second = NULL;

  run_cases (secretariat.admin, cases, G_N_ELEMENTS (cases));
  second = secretariat_ask_bytes (&secretariat, secretariat.admin, "PUT", path,
                                  "Content-Type: application/octet-stream\r\n", "\0\1\2", 3);
  g_assert_cmpuint (second->status, ==, 201);
  g_free (secretariat_expect (&secretariat, secretariat.admin, "GET", "/boxes/a/f", NULL, 200));
  g_free (secretariat_expect (&secretariat, secretariat.admin, "GET", "/boxes/a/n.bin", NULL, 200));
}

static void
ranges_of_files_are_sent (void)
{
  static const struct
  {
    const char *range;
    guint       status;
    const char *body;
    const char *content_range;
  } cases[] = {
    { "bytes=0-4", 206, "01234", "bytes 0-4/10" },
    { "bytes=7-", 206, "789", "bytes 7-9/10" },
    { "bytes=-2", 206, "89", "bytes 8-9/10" },
    { "bytes=5-99", 206, "56789", "bytes 5-9/10" },
    { "bytes=-99", 206, "0123456789", "bytes 0-9/10" },
    { "bytes=10-", 416, NULL, "bytes */10" },
    { "bytes=-0", 416, NULL, "bytes */10" },
    { "bytes=1-2,4-5", 200, "0123456789", NULL },
    { "bytes=4-2", 200, "0123456789", NULL },
    { "lines=1-2", 200, "0123456789", NULL },
    { "bytes=a-b", 200, "0123456789", NULL },
  };
  g_autofree char *database = make_database ("range");
  g_autofree char *rev =
      put ("/range/a", "{\"_attachments\":{\"f\":{\"content_type\":\"text/plain\","
                       "\"data\":\"MDEyMzQ1Njc4OQ==\"}}}");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char  *header = g_strdup_printf ("Range: %s\r\n", cases[i].range);
      g_autoptr (Reply) reply = secretariat_ask_bytes (&secretariat, secretariat.admin, "GET",
                                                       "/range/a/f", header, NULL, 0);

      g_assert_cmpuint (reply->status, ==, cases[i].status);
      if (cases[i].body != NULL)
        g_assert_cmpstr (reply->body->str, ==, cases[i].body);
      g_assert_cmpstr (g_hash_table_lookup (reply->headers, "content-range"), ==,
                       cases[i].content_range);
    }
}

static void
a_changed_file_is_not_patched_together (void)
{
  g_autoptr (Reply) old =
      secretariat_ask_bytes (&secretariat, secretariat.admin, "GET", "/range/a/f",
                             "Range: bytes=5-\r\nIf-Range: \"sha256-AAAA\"\r\n", NULL, 0);
  const char       *etag = g_hash_table_lookup (old->headers, "etag");
  g_autofree char  *header = g_strdup_printf ("Range: bytes=5-\r\nIf-Range: %s\r\n", etag);
  g_autoptr (Reply) same =
      secretariat_ask_bytes (&secretariat, secretariat.admin, "GET", "/range/a/f", header, NULL, 0);

  g_assert_cmpuint (old->status, ==, 200);
  g_assert_cmpuint (same->status, ==, 206);
  g_assert_cmpstr (g_hash_table_lookup (same->headers, "accept-ranges"), ==, "bytes");
}

static void
checkpoints_are_ones_own (void)
{
  static const Case cases[] = {
    { "PUT", "/public/_local/x", "{\"n\":1}", 201, "\"rev\":\"0-1\"" },
    { "PUT", "/public/_local/x", "{\"_id\":\"_local/x\",\"_rev\":\"0-1\",\"n\":2}", 201,
      "\"rev\":\"0-2\"" },
    { "GET", "/public/_local/x", NULL, 200, "\"n\":2" },
    { "GET", "/public/_local/y", NULL, 404, "not_found" },
    { "PUT", "/public/_local/x", "no", 400, "bad_request" },
    { "DELETE", "/public/_local/y", NULL, 404, "not_found" },
  };

  run_cases (secretariat.delegate, cases, G_N_ELEMENTS (cases));
  g_free (
      secretariat_expect (&secretariat, secretariat.other, "GET", "/public/_local/x", NULL, 404));
  g_free (secretariat_expect (&secretariat, secretariat.delegate, "DELETE", "/public/_local/x",
                              NULL, 200));
  g_free (secretariat_expect (&secretariat, secretariat.delegate, "GET", "/public/_local/x", NULL,
                              404));
}

#define ADD(test) g_test_add_func ("/protocol/" #test, test)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  secretariat_init (&secretariat, NULL, NULL);

  ADD (the_server_says_who_it_is);
  ADD (databases_come_and_go);
  ADD (documents_are_written_read_and_deleted);
  ADD (bodies_come_back_as_they_were);
  ADD (an_id_may_hold_slashes);
  ADD (an_unchanged_document_is_not_sent_again);
  ADD (a_writing_says_which_sequences_are_its_own);
  ADD (both_modes_of_bulk_docs_answer_as_couchdb);
  ADD (lists_give_ranges_and_keys);
  ADD (feeds_are_read_in_pages);
  ADD (a_feed_in_pages_is_the_feed_whole);
  ADD (files_are_kept_beside_documents);
  ADD (ranges_of_files_are_sent);
  ADD (a_changed_file_is_not_patched_together);
  ADD (checkpoints_are_ones_own);
  status = g_test_run ();

  secretariat_clear (&secretariat);
  return status;
}
