/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "account-fixture.h"
#include "valise-home.h"
#include "valise-peer-error.h"
#include "valise-scheduler.h"

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint            n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
joining_makes_an_account_that_opens_again (Fixture *fixture, gconstpointer data)
{
  ValiseAccount     *account = join (fixture);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv)     languages = valise_account_dup_languages (account);
  g_autofree char   *device = g_strdup (valise_account_get_device (account));

  g_assert_cmpstr (valise_account_get_programme_name (account), ==, "Programme");
  g_assert_cmpstr (valise_account_get_participant (account), ==, "xke");
  g_assert_cmpstr (languages[0], ==, "fr");
  close_account (account);
  g_assert_cmpuint (count_entries (fixture->data), ==, 1);

  account = valise_account_open (fixture->data, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (valise_account_get_device (account), ==, device);
  g_assert_cmpstr (valise_account_get_person (account), ==, "Ada");
  g_assert_false (valise_account_is_sample (account));
  close_account (account);
}

static void
without_a_keyring_secrets_lie_in_a_file_that_says_so (Fixture *fixture, gconstpointer data)
{
  ValiseAccount   *account = join (fixture);
  g_autofree char *path = g_build_filename (
      valise_home_get_directory (valise_account_get_home (account)), "secrets.json", NULL);
  g_autofree char *text = NULL;
  GStatBuf         status = { 0 };

  g_assert_true (valise_account_secrets_in_file (account));
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "no keyring"));
  close_account (account);
}

static void
a_failed_join_leaves_nothing (Fixture *fixture, gconstpointer data)
{
  static const guint statuses[] = { 403, 404 };
  g_autoptr (GError) error = NULL;
  char               other[65] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      fixture->server->status = statuses[i];
      fault_server_set (fixture->server, FAULT_STATUS, G_MAXUINT, "join", 0);
      g_clear_error (&error);
      g_assert_null (valise_account_join (fixture->data, fixture->invitation, NULL, NULL, &error));
      if (statuses[i] == 403)
        g_assert_error (error, VALISE_INVITATION_ERROR, VALISE_INVITATION_ERROR_EXPIRED);
      else
        g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING);
      g_assert_false (g_file_test (fixture->data, G_FILE_TEST_EXISTS));
    }

  memset (other, 'b', 64);
  g_free (fixture->invitation->pin);
  fixture->invitation->pin = g_strdup (other);
  g_clear_error (&error);
  g_assert_null (valise_account_join (fixture->data, fixture->invitation, NULL, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY);
  g_assert_false (g_file_test (fixture->data, G_FILE_TEST_EXISTS));
}

static void
an_answer_lost_once_is_asked_for_again (Fixture *fixture, gconstpointer data)
{
  fault_server_set (fixture->server, FAULT_CUT, 2, "join", 0);
  close_account (join (fixture));
  g_assert_cmpuint (count_entries (fixture->data), ==, 1);
  g_assert_cmpuint (fault_server_count (fixture->server, "join"), ==, 3);
}

/* The token was used and no answer came, however often it was asked: the invitation is still
 * good for the key that it was used with. */
static void
an_answer_lost_for_good_does_not_lose_the_invitation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fault_server_set (fixture->server, FAULT_CUT, G_MAXUINT, "join", 10);
  g_assert_null (valise_account_join (fixture->data, fixture->invitation, NULL, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK);
  g_assert_nonnull (fixture->server->device);
  g_assert_cmpuint (count_entries (fixture->data), ==, 1);

  fault_server_set (fixture->server, FAULT_NONE, 0, NULL, 0);
  close_account (join (fixture));
  g_assert_cmpuint (count_entries (fixture->data), ==, 1); /* the account alone */
}

static void
a_used_invitation_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char   *elsewhere = g_build_filename (fixture->root, "elsewhere", NULL);
  g_autoptr (GError) error = NULL;

  close_account (join (fixture));
  g_assert_null (valise_account_join (elsewhere, fixture->invitation, NULL, NULL, &error));
  g_assert_error (error, VALISE_INVITATION_ERROR, VALISE_INVITATION_ERROR_EXPIRED);
  g_assert_nonnull (strstr (error->message, "invitation_used"));
}

static void
nobody_has_joined_in_an_empty_folder (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (valise_account_open (fixture->data, &error));
  g_assert_error (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NONE);
}

static void
a_sample_has_no_server (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ValiseAccount     *account =
      valise_account_new_sample (fixture->data, "poa-sample", fixture->invitation->root, &error);
  ValiseScheduler *scheduler = NULL;

  g_assert_no_error (error);
  g_assert_true (valise_account_is_sample (account));
  scheduler = valise_scheduler_new (account);
  g_assert_cmpint (valise_scheduler_get_phase (scheduler), ==, VALISE_SYNC_LOCAL);
  valise_scheduler_start (scheduler);
  g_assert_false (valise_scheduler_sync_once (scheduler, NULL, &error));
  g_assert_error (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NONE);
  g_assert_finalize_object (scheduler);
  close_account (account);
}

static void
invitations_are_read_strictly (Fixture *fixture, gconstpointer data)
{
  static const char *const bad[] = {
    "",
    "[]",
    "{}",
    "{\"valise-invitation\":\"1\"}",
    "{\"valise-invitation\":1}",
    "{\"valise-invitation\":1,\"programme\":{\"id\":\"p\"},\"server\":\"file:///"
    "etc\",\"token\":\"t\","
    "\"root\":\"x\",\"person\":\"a\",\"participant\":\"b\",\"role\":\"c\"}",
  };
  g_autofree char             *text = valise_invitation_to_text (fixture->invitation);
  g_autoptr (GBytes)           bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes)           newer = g_bytes_new_static ("{\"valise-invitation\":2}", 23);
  g_autoptr (GError)           error = NULL;
  g_autoptr (ValiseInvitation) again = valise_invitation_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (again->token, ==, "t0ken");
  g_assert_cmpint (again->expires_us, ==, fixture->invitation->expires_us);
  g_assert_null (valise_invitation_parse (newer, &error));
  g_assert_error (error, VALISE_INVITATION_ERROR, VALISE_INVITATION_ERROR_NEWER);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) junk = g_bytes_new_static (bad[i], strlen (bad[i]));

      g_clear_error (&error);
      g_assert_null (valise_invitation_parse (junk, &error));
      g_assert_error (error, VALISE_INVITATION_ERROR, VALISE_INVITATION_ERROR_FORMAT);
    }
}

#define ADD(test) g_test_add ("/account/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  /* No keyring, whoever runs this. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_test_init (&argc, &argv, NULL);
  couch_is_ours = TRUE;

  ADD (joining_makes_an_account_that_opens_again);
  ADD (without_a_keyring_secrets_lie_in_a_file_that_says_so);
  ADD (a_failed_join_leaves_nothing);
  ADD (an_answer_lost_once_is_asked_for_again);
  ADD (an_answer_lost_for_good_does_not_lose_the_invitation);
  ADD (a_used_invitation_is_refused);
  ADD (nobody_has_joined_in_an_empty_folder);
  ADD (a_sample_has_no_server);
  ADD (invitations_are_read_strictly);

  return g_test_run ();
}
