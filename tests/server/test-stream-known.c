/* test-stream-known.c - what a laptop has is not said to it once more
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "laptop.h"
#include "valise-known.h"
#include "valise-test.h"

#define STREAM "/public/_valise/stream"
#define ZSTD   "Accept-Encoding: zstd\r\n"

#define NOTES      8
#define NOTE_BYTES 1000 /* of chance in each */

static char *template;

typedef struct
{
  Office office;
  Laptop laptop;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  laptop_open (&fixture->laptop, &fixture->office, NULL);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  laptop_close (&fixture->laptop);
  office_close (&fixture->office);
}

/* --- what a server answers ------------------------------------------------------------------- */

static char *
dup_login (Fixture *fixture)
{
  g_autofree char *credentials =
      g_strdup_printf ("%s:%s", fixture->laptop.address.user, fixture->laptop.address.password);

  return wire_basic (credentials);
}

/* The bytes of the answer to who goes on from @since (nullable) and names @known (nullable), and
 * the header that says what of it the answer goes back to. */
static gsize
ask (Fixture *fixture, const char *since, const char *known, const char *coding, char **header)
{
  g_autofree char  *who = dup_login (fixture);
  g_autoptr (Reply) reply = NULL;
  GString          *question = g_string_new ("{");
  gsize             carried = 0;

  if (since != NULL)
    g_string_append_printf (question, "\"since\":\"%s\"", since);
  if (known != NULL)
    g_string_append_printf (question, "%s\"known\":\"%s\"", since != NULL ? "," : "", known);
  g_string_append_c (question, '}');
  reply = secretariat_ask_bytes (&fixture->office.server, who, "POST", STREAM, coding,
                                 question->str, question->len);
  g_string_free (question, TRUE);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_false (reply->cut);
  g_free (*header);
  *header = g_strdup (g_hash_table_lookup (reply->headers, "valise-known"));
  carried = reply->carried;
  return carried;
}

/* A sequence so many before the last. */
static char *
dup_since (Fixture *fixture, gint64 back)
{
  g_autoptr (ValiseDatabase) database = office_get_database (&fixture->office, "public");
  ValiseDatabaseInfo         info = { 0 };

  g_assert_true (valise_database_get_info (database, &info, NULL));
  return g_strdup_printf ("%" G_GINT64_FORMAT "-%.8s", info.update_seq - back, info.uuid);
}

/* The same as a row of a stream has it that has not come to where it began: that sequence, and for
 * which day. */
static char *
dup_place (Fixture *fixture, const char *since)
{
  g_autofree char *last = dup_since (fixture, 0);

  *strchr (last, '-') = '\0';
  return g_strdup_printf ("%s.%s.2026-11-27.t", since, last);
}

static gboolean
name_change (const ValiseChange *change, gpointer user_data)
{
  const ValiseRevisionLeaf *leaf = g_ptr_array_index (change->leaves, 0);

  g_ptr_array_insert (user_data, 0, valise_document_new (change->id, leaf->rev, FALSE, NULL));
  return TRUE;
}

/* The names of the server's last @n documents but the @back newest. */
static char *
dup_names (Fixture *fixture, guint n, gint64 back)
{
  g_autoptr (ValiseDatabase) database = office_get_database (&fixture->office, "public");
  g_autoptr (GPtrArray)      documents =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  g_autoptr (GError) error = NULL;
  ValiseDatabaseInfo info = { 0 };

  g_assert_true (valise_database_get_info (database, &info, NULL));
  valise_database_list_recent (database, info.update_seq - back, n, name_change, documents, &error);
  g_assert_no_error (error);
  return valise_known_dup_names (documents);
}

