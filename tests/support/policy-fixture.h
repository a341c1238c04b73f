/* policy-fixture.h - a laptop under its user’s policy, and a relay that counts what it carries
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "laptop.h"
#include "made-up-monitor.h"

static char *template;

typedef struct
{
  Office           office;
  Laptop           laptop;
  MadeUpMonitor   *monitor;
  ValiseScheduler *scheduler;
  guint64          down, up; /* what the relay had passed when last asked */
} Fixture;

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  static const char *const english[] = { "en", NULL };

  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  laptop_open (&fixture->laptop, &fixture->office, english);
  fixture->monitor = g_object_new (MADE_UP_TYPE_MONITOR, NULL);
  fixture->scheduler = valise_scheduler_new_with_monitor (fixture->laptop.account,
                                                          G_NETWORK_MONITOR (fixture->monitor));
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->scheduler);
  g_assert_finalize_object (fixture->monitor);
  laptop_close (&fixture->laptop);
  office_close (&fixture->office);
}

/* The laptop is started anew. */
static inline void
restart (Fixture *fixture)
{
  g_assert_finalize_object (fixture->scheduler);
  fixture->scheduler = valise_scheduler_new_with_monitor (fixture->laptop.account,
                                                          G_NETWORK_MONITOR (fixture->monitor));
}

static inline void
sync_once (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  valise_scheduler_sync_once (fixture->scheduler, NULL, &error);
  g_assert_no_error (error);
}

/* From now on the relay's bytes are counted from nothing. */
static inline void
mark_relay (Fixture *fixture)
{
  g_usleep (50000);
  fixture->down = relay_get_down (fixture->office.relay);
  fixture->up = relay_get_up (fixture->office.relay);
}

static inline void
assert_within (guint64 shown, guint64 carried, double per_cent)
{
  double off = ((double) shown - (double) carried) / (double) carried * 100;

  g_test_message ("shown %" G_GUINT64_FORMAT ", carried %" G_GUINT64_FORMAT ": %+.2f %%", shown,
                  carried, off);
  g_assert_cmpfloat (off, <=, per_cent);
  g_assert_cmpfloat (off, >=, -per_cent);
}
