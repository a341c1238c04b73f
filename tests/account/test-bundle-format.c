/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <fcntl.h>
#include <unistd.h>

#include "bundle-fixture.h"

/* What every damage is tried on: a small bundle, plain or encrypted, as bytes. */
typedef struct
{
  Bags   bags;
  guint8 team_key[VALISE_CIPHER_KEY_SIZE];
  char  *bytes;
  gsize  length;
  char  *before; /* what the reader has, described */
} Fixture;

static void
setup (Fixture *fixture, gconstpointer encrypted)
{
  const guint8    *key = GPOINTER_TO_INT (encrypted) ? fixture->team_key : NULL;
  g_autofree char *rev = NULL;

  bags_open (&fixture->bags);
  memset (fixture->team_key, 5, sizeof fixture->team_key);
  bags_put_papers (&fixture->bags, 2);
  bags_write (&fixture->bags, "public", key);
  g_assert_true (g_file_get_contents (fixture->bags.file, &fixture->bytes, &fixture->length, NULL));
  rev = bag_put (&fixture->bags.to, "public", "note:mine", NULL, "{\"n\":1}");
  fixture->before = bag_describe (&fixture->bags.to, "public");
}

static void
teardown (Fixture *fixture, gconstpointer encrypted)
{
  bags_close (&fixture->bags);
  g_free (fixture->bytes);
  g_free (fixture->before);
}

/* Has the file refused, with a reason of our own. */
static int
assert_file_refused (Fixture *fixture)
{
  ValiseBundleSecret              secret = { NULL, fixture->team_key };
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseBundleArrival) arrival =
      valise_bundle_read (&fixture->bags.to.holder, fixture->bags.file, &secret, NULL, &error);

  g_assert_null (arrival);
  g_assert_nonnull (error);
  g_assert_cmpstr (g_quark_to_string (error->domain), ==, "valise_bundle_error");
  g_assert_cmpuint (strlen (error->message), >, 10);
  return error->code;
}

/* The same with @length of @bytes as the file. */
static int
assert_refused (Fixture *fixture, const char *bytes, gsize length)
{
  FILE *file = g_fopen (fixture->bags.file, "wb");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (bytes, 1, length, file), ==, length);
  fclose (file);
  return assert_file_refused (fixture);
}

static void
assert_unchanged (Fixture *fixture)
{
  g_autofree char *after = bag_describe (&fixture->bags.to, "public");

  g_assert_cmpstr (after, ==, fixture->before);
}

static void
cut_at_any_byte_it_is_refused (Fixture *fixture, gconstpointer data)
{
  for (gsize n = fixture->length; n-- > 0;)
    {
      g_assert_no_errno (truncate (fixture->bags.file, (off_t) n));
      g_assert_cmpint (assert_file_refused (fixture), ==,
                       n == 0 ? VALISE_BUNDLE_ERROR_FOREIGN : VALISE_BUNDLE_ERROR_CUT);
    }
  assert_unchanged (fixture);
}

static void
with_any_bit_changed_it_is_refused (Fixture *fixture, gconstpointer data)
{
  int fd = g_open (fixture->bags.file, O_WRONLY, 0);

  for (gsize i = 0; i < fixture->length; i++)
    {
      guint8 byte = (guint8) fixture->bytes[i];
      guint8 changed = byte ^ (guint8) (1 << g_test_rand_int_range (0, 8));

      g_assert_cmpint (pwrite (fd, &changed, 1, (off_t) i), ==, 1);
      assert_file_refused (fixture);
      g_assert_cmpint (pwrite (fd, &byte, 1, (off_t) i), ==, 1);
    }
  g_close (fd, NULL);
  assert_unchanged (fixture);
}

static void
with_something_after_its_end_it_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *longer = g_malloc0 (fixture->length + 1);

  memcpy (longer, fixture->bytes, fixture->length);
  g_assert_cmpint (assert_refused (fixture, longer, fixture->length + 1), ==,
                   VALISE_BUNDLE_ERROR_CUT);
  assert_unchanged (fixture);
}

