/* valise-neighbours.c - who on the local network may ask what of this laptop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-neighbours"

#include "config.h"

#include <string.h>

#include "valise-account-trust.h"
#include "valise-answer.h"
#include "valise-bundle-wall.h"
#include "valise-clock.h"
#include "valise-neighbours.h"
#include "valise-pairing.h"
#include "valise-request.h"
#include "valise-rules-gate.h"

#define MAX_ATTEMPTS 5
#define PATIENCE_US  (120 * G_USEC_PER_SEC)

struct _ValiseNeighbours
{
  ValiseAccount       *account;
  ValiseKey           *device;
  ValiseGate          *trust;
  ValiseGate          *rules; /* or NULL: the programme was not here yet */
  ValiseNeighboursFunc func;
  gpointer             user_data;

  ValiseNeighboursPaired paired_func; /* or NULL */
  gpointer               paired_data;

  GMutex           mutex;
  GPtrArray       *colleagues;
  gint64           door_us; /* until when the door is open, monotonic */
  gboolean         sharing;
  guint            attempts;
  guint            pairings; /* that ended well */
  ValisePairing   *pairing;  /* the one under way, or NULL */
  ValiseColleague *candidate;
  gint64           pairing_us; /* since when */
  gboolean         answered;   /* the person here has; */
  gboolean         same;       /* so */
  char            *paired_key; /* the last that was paired, so that it can be told again */
};

ValiseNeighbours *
valise_neighbours_new (ValiseAccount       *account,
                       ValiseKey           *device,
                       ValiseNeighboursFunc func,
                       gpointer             user_data,
                       GError             **error)
{
  ValiseNeighbours *self = NULL;
  ValiseTrust      *trust = valise_account_make_trust (account, error);

  if (trust == NULL)
    return NULL;
  self = g_new0 (ValiseNeighbours, 1);
  self->trust = VALISE_GATE (trust);
  g_mutex_init (&self->mutex);
  self->account = g_object_ref (account);
  self->device = valise_key_ref (device);
  self->func = func;
  self->user_data = user_data;
  self->colleagues = valise_colleagues_load (account);
  self->sharing = TRUE;
  return self;
}

static void
drop_pairing (ValiseNeighbours *self)
{
  g_clear_pointer (&self->pairing, valise_pairing_free);
  g_clear_pointer (&self->candidate, valise_colleague_free);
  self->answered = self->same = FALSE;
}

void
valise_neighbours_free (ValiseNeighbours *self)
{
  if (self == NULL)
    return;

  drop_pairing (self);
  g_ptr_array_unref (self->colleagues);
  g_clear_object (&self->trust);
  g_clear_object (&self->rules);
  valise_key_unref (self->device);
  g_object_unref (self->account);
  g_free (self->paired_key);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
valise_neighbours_open_door (ValiseNeighbours *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->door_us = g_get_monotonic_time () + VALISE_NEIGHBOURS_DOOR_S * G_USEC_PER_SEC;
  self->attempts = 0;
}

void
valise_neighbours_close_door (ValiseNeighbours *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->door_us = 0;
  drop_pairing (self);
}

void
valise_neighbours_set_sharing (ValiseNeighbours *self, gboolean sharing)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->sharing = sharing;
}

void
valise_neighbours_watch_paired (ValiseNeighbours      *self,
                                ValiseNeighboursPaired func,
                                gpointer               user_data)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->paired_func = func;
  self->paired_data = user_data;
}

/* Holds the mutex. */
static gboolean
is_under_way (ValiseNeighbours *self)
{
  return self->pairing != NULL && g_get_monotonic_time () <= self->pairing_us + PATIENCE_US;
}

gboolean
valise_neighbours_answer (ValiseNeighbours *self, const char *code, gboolean same)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (!is_under_way (self) || g_strcmp0 (valise_pairing_get_code (self->pairing), code) != 0)
    return FALSE;
  self->answered = TRUE;
  self->same = same;
  return TRUE;
}

gboolean
valise_neighbours_has_paired (ValiseNeighbours *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->paired_key != NULL;
}

/* --- who asks what ------------------------------------------------------------------------- */

