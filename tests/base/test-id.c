/* test-id.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "valise-clock.h"
#include "valise-digest.h"
#include "valise-id.h"

#define N_THREADS  4
#define PER_THREAD 5000

static guint64
read_time_ms (const char *ulid)
{
  static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  guint64           time_ms = 0;

  for (guint i = 0; i < 10; i++)
    time_ms = time_ms * 32 + (guint64) (strchr (digits, ulid[i]) - digits);

  return time_ms;
}

static void
ulid_tells_its_time_in_crockford_base_32 (void)
{
  gint64           before_ms = valise_clock_now () / 1000;
  g_autofree char *ulid = valise_id_new_ulid ();
  gint64           after_ms = valise_clock_now () / 1000;

  g_assert_cmpuint (strlen (ulid), ==, 26);
  g_assert_cmpuint (strspn (ulid, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), ==, 26);
  g_assert_cmpuint (read_time_ms (ulid), >=, before_ms);
  g_assert_cmpuint (read_time_ms (ulid), <=, after_ms);
}

static void
ulids_rise_within_a_millisecond (void)
{
  g_autofree char *previous = valise_id_new_ulid ();

  for (guint i = 0; i < 20000; i++)
    {
      char *next = valise_id_new_ulid ();

      g_assert_cmpstr (previous, <, next);
      g_free (previous);
      previous = next;
    }
}

static void
ulids_rise_though_the_clock_goes_back (void)
{
  g_autofree char *before = valise_id_new_ulid ();
  g_autofree char *after = NULL;

  valise_clock_set_offset (-G_USEC_PER_SEC * G_GINT64_CONSTANT (86400));
  after = valise_id_new_ulid ();
  valise_clock_set_offset (0);

  g_assert_cmpstr (before, <, after);
}

static gpointer
make_many (gpointer data)
{
  GPtrArray *ulids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < PER_THREAD; i++)
    g_ptr_array_add (ulids, valise_id_new_ulid ());

  return ulids;
}

static void
ulids_of_all_threads_differ (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GThread               *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("ulid", make_many, NULL);

  for (guint i = 0; i < N_THREADS; i++)
    {
      g_autoptr (GPtrArray) ulids = g_thread_join (threads[i]);

      for (guint j = 0; j < ulids->len; j++)
        {
          if (j > 0)
            g_assert_cmpstr (ulids->pdata[j - 1], <, ulids->pdata[j]);
          g_assert_true (g_hash_table_add (seen, g_strdup (ulids->pdata[j])));
        }
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, N_THREADS * PER_THREAD);
}

static void
id_says_what_it_names (void)
{
  static const struct
  {
    const char *id, *type, *symbol, *language;
  } cases[] = {
    { "text:A/RES/77/37:fr", "text", "A/RES/77/37", "fr" },
    { "text:A/AC.292/2026/WP.17/Rev.1:zh", "text", "A/AC.292/2026/WP.17/Rev.1", "zh" },
    { "paper:A/AC.292/2026/WP.17", "paper", "A/AC.292/2026/WP.17", NULL },
    { "text:A/RES/77/37", "text", NULL, NULL },
    { "text:A/RES/77/37:de", "text", NULL, NULL },
    { "text:", "text", NULL, NULL },
    { "meeting:01ARZ3NDEKTSV4RRFFQ69G5FAV", "meeting", NULL, NULL },
    { "kor:submission:01ARZ3NDEKTSV4RRFFQ69G5FAV", "kor", NULL, NULL },
    { "keys", "keys", NULL, NULL },
    { "", "", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *type = valise_id_dup_type (cases[i].id);
      g_autofree char *symbol = valise_id_dup_symbol (cases[i].id);

      g_assert_cmpstr (type, ==, cases[i].type);
      g_assert_cmpstr (symbol, ==, cases[i].symbol);
      g_assert_cmpstr (valise_id_get_language (cases[i].id), ==, cases[i].language);
    }
}

static void
ids_made_are_taken_apart_again (void)
{
  g_autofree char *text = valise_id_for_text ("A/RES/80/16", "ar");
  g_autofree char *paper = valise_id_for_paper ("A/RES/80/16");
  g_autofree char *made = valise_id_new ("meeting");
  g_autofree char *type = valise_id_dup_type (made);
  g_autofree char *symbol = valise_id_dup_symbol (text);

  g_assert_cmpstr (text, ==, "text:A/RES/80/16:ar");
  g_assert_cmpstr (paper, ==, "paper:A/RES/80/16");
  g_assert_cmpstr (symbol, ==, "A/RES/80/16");
  g_assert_cmpstr (type, ==, "meeting");
  g_assert_cmpuint (strlen (made), ==, strlen ("meeting:") + 26);
}

static void
random_text_is_of_its_alphabet_and_differs (void)
{
  g_autofree char *hex = valise_random_hex (16);
  g_autofree char *other = valise_random_hex (16);
  g_autofree char *token = valise_random_token (32);
  g_autofree char *other_token = valise_random_token (32);

  g_assert_cmpuint (strlen (hex), ==, 32);
  g_assert_cmpuint (strspn (hex, "0123456789abcdef"), ==, 32);
  g_assert_cmpstr (hex, !=, other);
  g_assert_cmpuint (strlen (token), ==, 43);
  g_assert_cmpuint (strcspn (token, "+/="), ==, 43);
  g_assert_cmpstr (token, !=, other_token);
}

static void
base64url_has_one_text_for_given_bytes (void)
{
  static const guint8 bytes[] = { 0xfb, 0xff, 0xfe, 0x01 };
  g_autofree char    *text = valise_base64url_encode (bytes, sizeof bytes);
  guint8              back[4];

  g_assert_cmpstr (text, ==, "-__-AQ");
  g_assert_true (valise_base64url_decode (text, back, sizeof back));
  g_assert_cmpmem (back, sizeof back, bytes, sizeof bytes);
  g_assert_false (valise_base64url_decode ("-__-AR", back, sizeof back)); /* idle bits set */
  g_assert_false (valise_base64url_decode ("+//+AQ", back, sizeof back));
  g_assert_false (valise_base64url_decode ("-__-AQ==", back, sizeof back));
  g_assert_false (valise_base64url_decode ("-__-A", back, sizeof back));
  g_assert_false (valise_base64url_decode ("-__ AQ", back, sizeof back));
  g_assert_false (valise_base64url_decode ("-__-A\n", back, sizeof back));
  g_assert_false (valise_base64url_decode ("", back, sizeof back));
}