/* The bytes of frame @n, and where they stand. */
static gsize
find_frame (const char *bytes, guint n, gsize *length)
{
  gsize at = VALISE_BUNDLE_OPENING_SIZE;

  for (guint i = 0;; i++)
    {
      ValiseBundleFrame kind = 0;
      gsize             following = 0, inflated = 0;

      g_assert_true (valise_bundle_head_unpack ((const guint8 *) bytes + at, &kind, &following,
                                                &inflated, NULL));
      *length = VALISE_BUNDLE_HEAD_SIZE + following;
      if (i == n)
        return at;
      at += *length;
    }
}

/* Header, keys, papers, trailer: three and two change places, or one is left out or repeated. */
static void
with_frames_moved_it_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) moved = g_byte_array_new ();
  gsize                  first_length = 0, second_length = 0;
  gsize                  first = find_frame (fixture->bytes, 1, &first_length);
  gsize                  second = find_frame (fixture->bytes, 2, &second_length);
  gsize                  rest = second + second_length;
  const guint8          *bytes = (const guint8 *) fixture->bytes;

  g_byte_array_append (moved, bytes, (guint) first);
  g_byte_array_append (moved, bytes + second, (guint) second_length);
  g_byte_array_append (moved, bytes + first, (guint) first_length);
  g_byte_array_append (moved, bytes + rest, (guint) (fixture->length - rest));
  g_assert_cmpint (assert_refused (fixture, (char *) moved->data, moved->len), ==,
                   VALISE_BUNDLE_ERROR_DAMAGED);

  g_byte_array_set_size (moved, (guint) first);
  g_byte_array_append (moved, bytes + second, (guint) (fixture->length - second));
  g_assert_cmpint (assert_refused (fixture, (char *) moved->data, moved->len), ==,
                   VALISE_BUNDLE_ERROR_DAMAGED);

  g_byte_array_set_size (moved, 0);
  g_byte_array_append (moved, bytes, (guint) second);
  g_byte_array_append (moved, bytes + first, (guint) (fixture->length - first));
  g_assert_cmpint (assert_refused (fixture, (char *) moved->data, moved->len), ==,
                   VALISE_BUNDLE_ERROR_DAMAGED);
  assert_unchanged (fixture);
}

/* A second bundle of the same documents, under the same key: its frames fit nowhere else. */
static void
with_a_frame_of_another_bundle_it_is_refused (Fixture *fixture, gconstpointer encrypted)
{
  const guint8       *key = GPOINTER_TO_INT (encrypted) ? fixture->team_key : NULL;
  g_autofree char    *other = NULL;
  gsize               other_length = 0, length = 0, frame = 0, place = 0, replaced = 0;
  g_autoptr (GString) mixed = NULL;

  bags_write (&fixture->bags, "public", key);
  g_assert_true (g_file_get_contents (fixture->bags.file, &other, &other_length, NULL));
  frame = find_frame (fixture->bytes, 2, &length);
  place = find_frame (other, 2, &replaced);
  mixed = g_string_new_len (other, (gssize) place);
  g_string_append_len (mixed, fixture->bytes + frame, (gssize) length);
  g_string_append_len (mixed, other + place + replaced, (gssize) (other_length - place - replaced));
  g_assert_cmpint (assert_refused (fixture, mixed->str, mixed->len), ==,
                   VALISE_BUNDLE_ERROR_DAMAGED);
  assert_unchanged (fixture);
}

static void
whole_it_is_taken (Fixture *fixture, gconstpointer encrypted)
{
  const guint8                   *key = GPOINTER_TO_INT (encrypted) ? fixture->team_key : NULL;
  g_autoptr (ValiseBundleArrival) arrival = bag_read (&fixture->bags.to, fixture->bags.file, key);

  g_assert_cmpuint (arrival->documents, ==, 3);
  g_assert_cmpuint (arrival->stored, ==, 3);
  g_assert_cmpuint (arrival->refused, ==, 0);
}