static void
what_is_known_is_not_said_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char *since = dup_since (fixture, 2), *names = dup_names (fixture, 16, 2);
  g_autofree char *header = NULL;
  gsize            plain = ask (fixture, since, NULL, ZSTD, &header), less = 0;

  g_assert_null (header);
  less = ask (fixture, since, names, ZSTD, &header);
  g_test_message ("two texts: %" G_GSIZE_FORMAT " bytes, then %" G_GSIZE_FORMAT, plain, less);
  g_assert_nonnull (header);
  g_assert_cmpuint (strlen (header), ==, 16); /* all of them */
  g_assert_cmpuint (less, <, plain * 2 / 3);

  /* Kept: the same once more. */
  g_assert_cmpuint (ask (fixture, since, names, ZSTD, &header), ==, less);
  g_assert_nonnull (header);
}

static void
who_reads_no_zstandard_is_answered_as_ever (Fixture *fixture, gconstpointer data)
{
  g_autofree char *since = dup_since (fixture, 2), *names = dup_names (fixture, 16, 2);
  g_autofree char *header = NULL;
  gsize            plain = ask (fixture, since, NULL, "", &header);

  g_assert_cmpuint (ask (fixture, since, names, "", &header), ==, plain);
  g_assert_null (header);
  (void) ask (fixture, since, names, "Accept-Encoding: gzip\r\n", &header);
  g_assert_null (header);
}

/* Only what the laptop was given before counts: not what it is given now, and nothing at all where
 * it begins. */
static void
what_comes_now_is_not_known_before (Fixture *fixture, gconstpointer data)
{
  g_autofree char *since = dup_since (fixture, 2), *names = dup_names (fixture, 4, 0);
  g_autofree char *newest = dup_names (fixture, 2, 0), *header = NULL;

  (void) ask (fixture, since, names, ZSTD, &header);
  g_assert_nonnull (header);
  g_assert_true (g_str_has_suffix (header, " c0")); /* the first two of four */
  (void) ask (fixture, since, newest, ZSTD, &header);
  g_assert_null (header);
  (void) ask (fixture, NULL, names, ZSTD, &header);
  g_assert_null (header);
  (void) ask (fixture, "2-00000000", names, ZSTD, &header); /* of another epoch */
  g_assert_null (header);
}

static void
names_that_mean_nothing_do_no_harm (Fixture *fixture, gconstpointer data)
{
  g_autofree char *since = dup_since (fixture, 2), *header = NULL;
  g_autofree char *forged = g_strnfill (4 * VALISE_KNOWN_MOST * 4 / 3, 'x');
  g_autofree char *many = g_strnfill (1 << 20, 'x');
  const char      *names[] = { "", "A", "AAAAAA", "!!!!!!", forged, many };
  gsize            plain = ask (fixture, since, NULL, ZSTD, &header);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_cmpuint (ask (fixture, since, names[i], ZSTD, &header), ==, plain);
      g_assert_null (header);
    }
}

/* Papers that say what nobody could guess, each of it twice. */
static void
issue_repetitive (Fixture *fixture)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < 2 * NOTES; i++)
    {
      if (i < NOTES)
        g_ptr_array_add (notes, valise_random_hex (NOTE_BYTES));
      office_issue (office_get_registry (&fixture->office), 8001 + i,
                    g_ptr_array_index (notes, i % NOTES));
    }
}

static void
a_stream_that_was_cut_goes_on_with_its_memory (Fixture *fixture, gconstpointer data)
{
  gint64           back = NOTES * OFFICE_A_PAPER;
  g_autofree char *since = NULL, *place = NULL, *names = NULL, *header = NULL;
  gsize            plain = 0, less = 0;

  issue_repetitive (fixture);
  since = dup_since (fixture, back);
  names = dup_names (fixture, VALISE_KNOWN_MOST, back);
  place = dup_place (fixture, since);
  plain = ask (fixture, place, NULL, ZSTD, &header);
  less = ask (fixture, place, names, ZSTD, &header);
  g_test_message ("the rest: %" G_GSIZE_FORMAT " bytes, then %" G_GSIZE_FORMAT, plain, less);
  g_assert_nonnull (header);
  g_assert_cmpuint (less + NOTES * NOTE_BYTES * 3 / 4, <, plain);
}