ValisePerson *
valise_neighbours_identify (ValiseNeighbours *self, const char *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; key != NULL && self->sharing && i < self->colleagues->len; i++)
    {
      const ValiseColleague *colleague = g_ptr_array_index (self->colleagues, i);

      if (g_str_equal (colleague->key, key))
        return valise_person_new (key, colleague->person, colleague->participant, colleague->role);
    }
  return NULL;
}

gboolean
valise_neighbours_may_read (ValiseNeighbours   *self,
                            const ValisePerson *person,
                            const char         *database)
{
  const char *own = valise_account_get_participant (self->account);

  if (g_str_equal (database, "public"))
    return TRUE;
  if (*person->participant == '\0')
    return FALSE; /* nobody has said whose laptop that is */
  if (g_str_equal (database, "states"))
    return valise_bundle_wall_admits (person->participant, database);
  return (g_str_has_prefix (database, "desk-") || g_str_has_prefix (database, "team-"))
         && g_strcmp0 (person->participant, own) == 0 && valise_bundle_wall_admits (own, database);
}

gboolean
valise_neighbours_may_write (ValiseNeighbours   *self,
                             const ValisePerson *person,
                             const char         *database)
{
  return (g_str_has_prefix (database, "desk-") || g_str_has_prefix (database, "team-"))
         && valise_neighbours_may_read (self, person, database);
}

/* The programme may come while this laptop serves. NULL without @error: it has not. */
static ValiseGate *
dup_rules (ValiseNeighbours *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->rules == NULL)
    self->rules = valise_rules_gate_for_home (valise_account_get_home (self->account), error);
  return self->rules != NULL ? g_object_ref (self->rules) : NULL;
}

gboolean
valise_neighbours_judge (ValiseNeighbours *self, const ValiseWrite *write, GError **error)
{
  g_autoptr (ValiseGate) rules = NULL;
  g_autoptr (GError)     failure = NULL;

  if (!valise_gate_judge (self->trust, write, error))
    return FALSE;
  if (!valise_bundle_wall_has_rules (write->database))
    return TRUE;
  rules = dup_rules (self, &failure);
  if (rules != NULL)
    return valise_gate_judge (rules, write, error);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    g_set_error (error, VALISE_GATE_ERROR, VALISE_GATE_ERROR_FORBIDDEN, "%s in %s: %s",
                 write->document->id, write->database, VALISE_BUNDLE_WALL_NO_RULES);
  return FALSE;
}

/* --- pairing -------------------------------------------------------------------------------- */

static gboolean
refuse (GError **error, int status, const char *why)
{
  g_set_error_literal (error, VALISE_HTTP_ERROR, status, why);
  return FALSE;
}

static gboolean
may_begin (ValiseNeighbours *self, const char *key, GError **error)
{
  gint64 now = g_get_monotonic_time ();

  if (now > self->door_us)
    return refuse (error, 403, "This laptop does not pair now");
  if (self->attempts >= MAX_ATTEMPTS)
    return refuse (error, 429, "Too many attempts");
  if (is_under_way (self) && !g_str_equal (self->candidate->key, key))
    return refuse (error, 409, "This laptop is pairing with another");
  return TRUE;
}

static gboolean
take_hello (ValiseNeighbours *self,
            const char       *key,
            const ValiseJson *message,
            guint             hello,
            GString          *out,
            GError          **error)
{
  guint            token = valise_json_find (message, hello, "certificate");
  g_autofree char *certificate =
      token != VALISE_JSON_NONE ? valise_json_dup_raw (message, token) : NULL;
  g_autofree char            *introduction = NULL;
  g_autoptr (ValiseColleague) candidate = NULL;
  gboolean                    certified = FALSE;

  if (!may_begin (self, key, error))
    return FALSE;
  candidate = valise_colleague_new (key);
  candidate->person = valise_json_dup_member (message, hello, "person");
  certified = valise_colleague_take_certificate (candidate, self->account, certificate);
  if (!valise_colleague_is_name (candidate->person))
    return refuse (error, 400, "Who asks does not say who it is");
  if (!certified
      && valise_colleagues_is_taken (self->colleagues, self->account, key, candidate->person))
    return refuse (error, 403, "Who asks has the name of another, and nobody certified it");
  self->attempts++;
  drop_pairing (self);
  self->pairing = valise_pairing_new (valise_key_get_public (self->device), key, TRUE, error);
  if (self->pairing == NULL)
    return FALSE;
  self->pairing_us = g_get_monotonic_time ();
  self->candidate = g_steal_pointer (&candidate);
  introduction = valise_account_dup_introduction (self->account);
  g_string_append_len (out, introduction, (gssize) strlen (introduction) - 1);
  valise_answer_append_member (out, "commitment", valise_pairing_get_commitment (self->pairing));
  g_string_append (out, "}\n");
  return TRUE;
}