/* --- what a file of the right form can still try -------------------------------------------- */

/* Frames made by the coder itself, after a proper header. */
static void
assert_frames_refused (ValiseBundleFrame kind, const char *data, gsize length, int code)
{
  static const char header[] = "{\"programme\":\"p\",\"maker\":\"m\",\"for\":\"anyone\",\"made\":1,"
                               "\"part\":1,\"databases\":[{\"name\":\"public\",\"epoch\":\"e\","
                               "\"since\":0,\"until\":9}]}";
  ValiseBundleSecret             secret = { NULL, NULL };
  ValiseBundleOpening            opening = { 0 };
  guint8                         bytes[VALISE_BUNDLE_OPENING_SIZE];
  g_autoptr (GString)            out = g_string_new (NULL);
  g_autofree char               *path = NULL;
  int                            fd = g_file_open_tmp ("valise-XXXXXX", &path, NULL);
  g_autoptr (GError)             error = NULL;
  g_autoptr (ValiseBundleCoder)  coder = NULL;
  g_autoptr (ValiseBundleReader) reader = NULL;
  g_autoptr (GBytes)             first = NULL, second = NULL;

  g_close (fd, NULL);
  valise_bundle_opening_init (&opening, &secret);
  coder = valise_bundle_coder_new_writing (&opening, &secret, NULL);
  valise_bundle_opening_pack (&opening, bytes);
  g_string_append_len (out, (char *) bytes, sizeof bytes);
  first = valise_bundle_coder_pack (coder, 0, VALISE_BUNDLE_FRAME_HEADER, header, strlen (header),
                                    NULL);
  second = valise_bundle_coder_pack (coder, 1, kind, data, length, NULL);
  g_string_append_len (out, g_bytes_get_data (first, NULL), (gssize) g_bytes_get_size (first));
  g_string_append_len (out, g_bytes_get_data (second, NULL), (gssize) g_bytes_get_size (second));
  g_assert_true (g_file_set_contents (path, out->str, (gssize) out->len, NULL));

  reader = valise_bundle_reader_open (path, &secret, NULL, &error);
  g_assert_null (reader);
  g_assert_error (error, VALISE_BUNDLE_ERROR, code);
  g_unlink (path);
}

static void
what_is_no_document_is_refused (void)
{
  static const struct
  {
    const char *text;
    gsize       claimed; /* the length that stands before it; 0: its own */
  } cases[] = {
    { "{\"n\":1}", 0 },                                        /* no id */
    { "{\"_id\":\"a\",\"n\":1}", 0 },                          /* no revision */
    { "{\"_id\":\"_design/a\",\"_rev\":\"1-a\",\"n\":1}", 0 }, /* a design document */
    { "{\"_id\":\"a\",\"_rev\":\"1-a\",\"n\":1", 0 },          /* cut */
    { "[[[[[[[[", 0 },                                         /* no object */
    { "{\"_id\":\"a\",\"_rev\":\"1-a\",\"n\":1}", 4000 },      /* says that it is longer */
    { "{\"_id\":\"a\",\"_rev\":\"1-a\",\"n\":1}", 0xffffffff },
    { "{\"_id\":\"a\",\"_rev\":\"1-a\",\"n\":1}", 5 }, /* shorter */
    { "{\"_id\":\"a\",\"_rev\":\"2-a\",\"_revisions\":{\"start\":1,\"ids\":[\"b\"]}}", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) block = g_string_new (NULL);
      gsize               length = cases[i].claimed > 0 ? cases[i].claimed : strlen (cases[i].text);
      guint32             big_endian = GUINT32_TO_BE ((guint32) length);

      g_string_append_c (block, '\0');
      g_string_append_len (block, (char *) &big_endian, sizeof big_endian);
      g_string_append (block, cases[i].text);
      assert_frames_refused (VALISE_BUNDLE_FRAME_DOCUMENTS, block->str, block->len,
                             VALISE_BUNDLE_ERROR_DAMAGED);
    }
  assert_frames_refused (VALISE_BUNDLE_FRAME_DOCUMENTS, "\001", 1, VALISE_BUNDLE_ERROR_DAMAGED);
  assert_frames_refused (VALISE_BUNDLE_FRAME_HEADER, "{}", 2, VALISE_BUNDLE_ERROR_DAMAGED);
  assert_frames_refused (VALISE_BUNDLE_FRAME_TRAILER, "{}", 2, VALISE_BUNDLE_ERROR_DAMAGED);
}

