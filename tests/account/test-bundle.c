/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <malloc.h>

#include "bundle-fixture.h"
#include "valise-bundle-writer.h"

/* --- the same by either way ------------------------------------------------------------------ */

/* The revision of @id that a random edit is made on: any leaf that is no tombstone, or none. */
static char *
pick_parent (ValiseDatabase *database, const char *id)
{
  g_autoptr (GPtrArray) leaves = valise_database_get_leaves (database, id, NULL);
  g_autoptr (GPtrArray) alive = g_ptr_array_new ();

  for (guint i = 0; leaves != NULL && i < leaves->len; i++)
    {
      ValiseRevisionLeaf *leaf = g_ptr_array_index (leaves, i);

      if (!leaf->deleted)
        g_ptr_array_add (alive, leaf->rev);
    }
  return alive->len == 0 ? NULL
                         : g_strdup (g_ptr_array_index (
                             alive, (guint) g_test_rand_int_range (0, (int) alive->len)));
}

/* A revision beside the others, as a colleague's laptop would have brought it. */
static void
merge_rival (ValiseDatabase *database, const char *id, const char *parent)
{
  g_autofree char           *text = g_strdup_printf ("{\"rival\":%u}", g_test_rand_int () >> 4);
  g_autoptr (ValiseJson)     json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, NULL);
  g_autofree char           *rev = valise_canonical_revision (parent, FALSE, json);
  g_autoptr (GBytes)         body = g_bytes_new (text, strlen (text));
  g_autoptr (ValiseDocument) document = valise_document_new (id, rev, FALSE, body);
  ValiseBatch               *batch = valise_database_begin (database, NULL);
  ValiseMerge                merge = VALISE_MERGE_KNOWN;
  g_autoptr (GError)         error = NULL;

  if (parent != NULL)
    {
      document->ancestors = g_new0 (char *, 2);
      document->ancestors[0] = g_strdup (strchr (parent, '-') + 1);
    }
  valise_batch_merge (batch, document, &merge, &error);
  g_assert_no_error (error);
  valise_batch_commit (batch, &error);
  g_assert_no_error (error);
}

static void
edit_at_random (Bag *bag, guint n)
{
  g_autoptr (ValiseDatabase) database = bag_get (bag, "team-xke");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("para:%d", g_test_rand_int_range (0, 12));
      g_autofree char *parent = pick_parent (database, id), *rev = NULL;
      g_autofree char *text = g_strdup_printf ("{\"n\":%u}", g_test_rand_int () >> 4);
      int              dice = g_test_rand_int_range (0, 10);

      if (dice < 3)
        merge_rival (database, id, parent);
      else
        rev = bag_put (bag, "team-xke", id, parent, dice < 4 && parent != NULL ? "{}" : text);
    }
}

static void
bundle_then_sync_is_sync_then_bundle (Bags *bags, gconstpointer data)
{
  const char  *given = g_getenv ("VALISE_BUNDLE_HISTORIES");
  guint        histories = given != NULL ? (guint) atoi (given) : 12;
  const guint8 key[VALISE_CIPHER_KEY_SIZE] = { 1 };
  Bag          other = { 0 };

  bag_open (bags, &other, "other", "xke");
  for (guint i = 0; i < histories; i++)
    {
      g_autoptr (ValiseBundleArrival) first = NULL, second = NULL;
      g_autofree char                *expected = NULL, *one = NULL, *two = NULL;

      edit_at_random (&bags->from, (guint) g_test_rand_int_range (1, 40));
      bags_write (bags, "team-xke", key);
      first = bag_read (&bags->to, bags->file, key);
      g_assert_cmpuint (first->refused, ==, 0);
      g_assert_cmpuint (bags_sync (bags, &bags->to, "team-xke"), ==, 0);
      bags_sync (bags, &other, "team-xke");
      second = bag_read (&other, bags->file, key);
      g_assert_cmpuint (second->stored, ==, 0);
      g_assert_cmpuint (second->refused, ==, 0);

      expected = bag_describe (&bags->from, "team-xke");
      one = bag_describe (&bags->to, "team-xke");
      two = bag_describe (&other, "team-xke");
      g_assert_cmpstr (one, ==, expected);
      g_assert_cmpstr (two, ==, expected);
    }
  bag_close (&other);
}