/* @code: (out): to be told, without the lock. */
static gboolean
take_nonce (ValiseNeighbours *self, const char *nonce, char **code, GString *out, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (!valise_pairing_take_nonce (self->pairing, nonce, &failure))
    return refuse (error, 400, failure->message);
  g_string_append (out, "{\"nonce\":");
  valise_json_append_string (out, valise_pairing_get_nonce (self->pairing), -1);
  g_string_append (out, "}\n");
  *code = g_strdup (valise_pairing_get_code (self->pairing));
  return TRUE;
}

/* The other's person has said that the codes are the same. */
static gboolean
take_confirmation (ValiseNeighbours *self, GString *out, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (valise_pairing_get_code (self->pairing) == NULL)
    return refuse (error, 400, "There is no code yet");
  if (!self->answered)
    {
      g_string_append (out, "{\"state\":\"waiting\"}\n");
      return TRUE;
    }
  if (!self->same)
    {
      drop_pairing (self);
      g_string_append (out, "{\"state\":\"refused\"}\n");
      return TRUE;
    }
  self->candidate->paired_us = valise_clock_now ();
  if (!valise_colleagues_add (self->account, self->candidate, &failure))
    return refuse (error, 500, failure->message);
  g_ptr_array_unref (self->colleagues);
  self->colleagues = valise_colleagues_load (self->account);
  g_free (self->paired_key);
  self->paired_key = g_strdup (self->candidate->key);
  drop_pairing (self);
  self->pairings++;
  self->door_us = 0; /* one door, one colleague */
  g_string_append (out, "{\"state\":\"paired\"}\n");
  return TRUE;
}

/* What follows the hello, of the pairing that is under way. Holds the mutex. */
static gboolean
take_next (ValiseNeighbours *self,
           const char       *key,
           const ValiseJson *message,
           char            **code,
           GString          *out,
           GError          **error)
{
  g_autofree char *nonce = valise_json_dup_member (message, 0, "nonce");
  gboolean         confirms = valise_json_get_member_true (message, 0, "confirm");

  if (confirms && g_strcmp0 (self->paired_key, key) == 0)
    {
      g_string_append (out, "{\"state\":\"paired\"}\n"); /* the first answer may have been lost */
      return TRUE;
    }
  if (!is_under_way (self) || !g_str_equal (self->candidate->key, key))
    return refuse (error, 409, "No pairing is under way");
  if (nonce != NULL)
    return take_nonce (self, nonce, code, out, error);
  return confirms ? take_confirmation (self, out, error)
                  : refuse (error, 400, "Not a message of a pairing");
}

gboolean
valise_neighbours_take (ValiseNeighbours *self,
                        const char       *key,
                        const char       *address,
                        const ValiseJson *message,
                        GString          *out,
                        GError          **error)
{
  guint                  hello = valise_json_find (message, 0, "hello");
  g_autofree char       *code = NULL, *person = NULL, *participant = NULL;
  gboolean               ok = FALSE, paired = FALSE;
  ValiseNeighboursPaired paired_func = NULL;
  guint                  pairings = 0;

  if (key == NULL)
    return refuse (error, 403, "Who pairs shows its device key");
  g_mutex_lock (&self->mutex);
  if (self->candidate != NULL)
    person = g_strdup (self->candidate->person);
  paired_func = self->paired_func;
  pairings = self->pairings;
  ok = hello != VALISE_JSON_NONE ? take_hello (self, key, message, hello, out, error)
                                 : take_next (self, key, message, &code, out, error);
  if (code != NULL)
    participant = g_strdup (self->candidate->participant);
  paired = self->pairings > pairings;
  g_mutex_unlock (&self->mutex);
  if (code != NULL && self->func != NULL)
    self->func (person, participant, address, code, self->user_data);
  if (paired && paired_func != NULL)
    paired_func (person, self->paired_data);
  return ok;
}
