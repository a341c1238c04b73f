/* test-sync-copies.c - copied laptops and restored servers: they rewind, and skip nothing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "laptop.h"
#include "valise-backup.h"
#include "valise-folder.h"

#define NAME "notes"

static char *template;

typedef struct
{
  Office office;
  Laptop laptop;
} Fixture;

static void
make_database (Office *office)
{
  g_autoptr (ValiseInvitation) invitation =
      office_invite (office, "An officer", "secretariat", "secretariat");
  Laptop                 officer = { 0 };
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) made = NULL, opened = NULL;

  laptop_join (&officer, office, invitation, NULL);
  made = valise_http_exchange (&officer.address, "PUT", "/" NAME, NULL, NULL, &error);
  g_assert_no_error (error);
  opened =
      valise_http_exchange (&officer.address, "PUT", "/" NAME "/_security",
                            "{\"members\":{\"names\":[],\"roles\":[\"delegate\"]}}", NULL, &error);
  g_assert_no_error (error);
  laptop_close (&officer);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  make_database (&fixture->office);
  laptop_open (&fixture->laptop, &fixture->office, NULL);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  laptop_close (&fixture->laptop);
  office_close (&fixture->office);
}

static void
write_note (Laptop *laptop, const char *id)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, NAME);
  g_autofree char           *text = g_strdup_printf ("{\"type\":\"note\",\"of\":\"%s\"}", id);
  g_autoptr (GBytes)         body = g_bytes_new (text, strlen (text));
  g_autoptr (GError)         error = NULL;
  g_autofree char *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, &error);

  g_assert_no_error (error);
}

static void
sync_laptop (Laptop *laptop)
{
  g_autoptr (GError) error = NULL;

  laptop_push (laptop, NAME, NULL, &error);
  g_assert_no_error (error);
  laptop_pull (laptop, NAME, NULL, &error);
  g_assert_no_error (error);
}

static gboolean
has_note (ValiseDatabase *database, const char *id)
{
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, NULL);

  return document != NULL;
}

static void
assert_here (Laptop *laptop, const char *id)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, NAME);

  g_assert_true (has_note (database, id));
}

static void
assert_there (Office *office, const char *id)
{
  g_autoptr (ValiseDatabase) database = office_get_database (office, NAME);

  g_assert_true (has_note (database, id));
}

/* What laptop_join() fills in, of an account that is there. */
static void
open_laptop (Laptop *laptop, const char *folder)
{
  g_autoptr (GError) error = NULL;

  laptop->folder = g_strdup (folder);
  laptop->account = valise_account_open (folder, &error);
  g_assert_no_error (error);
  laptop->membership = valise_account_dup_membership (laptop->account);
  laptop->password = valise_account_dup_password (laptop->account, &error);
  g_assert_no_error (error);
  laptop->address = (ValiseServerAddress){ .url = laptop->membership->server,
                                           .user = laptop->membership->user,
                                           .password = laptop->password,
                                           .pin = laptop->membership->pin,
                                           .backup_pin = laptop->membership->backup_pin,
                                           .timeout_s = 10 };
  laptop->trust =
      valise_trust_new (laptop->membership->programme, laptop->membership->root, &error);
  g_assert_no_error (error);
  laptop->refused = g_ptr_array_new_with_free_func (g_free);
}

static void
cloned_laptop_is_another_device_and_both_arrive (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_strdup (fixture->laptop.folder);
  g_autofree char *clone_folder = g_strconcat (folder, "-clone", NULL);
  g_autofree char *device = g_strdup (fixture->laptop.membership->device);
  Laptop           clone = { 0 };

  write_note (&fixture->laptop, "note:before");
  sync_laptop (&fixture->laptop);
  laptop_close (&fixture->laptop);
  folder_copy (folder, clone_folder);

  open_laptop (&fixture->laptop, folder);
  open_laptop (&clone, clone_folder);
  g_assert_cmpstr (fixture->laptop.membership->device, ==, device);
  g_assert_cmpstr (clone.membership->device, !=, device);
  g_assert_null (clone.membership->certificate); /* no key writes as two */
  assert_here (&clone, "note:before");

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *mine = g_strdup_printf ("note:mine-%u", i);
      g_autofree char *other = g_strdup_printf ("note:other-%u", i);

      write_note (&fixture->laptop, mine);
      write_note (&clone, other);
      sync_laptop (&clone);
      sync_laptop (&fixture->laptop);
      sync_laptop (&clone);
      assert_there (&fixture->office, mine);
      assert_there (&fixture->office, other);
      assert_here (&fixture->laptop, other);
      assert_here (&clone, mine);
    }
  laptop_close (&clone);
}