static void
what_both_wrote_meets_in_any_order (Bags *bags, gconstpointer data)
{
  const guint8      key[VALISE_CIPHER_KEY_SIZE] = { 1 };
  g_autofree char  *back = g_build_filename (bags->root, "back.valise-bundle", NULL);
  const char *const databases[] = { "team-xke", NULL };
  ValiseBundleOrder order = {
    .path = back, .recipient = "colleagues", .databases = databases, .secret = { NULL, key }
  };
  g_autoptr (ValiseBundleArrival) there = NULL, here = NULL;
  g_autoptr (ValiseBundleReceipt) receipt = NULL;
  g_autofree char                *one = NULL, *two = NULL;
  g_autoptr (GError)              error = NULL;

  edit_at_random (&bags->from, 30);
  edit_at_random (&bags->to, 30);
  bags_write (bags, "team-xke", key);
  receipt = valise_bundle_write (&bags->to.holder, &order, NULL, &error);
  g_assert_no_error (error);
  there = bag_read (&bags->to, bags->file, key);
  here = bag_read (&bags->from, back, key);
  one = bag_describe (&bags->from, "team-xke");
  two = bag_describe (&bags->to, "team-xke");
  g_assert_cmpstr (one, ==, two);
}

static void
read_twice_it_is_read_once (Bags *bags, gconstpointer data)
{
  g_autoptr (ValiseBundleArrival) first = NULL, second = NULL;
  ValiseDatabaseInfo              before = { 0 }, after = { 0 };
  g_autoptr (ValiseDatabase) public = NULL;

  bags_put_papers (bags, 300);
  bags_write (bags, "public", NULL);
  first = bag_read (&bags->to, bags->file, NULL);
  g_assert_cmpuint (first->documents, ==, 301);
  g_assert_cmpuint (first->stored, ==, 301);
  g_assert_cmpuint (first->refused, ==, 0);
  g_assert_cmpstr (first->person, ==, "Amina Diallo");
  g_assert_cmpuint (bags_sync (bags, &bags->to, "public"), ==, 0);

  public = bag_get (&bags->to, "public");
  valise_database_get_info (public, &before, NULL);
  second = bag_read (&bags->to, bags->file, NULL);
  g_assert_cmpuint (second->stored, ==, 0);
  valise_database_get_info (public, &after, NULL);
  g_assert_cmpint (after.update_seq, ==, before.update_seq);
}

/* --- cut ------------------------------------------------------------------------------------- */

/* A gate that lets all pass, counts, and cancels when it has seen enough. */
#define STOP_TYPE_GATE (stop_gate_get_type ())

G_DECLARE_FINAL_TYPE (StopGate, stop_gate, STOP, GATE, GObject)

struct _StopGate
{
  GObject parent_instance;

  gint          judged;
  gint          enough; /* 0: never */
  GCancellable *cancellable;
};

static void stop_gate_init_gate (ValiseGateInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StopGate,
                               stop_gate,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VALISE_TYPE_GATE, stop_gate_init_gate))

static gboolean
stop_gate_judge (ValiseGate *gate, const ValiseWrite *write, GError **error)
{
  StopGate *self = STOP_GATE (gate);

  if (g_atomic_int_add (&self->judged, 1) + 1 == self->enough)
    g_cancellable_cancel (self->cancellable);
  return TRUE;
}

static void
stop_gate_init_gate (ValiseGateInterface *iface)
{
  iface->judge = stop_gate_judge;
}

static void
stop_gate_class_init (StopGateClass *klass)
{
}

static void
stop_gate_init (StopGate *self)
{
}

/* More bytes than wait between reading and writing. */
static void
put_long_papers (Bags *bags, guint n)
{
  g_autofree char *filler = g_strnfill (12000, 'x');

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("paper:A/%u", i);
      g_autofree char *text = g_strdup_printf ("{\"t\":\"%s\"}", filler);
      g_autofree char *rev = bag_put_sealed (&bags->from, id, text, bags->issuing, 2 + i);
    }
  bags_put_keys (bags);
}