static void
digests_are_those_of_fips_180 (void)
{
  g_autofree char *nothing = valise_digest_dup_hex ("", 0);
  g_autofree char *abc = valise_digest_dup_hex ("abc", 3);

  g_assert_cmpstr (nothing, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  g_assert_cmpstr (abc, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
digest_is_told_from_what_is_none (void)
{
  static const char digest[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  g_autofree char  *upper = g_ascii_strup (digest, -1);
  g_autofree char  *longer = g_strconcat (digest, "0", NULL);

  g_assert_true (valise_id_is_sha256 (digest));
  g_assert_false (valise_id_is_sha256 (digest + 1));
  g_assert_false (valise_id_is_sha256 (longer));
  g_assert_false (valise_id_is_sha256 (upper));
  g_assert_false (valise_id_is_sha256 (""));
  g_assert_false (valise_id_is_sha256 (NULL));
}

#define ADD(test) g_test_add_func ("/id/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (ulid_tells_its_time_in_crockford_base_32);
  ADD (ulids_rise_within_a_millisecond);
  ADD (ulids_rise_though_the_clock_goes_back);
  ADD (ulids_of_all_threads_differ);
  ADD (id_says_what_it_names);
  ADD (ids_made_are_taken_apart_again);
  ADD (random_text_is_of_its_alphabet_and_differs);
  ADD (base64url_has_one_text_for_given_bytes);
  ADD (digests_are_those_of_fips_180);
  ADD (digest_is_told_from_what_is_none);

  return g_test_run ();
}