static void
restored_laptop_rewinds_and_loses_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char   *folder = g_strdup (fixture->laptop.folder);
  g_autofree char   *device = g_strdup (fixture->laptop.membership->device);
  g_autofree char   *file = g_build_filename (fixture->office.root, "laptop.backup", NULL);
  g_autoptr (GError) error = NULL;

  write_note (&fixture->laptop, "note:first");
  sync_laptop (&fixture->laptop);
  valise_backup_write (valise_account_get_folder (fixture->laptop.account), file,
                       VALISE_BACKUP_WHOLE, NULL, NULL, &error);
  g_assert_no_error (error);
  write_note (&fixture->laptop, "note:sent");
  sync_laptop (&fixture->laptop);
  write_note (&fixture->laptop, "note:kept"); /* nobody else has it */
  laptop_close (&fixture->laptop);

  valise_account_restore (folder, file, NULL, &error);
  g_assert_no_error (error);
  open_laptop (&fixture->laptop, folder);
  g_assert_cmpstr (fixture->laptop.membership->device, !=, device);
  assert_here (&fixture->laptop, "note:first");
  assert_here (&fixture->laptop, "note:kept");

  write_note (&fixture->laptop, "note:after");
  sync_laptop (&fixture->laptop);
  assert_here (&fixture->laptop, "note:sent");
  assert_there (&fixture->office, "note:kept");
  assert_there (&fixture->office, "note:after");
}

static void
open_account_is_not_restored_over (Fixture *fixture, gconstpointer data)
{
  g_autofree char   *file = g_build_filename (fixture->office.root, "laptop.backup", NULL);
  g_autoptr (GError) error = NULL;

  valise_backup_write (valise_account_get_folder (fixture->laptop.account), file,
                       VALISE_BACKUP_WHOLE, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (valise_account_restore (fixture->laptop.folder, file, NULL, &error));
  g_assert_error (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_LOCKED);
}

static void
restored_server_is_given_again_what_it_lacks (Fixture *fixture, gconstpointer data)
{
  static const char *const nothing[] = { NULL };
  Secretariat             *server = &fixture->office.server;
  g_autofree char         *file = g_build_filename (fixture->office.root, "server.backup", NULL);
  g_autofree char         *aside = g_build_filename (fixture->office.root, "old-server", NULL);
  g_autoptr (GError)       error = NULL;

  write_note (&fixture->laptop, "note:early");
  sync_laptop (&fixture->laptop);
  /* While it serves. */
  valise_backup_write (server->directory, file, VALISE_BACKUP_WHOLE, NULL, NULL, &error);
  g_assert_no_error (error);
  write_note (&fixture->laptop, "note:late");
  sync_laptop (&fixture->laptop);
  assert_there (&fixture->office, "note:late");

  office_stop (&fixture->office);
  valise_backup_restore (file, server->directory, aside, nothing, &error);
  g_assert_no_error (error);
  office_start (&fixture->office);

  sync_laptop (&fixture->laptop);
  assert_there (&fixture->office, "note:early");
  assert_there (&fixture->office, "note:late");
}

#define ADD(test) g_test_add ("/sync-copies/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();

  ADD (cloned_laptop_is_another_device_and_both_arrive);
  ADD (restored_laptop_rewinds_and_loses_nothing);
  ADD (open_account_is_not_restored_over);
  ADD (restored_server_is_given_again_what_it_lacks);

  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
