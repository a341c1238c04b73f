/* server-fixture.h - a real secretariat on a free port, and people with accounts on it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "folder.h"
#include "valise-clock.h"
#include "valise-key.h"
#include "valise-server.h"
#include "wire-client.h"

typedef struct
{
  char         *directory;
  ValiseServer *server;
  guint16       port;
  char         *admin;    /* headers of the secretariat's */
  char         *delegate; /* of Kestria's */
  char         *other;    /* of Oriva's */
  Wire         *wire;     /* kept alive between requests */
} Secretariat;

/* The headers of somebody who joined by an invitation. */
static WIRE_UNUSED char *
secretariat_add (Secretariat *self, const char *participant, const char *role)
{
  ValiseAccounts *accounts = valise_office_get_accounts (valise_server_get_office (self->server));
  gint64          expires = valise_clock_now () + G_TIME_SPAN_DAY;
  g_autoptr (GError) error = NULL;
  g_autofree char   *token =
      valise_accounts_invite (accounts, "A Person", participant, role, expires, &error);
  g_autoptr (ValiseKey)    device = valise_key_generate (&error);
  g_autofree char         *password = NULL;
  g_autoptr (ValisePerson) person = NULL;
  g_autofree char         *credentials = NULL;

  g_assert_no_error (error);
  person = valise_accounts_join (accounts, token, valise_key_get_public (device), "laptop",
                                 &password, &error);
  g_assert_no_error (error);
  credentials = g_strdup_printf ("%s:%s", person->account, password);
  return wire_basic (credentials);
}

/* Ends the account of @participant's person, as `valise-server revoke` does. */
static WIRE_UNUSED void
secretariat_revoke (Secretariat *self, const char *participant)
{
  ValiseOffice         *office = valise_server_get_office (self->server);
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) people = valise_accounts_list (valise_office_get_accounts (office));

  for (guint i = 0; i < people->len; i++)
    {
      const ValisePerson *person = people->pdata[i];

      if (strcmp (person->participant, participant) == 0)
        valise_office_revoke (office, person->account, &error);
      g_assert_no_error (error);
    }
}

static WIRE_UNUSED void
secretariat_start (Secretariat *self, const ValiseLimits *limits, ValiseReadFunc read)
{
  ValiseServerOptions options = { .limits = VALISE_LIMITS_DEFAULT, .read = read };
  g_autoptr (GError)  error = NULL;

  if (limits != NULL)
    options.limits = *limits;
  self->server = valise_server_start (self->directory, &options, &error);
  g_assert_no_error (error);
  self->port = (guint16) g_ascii_strtoull (strrchr (valise_server_get_url (self->server), ':') + 1,
                                           NULL, 10);
}

static WIRE_UNUSED void
secretariat_stop (Secretariat *self)
{
  g_clear_pointer (&self->wire, wire_close);
  if (self->server != NULL)
    valise_server_stop (self->server, 5000);
  self->server = NULL;
}

static WIRE_UNUSED void
secretariat_init (Secretariat *self, const ValiseLimits *limits, ValiseReadFunc read)
{
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("valise-server-XXXXXX", &error);
  g_assert_no_error (error);
  valise_office_create (self->directory, "poa", "Test", FALSE, &error);
  g_assert_no_error (error);
  secretariat_start (self, limits, read);
  self->admin = secretariat_add (self, "secretariat", "secretariat");
  self->delegate = secretariat_add (self, "xke", "delegate");
  self->other = secretariat_add (self, "xor", "delegate");
}

static WIRE_UNUSED void
secretariat_clear (Secretariat *self)
{
  secretariat_stop (self);
  remove_folder (self->directory);
  g_free (self->directory);
  g_free (self->admin);
  g_free (self->delegate);
  g_free (self->other);
}

/* One request on the connection that is kept, made anew where the server closed it. */
static WIRE_UNUSED Reply *
secretariat_ask_bytes (Secretariat *self,
                       const char  *who,
                       const char  *method,
                       const char  *path,
                       const char  *headers,
                       const void  *body,
                       gsize        length)
{
  gboolean         head = strcmp (method, "HEAD") == 0;
  g_autofree char *all = g_strconcat (who != NULL ? who : "", headers, NULL);
  Reply           *reply = NULL;

  for (int attempt = 0; attempt < 2 && reply == NULL; attempt++)
    {
      if (self->wire == NULL)
        self->wire = wire_open (self->port);
      if (wire_request (self->wire, method, path, all, body, length))
        reply = wire_read (self->wire, head);
      if (reply == NULL || reply->cut
          || g_strcmp0 (g_hash_table_lookup (reply->headers, "connection"), "close") == 0)
        g_clear_pointer (&self->wire, wire_close);
    }

  g_assert_nonnull (reply);
  return reply;
}

static WIRE_UNUSED Reply *
secretariat_ask (Secretariat *self,
                 const char  *who,
                 const char  *method,
                 const char  *path,
                 const char  *body)
{
  return secretariat_ask_bytes (self, who, method, path,
                                body != NULL ? "Content-Type: application/json\r\n" : NULL, body,
                                body != NULL ? strlen (body) : 0);
}

/* The same, asserting the status; the body is the caller's to read. */
static WIRE_UNUSED char *
secretariat_expect (Secretariat *self,
                    const char  *who,
                    const char  *method,
                    const char  *path,
                    const char  *body,
                    guint        status)
{
  g_autoptr (Reply) reply = secretariat_ask (self, who, method, path, body);

  if (reply->status != status)
    g_test_message ("%s %s: %s", method, path, reply->body->str);
  g_assert_cmpuint (reply->status, ==, status);
  g_assert_false (reply->cut);
  return g_strdup (reply->body->str);
}

/* Member @name of the JSON object @text, as a string. */
static WIRE_UNUSED char *
json_member (const char *text, const char *name)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (text, -1, VALISE_JSON_ANY, NULL);

  g_assert_nonnull (json);
  return valise_json_dup_member (json, 0, name);
}
