/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <gio/gio.h>

#include "valise-later.h"

/* A disk that takes its time, and what it was given. */
typedef struct
{
  ValiseLater *later;
  gint         memory;  /* atomic */
  gint         disk;    /* atomic */
  gint         writes;  /* atomic */
  gint         told;    /* atomic: failures */
  gint         full;    /* atomic */
  gint         slow_us; /* atomic: each write takes so long */
  gint         shut;    /* atomic: and waits while this is, ten seconds at most */
} Fixture;

static gboolean
write_cb (gpointer user_data, GError **error)
{
  Fixture *fixture = user_data;
  gint     value = g_atomic_int_get (&fixture->memory);

  g_atomic_int_inc (&fixture->writes);
  g_usleep ((gulong) g_atomic_int_get (&fixture->slow_us));
  for (guint i = 0; i < 10000 && g_atomic_int_get (&fixture->shut); i++)
    g_usleep (1000);
  if (g_atomic_int_get (&fixture->full))
    {
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC, "full");
      return FALSE;
    }
  g_atomic_int_set (&fixture->disk, value);
  return TRUE;
}

static void
failed_cb (const GError *failure, gpointer user_data)
{
  g_assert_error (failure, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_atomic_int_inc (&((Fixture *) user_data)->told);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->later = valise_later_new (write_cb, failed_cb, fixture);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->later, valise_later_free);
}

static void
set (Fixture *fixture, gint value)
{
  g_atomic_int_set (&fixture->memory, value);
  valise_later_mark (fixture->later);
}

static void
marking_does_not_wait_for_the_disk (Fixture *fixture, gconstpointer data)
{
  g_atomic_int_set (&fixture->shut, TRUE);
  set (fixture, 1);
  g_assert_cmpint (g_atomic_int_get (&fixture->disk), ==, 0);
  g_atomic_int_set (&fixture->shut, FALSE);
  g_assert_true (valise_later_flush (fixture->later, NULL));
  g_assert_cmpint (g_atomic_int_get (&fixture->disk), ==, 1);
}

static void
what_is_set_while_it_writes_is_written_after_it (Fixture *fixture, gconstpointer data)
{
  g_atomic_int_set (&fixture->slow_us, 1000);
  for (gint i = 1; i <= 1000; i++)
    set (fixture, i);
  g_assert_true (valise_later_flush (fixture->later, NULL));
  g_assert_cmpint (g_atomic_int_get (&fixture->disk), ==, 1000);
  g_assert_cmpint (g_atomic_int_get (&fixture->writes), <, 1000);
}

static void
a_full_disk_is_told_and_tried_again_with_the_next (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_atomic_int_set (&fixture->full, TRUE);
  set (fixture, 1);
  g_assert_false (valise_later_flush (fixture->later, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_assert_cmpint (g_atomic_int_get (&fixture->told), ==, 1);
  g_atomic_int_set (&fixture->full, FALSE);
  set (fixture, 2);
  g_assert_true (valise_later_flush (fixture->later, NULL));
  g_assert_cmpint (g_atomic_int_get (&fixture->disk), ==, 2);
}

static void
its_end_waits_for_the_disk (Fixture *fixture, gconstpointer data)
{
  g_atomic_int_set (&fixture->slow_us, 100 * 1000);
  set (fixture, 7);
  g_clear_pointer (&fixture->later, valise_later_free);
  g_assert_cmpint (g_atomic_int_get (&fixture->disk), ==, 7);
}

#define ADD(test) g_test_add ("/later/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (marking_does_not_wait_for_the_disk);
  ADD (what_is_set_while_it_writes_is_written_after_it);
  ADD (a_full_disk_is_told_and_tried_again_with_the_next);
  ADD (its_end_waits_for_the_disk);

  return g_test_run ();
}
