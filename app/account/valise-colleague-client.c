/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-colleague-client"

#include "config.h"

#include <string.h>

#include "valise-account-trust.h"
#include "valise-authorities.h"
#include "valise-bundle-wall.h"
#include "valise-clock.h"
#include "valise-colleague-client.h"
#include "valise-device-certificate.h"
#include "valise-digest.h"
#include "valise-file-visit.h"
#include "valise-home.h"
#include "valise-http-peer.h"
#include "valise-peer-error.h"
#include "valise-replicator.h"
#include "valise-spki.h"
#include "valise-store-peer.h"

#define KNOCK_S 10
#define POLL_US (500 * 1000)
#define POLLS   (2 * 120) /* two minutes for two people to compare six digits */

struct _ValiseColleagueCall
{
  ValiseAccount   *account;
  GTlsCertificate *identity;
  char            *url;
  char            *pin;
  ValiseColleague *colleague;
  ValisePairing   *pairing;
};

/* --- who is there --------------------------------------------------------------------------- */

/* This laptop's device key, as what TLS shows. @own: (out): as text. */
static GTlsCertificate *
make_identity (ValiseAccount *account, char **own, GError **error)
{
  g_autoptr (ValiseKey) device = valise_account_dup_device_key (account, error);
  g_autofree char      *certificate = NULL, *key = NULL, *pem = NULL;
  GTlsCertificate      *identity = NULL;

  if (device == NULL || !valise_device_certificate_make (device, &certificate, &key, error))
    return NULL;
  pem = g_strconcat (certificate, key, NULL);
  identity = g_tls_certificate_new_from_pem (pem, -1, error);
  explicit_bzero (key, strlen (key));
  explicit_bzero (pem, strlen (pem));
  if (own != NULL)
    *own = g_strdup (valise_key_get_public (device));
  return identity;
}

static gboolean
accept_any_cb (GTlsConnection *connection, GTlsCertificate *certificate)
{
  return TRUE; /* only to see it: nothing is said on this connection */
}

/* The key that whoever listens at @address proves to have, and its pin for the requests that
 * follow: nobody else can answer those. */
static gboolean
knock (ValiseColleagueCall *self,
       const char          *address,
       char               **key,
       GCancellable        *cancellable,
       GError             **error)
{
  g_autoptr (GSocketClient)     client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GIOStream)         tls = NULL;
  g_autoptr (GByteArray)        der = NULL;
  GTlsCertificate              *shown = NULL;

  g_socket_client_set_timeout (client, KNOCK_S);
  connection =
      g_socket_client_connect_to_host (client, address, VALISE_COLLEAGUE_PORT, cancellable, error);
  if (connection == NULL)
    return FALSE;
  valise_authorities_none ();
  tls = g_tls_client_connection_new (G_IO_STREAM (connection), NULL, error);
  if (tls == NULL)
    return FALSE;
  g_tls_connection_set_certificate (G_TLS_CONNECTION (tls), self->identity);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_any_cb), NULL);
  if (!g_tls_connection_handshake (G_TLS_CONNECTION (tls), cancellable, error))
    return FALSE;
  shown = g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (tls));
  if (shown != NULL)
    g_object_get (shown, "certificate", &der, NULL);
  if (der == NULL)
    {
      g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY,
                           "No key was shown");
      return FALSE;
    }
  self->pin = valise_spki_digest (der->data, der->len, error);
  if (self->pin != NULL)
    *key = valise_device_certificate_dup_key (der->data, der->len, error);
  g_io_stream_close (tls, NULL, NULL);
  return *key != NULL;
}

static ValiseJson *
ask (ValiseColleagueCall *self, const char *body, GCancellable *cancellable, GError **error)
{
  ValiseServerAddress where = { .url = self->url, .pin = self->pin, .identity = self->identity };

  return valise_http_exchange (&where, "POST", "/_valise/pair", body, cancellable, error);
}

/* --- pairing -------------------------------------------------------------------------------- */