/* --- what a laptop makes of it --------------------------------------------------------------- */

static void
assert_whole (Fixture *fixture)
{
  assert_same (&fixture->laptop, &fixture->office, "public");
  g_assert_cmpuint (fixture->laptop.source->twice, ==, 0);
  g_assert_cmpuint (fixture->laptop.refused->len, ==, 0);
}

static void
a_pull_that_was_cut_is_whole (Fixture *fixture, gconstpointer data)
{
  guint64 start = relay_get_down (fixture->office.relay), whole = 0;
  guint   connections = 0;

  laptop_pull_all (&fixture->laptop);
  whole = relay_get_down (fixture->office.relay) - start;
  for (guint i = 1; i < 4; i++)
    {
      laptop_close (&fixture->laptop);
      laptop_open (&fixture->laptop, &fixture->office, NULL);
      connections = fixture->office.relay->connections;
      relay_cut_after (fixture->office.relay, whole * i / 4, NULL);
      laptop_pull_all (&fixture->laptop);
      g_assert_cmpuint (fixture->office.relay->connections, >=, connections + 2);
      assert_whole (fixture);
    }
}

static void
a_later_paper_comes_whole (Fixture *fixture, gconstpointer data)
{
  laptop_pull_all (&fixture->laptop);
  for (guint number = 8001; number <= 8003; number++)
    {
      office_issue (office_get_registry (&fixture->office), number, "later");
      laptop_pull_all (&fixture->laptop);
      assert_whole (fixture);
    }
}

/* Another document with a name that the server's means: only the digest tells. */
static void
forge (Fixture *fixture)
{
  g_autoptr (ValiseDatabase) here = laptop_get_database (&fixture->laptop, "public");
  g_autoptr (GPtrArray)      last =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  g_autoptr (GError)         error = NULL;
  g_autoptr (GBytes)         body = g_bytes_new_static ("{\"forged\":1}", 12);
  g_autoptr (ValiseDocument) document = NULL;
  g_autofree char           *rev = NULL;
  ValiseBatch               *batch = NULL;
  ValiseMerge                merge;

  valise_database_list_recent (here, G_MAXINT64, 3, name_change, last, &error);
  g_assert_no_error (error);
  rev = g_strdup_printf ("1-%.8s%024x", ((ValiseDocument *) last->pdata[0])->rev + 2, 1);
  document = valise_document_new ("note:forged", rev, FALSE, body);
  batch = valise_database_begin (here, &error);
  g_assert_no_error (error);
  valise_batch_merge (batch, document, &merge, &error);
  g_assert_no_error (error);
  valise_batch_commit (batch, &error);
  g_assert_no_error (error);
}

static void
a_dictionary_that_is_not_the_same_is_done_without (Fixture *fixture, gconstpointer data)
{
  guint64 documents = 0;

  laptop_pull_all (&fixture->laptop);
  forge (fixture);
  documents = fixture->laptop.source->fetched;
  office_issue (office_get_registry (&fixture->office), 8001, "later");
  laptop_pull_all (&fixture->laptop);
  g_assert_cmpuint (fixture->laptop.source->fetched, ==, documents + OFFICE_A_PAPER);
  g_assert_cmpuint (fixture->laptop.source->twice, ==, 0);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==,
                   OFFICE_DOCUMENTS + OFFICE_A_PAPER + 1);
}

#define ADD(test) g_test_add ("/stream-known/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();

  ADD (what_is_known_is_not_said_again);
  ADD (who_reads_no_zstandard_is_answered_as_ever);
  ADD (what_comes_now_is_not_known_before);
  ADD (names_that_mean_nothing_do_no_harm);
  ADD (a_stream_that_was_cut_goes_on_with_its_memory);
  ADD (a_pull_that_was_cut_is_whole);
  ADD (a_later_paper_comes_whole);
  ADD (a_dictionary_that_is_not_the_same_is_done_without);

  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
