/* neighbours-fixture.h - two laptops, one of which serves the other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "laptop.h"
#include "valise-colleague-client.h"
#include "valise-neighbour-server.h"

static char *template;

/* A laptop that serves, and what its person is shown. */
typedef struct
{
  Laptop                *laptop;
  ValiseNeighbourServer *server;
  char                  *address;
  GMutex                 mutex;
  char                  *code; /* shown last */
  guint                  asked;
} Host;

typedef struct
{
  Office office;
  Laptop amina; /* xke */
  Laptop jun;   /* xke */
  Laptop other; /* xor */
  Host   host;  /* Amina's */
} Fixture;

static inline void
asked_cb (const char *person,
          const char *participant,
          const char *address,
          const char *code,
          gpointer    user_data)
{
  Host *host = user_data;

  g_mutex_lock (&host->mutex);
  g_free (host->code);
  host->code = g_strdup (code);
  host->asked++;
  g_mutex_unlock (&host->mutex);
}

static inline void
host_start (Host *host, Laptop *laptop)
{
  g_autoptr (GError) error = NULL;

  g_mutex_init (&host->mutex);
  host->laptop = laptop;
  host->server =
      valise_neighbour_server_start (laptop->account, "127.0.0.1", 0, asked_cb, host, &error);
  g_assert_no_error (error);
  host->address = g_strdup_printf ("127.0.0.1:%u", valise_neighbour_server_get_port (host->server));
}

static inline void
host_stop (Host *host)
{
  valise_neighbour_server_stop (host->server);
  g_free (host->address);
  g_free (host->code);
  g_mutex_clear (&host->mutex);
  memset (host, 0, sizeof *host);
}

static inline ValiseNeighbours *
get_neighbours (Host *host)
{
  return valise_neighbour_server_get_neighbours (host->server);
}

static inline void
join (Fixture *fixture, Laptop *laptop, const char *person, const char *participant)
{
  g_autoptr (ValiseInvitation) invitation =
      office_invite (&fixture->office, person, participant, "delegate");

  laptop_join (laptop, &fixture->office, invitation, NULL);
  laptop_pull_all (laptop);
}

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  join (fixture, &fixture->amina, "Amina Diallo", "xke");
  join (fixture, &fixture->jun, "Jun Park", "xke");
  join (fixture, &fixture->other, "Otto Weber", "xor");
  host_start (&fixture->host, &fixture->amina);
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  host_stop (&fixture->host);
  laptop_close (&fixture->amina);
  laptop_close (&fixture->jun);
  laptop_close (&fixture->other);
  office_close (&fixture->office);
}

static inline void
write_note (Laptop *laptop, const char *name, const char *id, const char *text)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, name);
  g_autoptr (GBytes)         body = g_bytes_new (text, strlen (text));
  g_autoptr (GError)         error = NULL;
  g_autofree char *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, &error);

  g_assert_no_error (error);
}

static inline ValiseColleagueCall *
call (Laptop *laptop, const char *address)
{
  g_autoptr (GError)   error = NULL;
  ValiseColleagueCall *made = valise_colleague_call_new (laptop->account, address, NULL, &error);

  g_assert_no_error (error);
  return made;
}

/* Both people say that the codes are the same. */
static inline void
pair (Fixture *fixture, Laptop *laptop)
{
  g_autoptr (ValiseColleagueCall) made = NULL;
  g_autoptr (GError)              error = NULL;

  valise_neighbours_open_door (get_neighbours (&fixture->host));
  made = call (laptop, fixture->host.address);
  g_assert_cmpstr (valise_colleague_call_get_code (made), ==, fixture->host.code);
  g_assert_cmpstr (valise_colleague_call_get_person (made), ==, "Amina Diallo");
  g_assert_true (
      valise_neighbours_answer (get_neighbours (&fixture->host), fixture->host.code, TRUE));
  g_assert_true (valise_colleague_call_confirm (made, NULL, &error));
  g_assert_no_error (error);
}