static gboolean
is_taken (ValiseColleagueCall *self)
{
  g_autoptr (GPtrArray) colleagues = valise_colleagues_load (self->account);

  return valise_colleagues_is_taken (colleagues, self->account, self->colleague->key,
                                     self->colleague->person);
}

static gboolean
take_introduction (ValiseColleagueCall *self, const ValiseJson *json, GError **error)
{
  guint            token = valise_json_find (json, 0, "certificate");
  g_autofree char *text = token != VALISE_JSON_NONE ? valise_json_dup_raw (json, token) : NULL;

  gboolean certified = FALSE;

  self->colleague->person = valise_json_dup_member (json, 0, "person");
  certified = valise_colleague_take_certificate (self->colleague, self->account, text);
  if (!valise_colleague_is_name (self->colleague->person))
    {
      g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                           "The other laptop does not say whose it is");
      return FALSE;
    }
  if (!certified && is_taken (self))
    {
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY,
                   "The other laptop calls itself %s, and nobody certified it",
                   self->colleague->person);
      return FALSE;
    }
  return TRUE;
}

static gboolean
exchange_nonces (ValiseColleagueCall *self, GCancellable *cancellable, GError **error)
{
  g_autofree char       *introduction = valise_account_dup_introduction (self->account);
  g_autofree char       *hello = g_strdup_printf ("{\"hello\":%s}", introduction);
  g_autoptr (ValiseJson) first = ask (self, hello, cancellable, error), second = NULL;
  g_autofree char       *commitment = NULL, *message = NULL, *nonce = NULL;

  if (first == NULL || !take_introduction (self, first, error))
    return FALSE;
  commitment = valise_json_dup_member (first, 0, "commitment");
  if (!valise_pairing_take_commitment (self->pairing, commitment, error))
    return FALSE;
  message = g_strdup_printf ("{\"nonce\":\"%s\"}", valise_pairing_get_nonce (self->pairing));
  second = ask (self, message, cancellable, error);
  if (second == NULL)
    return FALSE;
  nonce = valise_json_dup_member (second, 0, "nonce");
  return valise_pairing_take_nonce (self->pairing, nonce, error);
}