/* Ten megabytes of zeros are ten kilobytes of zlib. */
static void
what_inflates_beyond_measure_is_refused (void)
{
  gsize            length = VALISE_BUNDLE_MAX_FRAME + 1;
  g_autofree char *zeros = g_malloc0 (length);

  assert_frames_refused (VALISE_BUNDLE_FRAME_DOCUMENTS, zeros, length,
                         VALISE_BUNDLE_ERROR_TOO_LARGE);
  assert_frames_refused (VALISE_BUNDLE_FRAME_TRAILER, zeros, VALISE_BUNDLE_MAX_TEXT + 1,
                         VALISE_BUNDLE_ERROR_TOO_LARGE);
}

static void
a_header_is_read_within_limits (void)
{
  static const char *const cases[] = {
    "{}",
    "{\"programme\":\"p\",\"maker\":\"m\",\"for\":\"x\",\"made\":1,\"part\":0,\"databases\":[]}",
    "{\"programme\":\"p\",\"maker\":\"m\",\"for\":\"x\",\"part\":1,\"databases\":{}}",
    "{\"programme\":\"p\",\"maker\":\"m\",\"for\":\"x\",\"part\":1,\"databases\":[{\"name\":\"../"
    "a\","
    "\"since\":0,\"until\":0}]}",
    "{\"programme\":\"p\",\"maker\":\"m\",\"for\":\"x\",\"part\":1,\"databases\":[{\"name\":\"a\","
    "\"since\":3,\"until\":2}]}",
    "{\"programme\":\"p\",\"maker\":\"m\",\"for\":\"x\",\"part\":1,\"databases\":[{\"name\":\"a\","
    "\"since\":0,\"until\":0},{\"name\":\"a\",\"since\":0,\"until\":0}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes)             text = g_bytes_new_static (cases[i], strlen (cases[i]));
      g_autoptr (GError)             error = NULL;
      g_autoptr (ValiseBundleHeader) header = valise_bundle_header_parse (text, &error);

      g_assert_null (header);
      g_assert_error (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_DAMAGED);
    }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/bundle-format/plain/" name, Fixture, GINT_TO_POINTER (FALSE), setup, function,     \
              teardown);                                                                           \
  g_test_add ("/bundle-format/encrypted/" name, Fixture, GINT_TO_POINTER (TRUE), setup, function,  \
              teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("cut-at-any-byte-it-is-refused", cut_at_any_byte_it_is_refused);
  ADD ("with-any-bit-changed-it-is-refused", with_any_bit_changed_it_is_refused);
  ADD ("with-something-after-its-end-it-is-refused", with_something_after_its_end_it_is_refused);
  ADD ("with-frames-moved-it-is-refused", with_frames_moved_it_is_refused);
  ADD ("with-a-frame-of-another-bundle-it-is-refused",
       with_a_frame_of_another_bundle_it_is_refused);
  ADD ("whole-it-is-taken", whole_it_is_taken);
  g_test_add_func ("/bundle-format/what-is-no-document-is-refused", what_is_no_document_is_refused);
  g_test_add_func ("/bundle-format/what-inflates-beyond-measure-is-refused",
                   what_inflates_beyond_measure_is_refused);
  g_test_add_func ("/bundle-format/a-header-is-read-within-limits", a_header_is_read_within_limits);
  return g_test_run ();
}
