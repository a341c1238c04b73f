/* rounds-fixture.h - what a round of syncing costs, in questions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <sys/mman.h>

#include "laptop.h"
#include "valise-log.h"

static char *template;

typedef struct
{
  Office           office;
  Laptop           laptop;
  ValiseScheduler *scheduler;
  int              log; /* the server's lines */
} Fixture;

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->log = memfd_create ("log", MFD_CLOEXEC);
  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  laptop_open (&fixture->laptop, &fixture->office, NULL);
  fixture->scheduler = valise_scheduler_new (fixture->laptop.account);
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->scheduler);
  laptop_close (&fixture->laptop);
  office_close (&fixture->office);
  valise_log_set_fd (-1);
  close (fixture->log);
}

/* What one round cost. */
typedef struct
{
  char   *lines; /* the server's log */
  guint   requests;
  guint   connections;
  guint64 down;     /* bytes of TCP's payload, by the relay */
  guint64 received; /* the same, as shown to the user */
} Cost;

static inline void
cost_clear (Cost *cost)
{
  g_free (cost->lines);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cost, cost_clear)

static inline guint
count_lines (const char *lines, const char *what)
{
  guint count = 0;

  for (const char *at = strstr (lines, what); at != NULL; at = strstr (at + 1, what))
    count++;
  return count;
}

#define BEFORE "/asked-before-it"
#define AFTER  "/asked-after-it"

/* The server writes a line behind its answer, when the laptop may be a question further already. It
 * does so on its one network thread, which also answers here: whoever is answered after another
 * comes after that one's line. */
static inline void
ask_server (Fixture *fixture, const char *path)
{
  g_autoptr (Reply) reply = secretariat_ask (&fixture->office.server, NULL, "GET", path, NULL);

  g_assert_nonnull (reply);
}

static inline void
start_log (Fixture *fixture)
{
  ask_server (fixture, BEFORE);
  g_assert_no_errno (ftruncate (fixture->log, 0));
  lseek (fixture->log, 0, SEEK_SET);
  valise_log_set_fd (fixture->log);
}

/* The server's lines since start_log(), without those of our own questions. */
static inline char *
stop_log (Fixture *fixture)
{
  char                text[65536] = { 0 };
  g_auto (GStrv)      lines = NULL;
  g_autoptr (GString) kept = g_string_new (NULL);

  ask_server (fixture, AFTER);
  for (guint i = 0; i < 20000 && strstr (text, AFTER) == NULL; i++)
    {
      g_usleep (1000);
      g_assert_cmpint (pread (fixture->log, text, sizeof text - 1, 0), >=, 0);
    }
  g_assert_nonnull (strstr (text, AFTER));
  valise_log_set_fd (-1);

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], BEFORE) == NULL && strstr (lines[i], AFTER) == NULL)
      g_string_append_printf (kept, "%s\n", lines[i]);
  return g_string_free (g_steal_pointer (&kept), FALSE);
}

/* A round, from a program that has just been started, and what it cost. */
static inline void
sync_once (Fixture *fixture, Cost *cost)
{
  Relay             *relay = fixture->office.relay;
  guint              connections = relay->connections;
  guint64            down = relay->down;
  g_autoptr (GError) error = NULL;

  start_log (fixture);
  valise_scheduler_sync_once (fixture->scheduler, NULL, &error);
  g_assert_no_error (error);

  cost->lines = stop_log (fixture);
  cost->requests = count_lines (cost->lines, "\"method\":");
  cost->connections = relay->connections - connections;
  cost->down = relay->down - down;
  g_object_get (fixture->scheduler, "bytes-received", &cost->received, NULL);
  g_test_message ("%u requests, %u connections, %" G_GUINT64_FORMAT " bytes down\n%s",
                  cost->requests, cost->connections, cost->down, cost->lines);
}

/* --- what is new costs, and nothing else ------------------------------------------------------ */

/* The program ends, and is started again. */
static inline void
start_anew (Fixture *fixture)
{
  g_assert_finalize_object (fixture->scheduler);
  fixture->scheduler = valise_scheduler_new (fixture->laptop.account);
}

static inline void
settle (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  valise_scheduler_settle (fixture->scheduler, NULL, &error);
  g_assert_no_error (error);
}

/* A laptop that has everything, and has said so. */
static inline void
fill (Fixture *fixture)
{
  g_auto (Cost) cost = { 0 };

  sync_once (fixture, &cost);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS);
  settle (fixture);
}

static inline void
assert_cost (Fixture *fixture, guint requests)
{
  g_auto (Cost) cost = { 0 };

  sync_once (fixture, &cost);
  g_assert_cmpuint (cost.requests, ==, requests);
}

static inline void
write_note (ValiseDatabase *database, const char *id)
{
  static const char  note[] = "{\"type\":\"note\",\"n\":1}";
  g_autoptr (GBytes) body = g_bytes_new_static (note, strlen (note));
  g_autoptr (GError) error = NULL;
  g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, &error);

  g_assert_no_error (error);
}

/* What is written at a desk goes out. */
static inline void
write_here (Fixture *fixture, const char *id)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (&fixture->laptop, "desk-xke");

  write_note (database, id);
}
