/* notes-fixture.h - two laptops and a database that both write
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "fault-relay.h"
#include "laptop.h"

#define NAME  "notes" /* a database beside the programme, which its rules leave alone */
#define NOTES 120

static char *template;

typedef struct
{
  Office     office;
  FaultRelay relay;
  Laptop     ours;
  Laptop     theirs;
} Fixture;

/* The secretariat makes the database, and lets delegates in. */
static inline void
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

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  fault_relay_open (&fixture->relay, &fixture->office, template);
  make_database (&fixture->office);
  laptop_open (&fixture->ours, &fixture->office, NULL);
  laptop_open (&fixture->theirs, &fixture->office, NULL);
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  laptop_close (&fixture->ours);
  laptop_close (&fixture->theirs);
  office_close (&fixture->office);
  fault_relay_close (&fixture->relay);
}

/* Writes the next revision of @id; without @text, a tombstone. */
static inline char *
edit (Laptop *laptop, const char *id, const char *parent, const char *text)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, NAME);
  g_autofree char           *body = text != NULL
                                        ? g_strdup_printf ("{\"type\":\"note\",\"text\":\"%s\"}", text)
                                        : g_strdup ("{}");
  g_autoptr (GBytes)         bytes = g_bytes_new (body, strlen (body));
  g_autoptr (GError)         error = NULL;
  char *rev = valise_database_put (database, id, parent, text == NULL, bytes, NULL, &error);

  g_assert_no_error (error);
  return rev;
}

static inline void
edit_many (Laptop *laptop, const char *prefix, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("note:%s-%03u", prefix, i);
      g_autofree char *rev = edit (laptop, id, NULL, office_words[i % VALISE_N_LANGUAGES]);
    }
}

/* Out, then in, as a round does. */
static inline void
sync_laptop (Laptop *laptop)
{
  g_autoptr (GError) error = NULL;

  laptop_push (laptop, NAME, NULL, &error);
  g_assert_no_error (error);
  laptop_pull (laptop, NAME, NULL, &error);
  g_assert_no_error (error);
}

static inline void
sync_both (Fixture *fixture)
{
  sync_laptop (&fixture->ours);
  sync_laptop (&fixture->theirs);
  sync_laptop (&fixture->ours);
  assert_same (&fixture->ours, &fixture->office, NAME);
  assert_same (&fixture->theirs, &fixture->office, NAME);
}

static inline char *
dup_winner (Laptop *laptop, const char *id)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, NAME);
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, NULL);

  return document != NULL ? g_strdup (document->rev) : NULL;
}
