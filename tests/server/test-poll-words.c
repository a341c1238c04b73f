/* test-poll-words.c - an answer to a poll that refers back to its question
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "poll-fixture.h"

#include "valise-poll-words.h"
#include "valise-zstd-decoder.h"

#define PATH "/_valise/poll"
#define JSON "Content-Type: application/json\r\n"
#define ZSTD "Accept-Encoding: zstd, gzip\r\n"

#define DATABASES                                                                                  \
  "{\"databases\":[{\"name\":\"one\",\"logs\":[{\"id\":"                                           \
  "\"60861f0546807853f79fb40416b3f40ba998c60c6d3d235c6413bc0f9a169f01\"}]},{\"name\":\"two\","     \
  "\"logs\":[{\"id\":\"b09e82d5f46a22377ef8ac1bcdfc8b32e65d92aa895cc7c402336a03d1786097\"}]}]"
#define PLAIN   DATABASES "}"
#define KNOWING DATABASES ",\"known\":1}"
#define STRANGE DATABASES ",\"known\":2}"

static Reply *
ask (Fixture *fixture, const char *path, const char *headers, const char *question)
{
  Secretariat *self = &fixture->secretariat;

  return secretariat_ask_bytes (self, self->admin, "POST", path, headers, question,
                                strlen (question));
}

/* What a packed answer says, to who knows the @question. */
static char *
unpack (const Reply *reply, const char *question)
{
  g_autoptr (GConverter)   decoder = G_CONVERTER (valise_zstd_decoder_new ());
  g_autoptr (GBytes)       words = valise_poll_words_make (question, strlen (question));
  g_autoptr (GInputStream) from =
      g_memory_input_stream_new_from_data (reply->body->str, (gssize) reply->body->len, NULL);
  g_autoptr (GInputStream) plain = NULL;
  char                     text[4096] = "";

  valise_zstd_decoder_set_dictionary (VALISE_ZSTD_DECODER (decoder), words);
  plain = g_converter_input_stream_new (from, decoder);
  g_assert_true (g_input_stream_read_all (plain, text, sizeof text - 1, NULL, NULL, NULL));
  return g_strdup (text);
}

static void
an_answer_refers_back_to_its_question (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Reply) plain = ask (fixture, PATH, JSON, KNOWING);
  g_autoptr (Reply) packed = ask (fixture, PATH, JSON ZSTD, KNOWING);
  g_autofree char  *text = NULL;

  g_assert_null (g_hash_table_lookup (plain->headers, "content-encoding"));
  g_assert_cmpuint (packed->status, ==, 200);
  g_assert_cmpstr (g_hash_table_lookup (packed->headers, "content-encoding"), ==, "zstd");
  text = unpack (packed, KNOWING);
  g_assert_cmpstr (text, ==, plain->body->str);
  g_test_message ("%u bytes of %u", (guint) packed->body->len, (guint) plain->body->len);
  g_assert_cmpuint (packed->body->len * 4, <, plain->body->len);
}

/* Whether it says nothing of it, or names words that this server does not know. */
static void
who_does_not_know_the_words_is_answered_plainly (Fixture *fixture, gconstpointer data)
{
  const char *const questions[] = { PLAIN, STRANGE };

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_autoptr (Reply) reply = ask (fixture, PATH, JSON ZSTD, questions[i]);

      g_assert_cmpuint (reply->status, ==, 200);
      g_assert_cmpstr (g_hash_table_lookup (reply->headers, "content-encoding"), ==, "gzip");
      g_assert_true (g_str_has_prefix (reply->body->str, "{\"server\":"));
    }
}

/* What waits sends line feeds as it does. */
static void
who_waits_is_answered_plainly (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Reply) reply = ask (fixture, PATH "?feed=longpoll&timeout=1000", JSON ZSTD, KNOWING);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (g_hash_table_lookup (reply->headers, "content-encoding"), ==, "gzip");
}

/* A laptop reads nothing but its name and value. */
static void
who_signs_in_by_it_is_given_a_short_cookie (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Reply) reply = ask (fixture, PATH, JSON ZSTD, KNOWING);
  const char       *cookie = g_hash_table_lookup (reply->headers, "set-cookie");

  g_assert_nonnull (cookie);
  g_assert_true (g_str_has_prefix (cookie, "AuthSession="));
  g_assert_null (strchr (cookie, ';'));
}

#define ADD(test) g_test_add ("/poll-words/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (an_answer_refers_back_to_its_question);
  ADD (who_does_not_know_the_words_is_answered_plainly);
  ADD (who_waits_is_answered_plainly);
  ADD (who_signs_in_by_it_is_given_a_short_cookie);

  return g_test_run ();
}