static void
stopped_part_way_it_goes_on (Bags *bags, gconstpointer data)
{
  g_autoptr (StopGate)            gate = g_object_new (STOP_TYPE_GATE, NULL);
  g_autoptr (GCancellable)        cancellable = g_cancellable_new ();
  ValiseBundleSecret              none = { NULL, NULL };
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseBundleArrival) arrival = NULL, rest = NULL;
  g_autoptr (ValiseDatabase) public = bag_get (&bags->to, "public");
  gint64 kept = 0;

  put_long_papers (bags, 1000);
  bags_write (bags, "public", NULL);
  g_ptr_array_add (bags->to.gates, gate);
  gate->cancellable = cancellable;
  gate->enough = 100;
  arrival = valise_bundle_read (&bags->to.holder, bags->file, &none, cancellable, &error);
  g_assert_null (arrival);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  kept = count_documents (public);
  g_assert_cmpint (kept, >, 0);
  g_assert_cmpint (kept, <, 1001);

  gate->judged = gate->enough = 0;
  rest = bag_read (&bags->to, bags->file, NULL);
  g_assert_cmpuint (rest->stored, ==, (guint64) (1001 - kept));
  g_assert_cmpint (gate->judged, ==, 1001 - (int) kept); /* nothing is judged, so stored, again */
  g_assert_cmpint (count_documents (public), ==, 1001);
  g_ptr_array_remove (bags->to.gates, gate);
}

/* --- sizes ----------------------------------------------------------------------------------- */

static void
too_large_for_a_letter_it_goes_in_parts_that_stand_alone (Bags *bags, gconstpointer data)
{
  const char *const databases[] = { "public", NULL };
  ValiseBundleOrder order = {
    .path = bags->file, .recipient = "anyone", .databases = databases, .max_size = 20000
  };
  g_autoptr (ValiseBundleReceipt) receipt = NULL;
  guint64                         stored = 0;
  g_autofree char                *expected = NULL, *found = NULL;

  bags_put_papers (bags, 400);
  receipt = bags_write_order (bags, &order);
  g_assert_cmpuint (receipt->documents, ==, 401);
  g_assert_cmpuint (receipt->files->len, >, 2);
  for (guint i = receipt->files->len; i-- > 0;) /* in no order that was meant */
    {
      const char                     *path = g_ptr_array_index (receipt->files, i);
      GStatBuf                        status;
      g_autoptr (ValiseBundleArrival) arrival = bag_read (&bags->to, path, NULL);

      g_assert_no_errno (g_stat (path, &status));
      g_assert_cmpint (status.st_size, <=, 20000);
      g_assert_cmpuint (arrival->refused, ==, 0);
      g_assert_cmpuint (arrival->stored, >, 0);
      stored += arrival->stored;
    }
  g_assert_cmpuint (stored, ==, 401);
  expected = bag_describe (&bags->from, "public");
  found = bag_describe (&bags->to, "public");
  g_assert_cmpstr (found, ==, expected);
}

static void
what_no_part_can_hold_is_named (Bags *bags, gconstpointer data)
{
  const guint8                    key[VALISE_CIPHER_KEY_SIZE] = { 1 };
  const char *const               databases[] = { "team-xke", NULL };
  ValiseBundleOrder               order = { .path = bags->file,
                                            .recipient = "colleagues",
                                            .databases = databases,
                                            .secret = { NULL, key },
                                            .max_size = VALISE_BUNDLE_SIZE_MIN };
  g_autoptr (GString)             text = g_string_new ("{\"t\":\"");
  g_autofree char                *small = NULL, *large = NULL, *last = NULL;
  g_autoptr (ValiseBundleReceipt) receipt = NULL;
  g_autoptr (ValiseBundleArrival) arrival = NULL;

  for (guint i = 0; i < 8000; i++)
    g_string_append_printf (text, "%08x", g_test_rand_int ());
  g_string_append (text, "\"}");
  small = bag_put (&bags->from, "team-xke", "para:1", NULL, "{\"n\":1}");
  large = bag_put (&bags->from, "team-xke", "para:2", NULL, text->str);
  last = bag_put (&bags->from, "team-xke", "para:3", NULL, "{\"n\":3}");
  receipt = bags_write_order (bags, &order);
  g_assert_cmpuint (receipt->left_out->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (receipt->left_out, 0), ==, "para:2");
  g_assert_cmpuint (receipt->documents, ==, 2);
  arrival = bag_read (&bags->to, g_ptr_array_index (receipt->files, 0), key);
  g_assert_cmpuint (arrival->stored, >=, 1);
}