ValiseColleagueCall *
valise_colleague_call_new (ValiseAccount *account,
                           const char    *address,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_autoptr (ValiseColleagueCall) self = g_new0 (ValiseColleagueCall, 1);
  g_autofree char                *own = NULL, *key = NULL;

  self->account = g_object_ref (account);
  self->identity = make_identity (account, &own, error);
  if (self->identity != NULL)
    self->url = valise_colleague_dup_url (address, error);
  if (self->url == NULL || !knock (self, address, &key, cancellable, error))
    return NULL;
  self->colleague = valise_colleague_new (key);
  self->pairing = valise_pairing_new (own, key, FALSE, error);
  if (self->pairing == NULL || !exchange_nonces (self, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
valise_colleague_call_free (ValiseColleagueCall *self)
{
  g_clear_pointer (&self->pairing, valise_pairing_free);
  g_clear_pointer (&self->colleague, valise_colleague_free);
  g_clear_object (&self->identity);
  g_clear_object (&self->account);
  g_free (self->url);
  g_free (self->pin);
  g_free (self);
}

const char *
valise_colleague_call_get_code (ValiseColleagueCall *self)
{
  return valise_pairing_get_code (self->pairing);
}

const char *
valise_colleague_call_get_person (ValiseColleagueCall *self)
{
  return self->colleague->person;
}

const char *
valise_colleague_call_get_participant (ValiseColleagueCall *self)
{
  return self->colleague->participant;
}

gboolean
valise_colleague_call_confirm (ValiseColleagueCall *self, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < POLLS; i++)
    {
      g_autoptr (ValiseJson) json = ask (self, "{\"confirm\":true}", cancellable, error);
      g_autofree char       *state = NULL;

      if (json == NULL)
        return FALSE;
      state = valise_json_dup_member (json, 0, "state");
      if (g_strcmp0 (state, "paired") == 0)
        {
          self->colleague->address = g_strdup (self->url);
          self->colleague->paired_us = valise_clock_now ();
          return valise_colleagues_add (self->account, self->colleague, error);
        }
      if (g_strcmp0 (state, "waiting") != 0)
        break;
      g_usleep (POLL_US);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    }
  g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN,
                       "The other laptop did not confirm the code");
  return FALSE;
}

/* --- receiving ------------------------------------------------------------------------------ */

typedef struct
{
  ValiseAccount         *account;
  const ValiseColleague *colleague;
  ValiseTrust           *trust;
  ValiseGate            *rules;
  ValiseServerAddress    where;
  ValiseBundleArrival   *arrival;
} Visit;

static void
refused_cb (ValiseReplicator *replicator,
            const char       *id,
            const char       *rev,
            const char       *reason,
            Visit            *visit)
{
  visit->arrival->refused++;
  g_ptr_array_add (visit->arrival->reasons, g_strdup_printf ("%s: %s", id, reason));
}

/* What is wanted of its files, and is there. */
static gboolean
receive_files (Visit        *visit,
               ValisePeer   *there,
               const char   *name,
               GCancellable *cancellable,
               GError      **error)
{
  ValiseFileStore *files = valise_home_get_files (valise_account_get_home (visit->account), error);
  ValiseFileVisit  moved = { 0 };
  gboolean         ok =
      files != NULL && valise_file_visit_fetch (files, there, name, &moved, cancellable, error);

  visit->arrival->originals += moved.fetched;
  visit->arrival->originals_stored += moved.fetched;
  visit->arrival->original_bytes += (guint64) moved.bytes;
  return ok;
}

/* The files that are here whole go with their bytes; what the colleague keeps out is no failure. */
static gboolean
bring_files (Visit          *visit,
             ValisePeer     *there,
             ValiseDatabase *database,
             GCancellable   *cancellable,
             GError        **error)
{
  ValiseFileStore *files = valise_home_get_files (valise_account_get_home (visit->account), error);
  ValiseFileVisit  moved = { 0 };

  return files != NULL
         && valise_file_visit_send (files, there, database, &moved, cancellable, error);
}

/* A database that the colleague does not have, or keeps from us, is no failure; nor is one whose
 * rules are not here yet, which takes nothing until they are. */
static gboolean
receive (Visit *visit, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (valise_account_get_home (visit->account), name, TRUE, error);
  g_autoptr (ValisePeer)       here = NULL, there = NULL;
  g_autoptr (ValiseReplicator) replicator = NULL;
  g_autoptr (GError)           failure = NULL;
  ValiseProgress               progress = { 0 };

  if (database == NULL)
    return FALSE;
  if (visit->rules == NULL && valise_bundle_wall_has_rules (name))
    {
      visit->arrival->refused++;
      g_ptr_array_add (visit->arrival->reasons,
                       g_strdup_printf ("%s: %s", name, VALISE_BUNDLE_WALL_NO_RULES));
      return TRUE;
    }
  there = valise_http_peer_new (&visit->where, name, error);
  if (there == NULL)
    return FALSE;
  here = valise_store_peer_new (database);
  replicator = valise_replicator_new (there, here, valise_account_get_device (visit->account));
  valise_replicator_add_gate (replicator, VALISE_GATE (visit->trust), name, VALISE_SOURCE_PEER);
  if (valise_bundle_wall_has_rules (name))
    valise_replicator_add_gate (replicator, visit->rules, name, VALISE_SOURCE_PEER);
  g_signal_connect (replicator, "refused", G_CALLBACK (refused_cb), visit);
  valise_replicator_run (replicator, FALSE, cancellable, &failure);
  valise_replicator_get_progress (replicator, &progress);
  visit->arrival->stored += progress.stored;
  visit->arrival->documents += progress.expected;
  if (failure == NULL)
    return receive_files (visit, there, name, cancellable, error);
  if (g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN)
      || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* And what is the participant's own, the other way: there it is judged in its turn. */
static gboolean
bring (Visit *visit, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (valise_account_get_home (visit->account), name, TRUE, error);
  g_autoptr (ValisePeer)       here = NULL, there = NULL;
  g_autoptr (ValiseReplicator) replicator = NULL;
  g_autoptr (GError)           failure = NULL;

  if (database == NULL)
    return FALSE;
  there = valise_http_peer_new (&visit->where, name, error);
  if (there == NULL)
    return FALSE;
  here = valise_store_peer_new_reading (database, 0);
  replicator = valise_replicator_new (here, there, valise_account_get_device (visit->account));
  g_signal_connect (replicator, "refused", G_CALLBACK (refused_cb), visit);
  valise_replicator_set_want (replicator, valise_file_transfer_want_outwards, NULL, NULL);
  if (valise_replicator_run (replicator, FALSE, cancellable, &failure))
    return bring_files (visit, there, database, cancellable, error);
  if (g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN)
      || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* What both may hold: all read it, and what is of one participant where both are of it. */
static gboolean
receive_all (Visit *visit, GCancellable *cancellable, GError **error)
{
  const char      *own = valise_account_get_participant (visit->account);
  g_autofree char *desk = g_strconcat ("desk-", own, NULL);
  g_autofree char *team = g_strconcat ("team-", own, NULL);
  const char      *names[] = { "public", "states", desk, team };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (own != NULL && valise_bundle_wall_admits (own, names[i])
        && (i < 1 || visit->colleague->participant != NULL)
        && (i < 2 || g_str_equal (visit->colleague->participant, own))
        && (!receive (visit, names[i], cancellable, error)
            || (i >= 2 && !bring (visit, names[i], cancellable, error))))
      return FALSE;
  return TRUE;
}

char *
valise_colleague_dup_pin (const ValiseColleague *colleague, GError **error)
{
  static const guint8 prefix[] = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  }; /* RFC 8410: SubjectPublicKeyInfo of an Ed25519 key */
  guint8 spki[sizeof prefix + 32];

  memcpy (spki, prefix, sizeof prefix);
  if (!valise_base64url_decode (colleague->key, spki + sizeof prefix, 32))
    {
      g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY,
                           "The colleague's key is damaged");
      return NULL;
    }
  return valise_digest_dup_hex (spki, sizeof spki);
}

ValiseBundleArrival *
valise_colleague_receive (ValiseAccount         *account,
                          const ValiseColleague *colleague,
                          const char            *address,
                          ValiseGate            *rules,
                          GCancellable          *cancellable,
                          GError               **error)
{
  g_autoptr (GTlsCertificate)     identity = make_identity (account, NULL, error);
  g_autoptr (ValiseTrust)         trust = NULL;
  g_autofree char                *url = NULL, *pin = NULL;
  g_autoptr (ValiseBundleArrival) arrival = g_new0 (ValiseBundleArrival, 1);
  Visit                           visit = { account, colleague, NULL, rules, { 0 }, arrival };

  arrival->reasons = g_ptr_array_new_with_free_func (g_free);
  arrival->person = g_strdup (colleague->person);
  if (identity != NULL)
    pin = valise_colleague_dup_pin (colleague, error);
  if (pin == NULL)
    return NULL;
  url = address != NULL ? valise_colleague_dup_url (address, error) : g_strdup (colleague->address);
  if (url == NULL && address != NULL)
    return NULL;
  if (url == NULL)
    {
      g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK,
                           "It is not known where the colleague's laptop listens");
      return NULL;
    }
  trust = valise_account_make_trust (account, error);
  if (trust == NULL)
    return NULL;
  visit.trust = trust;
  visit.where = (ValiseServerAddress){ .url = url, .pin = pin, .identity = identity };
  return receive_all (&visit, cancellable, error) ? g_steal_pointer (&arrival) : NULL;
}
