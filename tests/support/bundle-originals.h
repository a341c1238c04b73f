/* bundle-originals.h - papers with originals, in bags
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bundle-fixture.h"
#include "valise-file-store.h"
#include "valise-file-transfer.h"

static inline ValiseFileStore *
get_files (Bag *bag)
{
  g_autoptr (GError) error = NULL;
  ValiseFileStore   *files = valise_home_get_files (bag->home, &error);

  g_assert_no_error (error);
  return files;
}

/* Bytes that nothing compresses, as a PDF's. */
static inline GBytes *
make_bytes (gsize length)
{
  g_autofree guint8 *data = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (g_test_rand_int () >> 7);
  return g_bytes_new_take (g_steal_pointer (&data), length);
}

/* A paper under seal and its original, whose bytes are on the first laptop. */
static inline char *
put_paper (Bags *bags, const char *symbol, const char *meeting, const char *language, gsize length)
{
  static gint64      issue = 100;
  g_autoptr (GBytes) bytes = make_bytes (length);
  g_autoptr (GError) error = NULL;
  char              *sha256 = valise_file_store_put (get_files (&bags->from), bytes, &error);
  g_autofree char   *id = g_strconcat ("paper:", symbol, NULL);
  g_autofree char   *text = g_strdup_printf (
        "{\"type\":\"paper\",\"symbol\":\"%s\",\"meeting\":\"%s\",\"issued\":\"2026-07-%02dT10:00:"
          "00Z\","
          "\"files\":[{\"name\":\"a.pdf\",\"sha256\":\"%s\",\"length\":%" G_GSIZE_FORMAT
        ",\"language\":\"%s\"}]}",
        symbol, meeting, (int) (issue % 28) + 1, sha256, length, language);
  g_autofree char *rev = bag_put_sealed (&bags->from, id, text, bags->issuing, issue++);

  g_assert_no_error (error);
  return sha256;
}

static inline void
assert_same_bytes (Bags *bags, Bag *to, const char *sha256)
{
  g_autoptr (GBytes) one = NULL, two = NULL;
  g_autoptr (GError) error = NULL;
  gboolean           complete = FALSE;
  gint64             length = 0;

  valise_file_store_get_present (get_files (to), sha256, &length, &complete);
  g_assert_true (complete);
  one = valise_file_store_read (get_files (&bags->from), sha256, 0, length, &error);
  g_assert_no_error (error);
  two = valise_file_store_read (get_files (to), sha256, 0, length, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (one, two));
}

static inline gint64
get_present (Bag *bag, const char *sha256)
{
  return valise_file_store_get_present (get_files (bag), sha256, NULL, NULL);
}

/* --- of one's own ------------------------------------------------------------------------------
 */

static inline char *
put_own (Bags *bags, const char *name, gsize length)
{
  g_autoptr (ValiseDatabase) database = bag_get (&bags->from, name);
  g_autoptr (GBytes)         bytes = make_bytes (length);
  g_autoptr (GError)         error = NULL;
  char *sha256 = valise_file_transfer_put (get_files (&bags->from), database, bytes,
                                           "application/pdf", &error);

  g_assert_no_error (error);
  return sha256;
}