/* What is allocated now, in bytes: AddressSanitizer's figure, where that counts. */
extern size_t __sanitizer_get_current_allocated_bytes (void) __attribute__ ((weak));

static gsize
get_allocated (void)
{
  if (__sanitizer_get_current_allocated_bytes != NULL)
    return __sanitizer_get_current_allocated_bytes ();
  return mallinfo2 ().uordblks + mallinfo2 ().hblkhd;
}

static gboolean
watch_memory (ValiseDocument *document, gpointer user_data)
{
  gsize *peak = user_data;

  *peak = MAX (*peak, get_allocated ());
  return TRUE;
}

/* VALISE_BUNDLE_MB: how large; 100 and more by hand. */
static void
memory_does_not_grow_with_the_bundle (Bags *bags, gconstpointer data)
{
  const char         *given = g_getenv ("VALISE_BUNDLE_MB");
  guint               megabytes = given != NULL ? (guint) atoi (given) : 12;
  ValiseBundleSecret  secret = { NULL, (const guint8 *) "0123456789abcdef0123456789abcdef" };
  ValiseBundleHeader *header = valise_bundle_header_new ();
  g_autoptr (ValiseBundleWriter) writer = NULL;
  g_autoptr (ValiseBundleReader) reader = NULL;
  g_autoptr (GError)             error = NULL;
  gsize                          before = get_allocated (), peak = 0;

  header->programme = g_strdup (PROGRAMME);
  header->maker = g_strdup ("from");
  header->recipient = g_strdup ("colleagues");
  valise_bundle_header_add (header, "team-xke", "e", 0, 1);
  writer = valise_bundle_writer_new (bags->file, header, &secret, 0, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < megabytes * 10; i++)
    {
      g_autofree char           *id = g_strdup_printf ("para:%u", i);
      g_autoptr (GString)        text = g_string_new ("{\"t\":\"");
      g_autoptr (GBytes)         body = NULL;
      g_autoptr (ValiseDocument) document = NULL;

      for (guint j = 0; j < 100000 / 8; j++)
        g_string_append_printf (text, "%08x", i * 2654435761u + j * 40503u);
      g_string_append (text, "\"}");
      body = g_bytes_new (text->str, text->len);
      document = valise_document_new (id, "1-0123456789abcdef0123456789abcdef", FALSE, body);
      g_assert_true (valise_bundle_writer_add (writer, 0, document, &error));
      watch_memory (NULL, &peak);
    }
  g_assert_true (valise_bundle_writer_finish (writer, &error));
  reader = valise_bundle_reader_open (bags->file, &secret, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (valise_bundle_reader_read (reader, 0, 0, watch_memory, &peak, NULL, &error));
  g_assert_cmpuint (valise_bundle_reader_count (reader, 0), ==, megabytes * 10);
  g_test_message ("%u MB: %" G_GSIZE_FORMAT " kB at most", megabytes, (peak - before) / 1000);
  g_assert_cmpuint (peak - before, <, 8000000);
  valise_bundle_header_free (header);
}

#define ADD(test) g_test_add ("/bundle/" #test, Bags, NULL, bags_setup, test, bags_teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD (bundle_then_sync_is_sync_then_bundle);
  ADD (what_both_wrote_meets_in_any_order);
  ADD (read_twice_it_is_read_once);
  ADD (stopped_part_way_it_goes_on);
  ADD (too_large_for_a_letter_it_goes_in_parts_that_stand_alone);
  ADD (what_no_part_can_hold_is_named);
  ADD (memory_does_not_grow_with_the_bundle);
  return g_test_run ();
}
