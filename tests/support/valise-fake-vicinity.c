/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "valise-fake-vicinity.h"
#include "valise-clock.h"
#include "valise-peer-error.h"

struct _ValiseVicinity
{
  GObject parent_instance;

  GPtrArray            *colleagues;
  GPtrArray            *strangers;
  gboolean              sharing;
  ValiseSharing         state;
  char                 *address;
  gboolean              available;
  gboolean              door;
  ValiseVicinityPairing pairing;
  GString              *log;
};

G_DEFINE_FINAL_TYPE (ValiseVicinity, valise_vicinity, G_TYPE_OBJECT)

const ValiseHostKind valise_neighbour_host = { 0 };

static guint changed;

static void
tell (ValiseVicinity *self)
{
  g_signal_emit (self, changed, 0);
}

static void
clear_pairing (ValiseVicinity *self)
{
  g_free (self->pairing.person);
  g_free (self->pairing.participant);
  g_free (self->pairing.address);
  g_free (self->pairing.code);
  g_clear_error (&self->pairing.error);
  self->pairing = (ValiseVicinityPairing){ 0 };
}

static void
valise_vicinity_finalize (GObject *object)
{
  ValiseVicinity *self = VALISE_VICINITY (object);

  clear_pairing (self);
  g_ptr_array_unref (self->colleagues);
  g_ptr_array_unref (self->strangers);
  g_string_free (self->log, TRUE);
  g_free (self->address);

  G_OBJECT_CLASS (valise_vicinity_parent_class)->finalize (object);
}

static void
valise_vicinity_class_init (ValiseVicinityClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_vicinity_finalize;
  changed = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                          NULL, G_TYPE_NONE, 0);
}

static void
free_colleague (gpointer data)
{
  ValiseVicinityColleague *colleague = data;

  g_free (colleague->key);
  g_free (colleague->person);
  g_free (colleague->participant);
  g_clear_error (&colleague->problem);
  g_free (colleague);
}

static void
free_laptop (gpointer data)
{
  ValiseNearbyLaptop *laptop = data;

  g_free (laptop->name);
  g_free (laptop->address);
  g_free (laptop);
}

static void
valise_vicinity_init (ValiseVicinity *self)
{
  self->colleagues = g_ptr_array_new_with_free_func (free_colleague);
  self->strangers = g_ptr_array_new_with_free_func (free_laptop);
  self->log = g_string_new (NULL);
  self->available = TRUE;
}

/* --- what tests set --------------------------------------------------------------------------- */

void
valise_fake_vicinity_add (ValiseVicinity *self,
                          const char     *person,
                          gboolean        near,
                          guint64         waiting,
                          gboolean        busy,
                          int             problem)
{
  ValiseVicinityColleague *colleague = g_new0 (ValiseVicinityColleague, 1);

  colleague->key = g_strconcat ("key of ", person, NULL);
  colleague->person = g_strdup (person);
  colleague->participant = g_strdup ("xke");
  colleague->reached_us = near ? valise_clock_parse ("2026-07-21T13:50:00Z") : 0;
  colleague->near = near;
  colleague->waiting = waiting;
  colleague->busy = busy;
  if (problem >= 0)
    colleague->problem = g_error_new_literal (VALISE_PEER_ERROR, problem, "As set");
  g_ptr_array_add (self->colleagues, colleague);
  tell (self);
}

void
valise_fake_vicinity_set_state (ValiseVicinity *self, ValiseSharing state, const char *address)
{
  self->sharing = state != VALISE_SHARING_OFF;
  self->state = state;
  g_free (self->address);
  self->address = g_strdup (address);
  tell (self);
}

void
valise_fake_vicinity_see (ValiseVicinity *self, gboolean available, const char *name)
{
  self->available = available;
  if (name != NULL)
    {
      ValiseNearbyLaptop *laptop = g_new0 (ValiseNearbyLaptop, 1);

      laptop->name = g_strdup (name);
      laptop->address = g_strdup ("192.168.1.9:6986");
      g_ptr_array_add (self->strangers, laptop);
    }
  tell (self);
}

void
valise_fake_vicinity_pair (ValiseVicinity    *self,
                           ValisePairingPhase phase,
                           const char        *person,
                           const char        *participant,
                           int                error)
{
  clear_pairing (self);
  self->pairing.phase = phase;
  self->pairing.person = g_strdup (person);
  self->pairing.participant = g_strdup (participant);
  self->pairing.address = g_strdup ("192.168.1.9");
  self->pairing.code = phase >= VALISE_PAIRING_COMPARE ? g_strdup ("482913") : NULL;
  if (error >= 0)
    self->pairing.error = g_error_new_literal (VALISE_PEER_ERROR, error, "As set");
  tell (self);
}

char *
valise_fake_vicinity_dup_log (ValiseVicinity *self)
{
  return g_strdup (self->log->str);
}

/* --- what a window asks ----------------------------------------------------------------------- */

ValiseVicinity *
valise_vicinity_new (ValiseAccount        *account,
                     ValiseScheduler      *scheduler,
                     const ValiseHostKind *kind,
                     ValiseCourierRules    rules)
{
  return g_object_new (VALISE_TYPE_VICINITY, NULL);
}

void
valise_vicinity_start (ValiseVicinity *self)
{
}

void
valise_vicinity_stop (ValiseVicinity *self)
{
}

void
valise_vicinity_set_sharing (ValiseVicinity *self, gboolean sharing)
{
  g_string_append_printf (self->log, "share %d\n", sharing);
  valise_fake_vicinity_set_state (self, sharing ? VALISE_SHARING_ON : VALISE_SHARING_OFF,
                                  sharing ? "192.168.1.7" : NULL);
}

gboolean
valise_vicinity_get_sharing (ValiseVicinity *self)
{
  return self->sharing;
}

ValiseSharing
valise_vicinity_get_state (ValiseVicinity *self)
{
  return self->state;
}

const char *
valise_vicinity_get_address (ValiseVicinity *self)
{
  return self->address != NULL || !self->door ? self->address : "192.168.1.7";
}

gboolean
valise_vicinity_can_see (ValiseVicinity *self)
{
  return self->available;
}

const char *
valise_vicinity_get_name (ValiseVicinity *self)
{
  return self->available && self->door ? "4F2A" : NULL;
}

GPtrArray *
valise_vicinity_list (ValiseVicinity *self)
{
  return g_ptr_array_ref (self->colleagues);
}

GPtrArray *
valise_vicinity_list_strangers (ValiseVicinity *self)
{
  return g_ptr_array_ref (self->strangers);
}

void
valise_vicinity_sync (ValiseVicinity *self, const char *key)
{
  g_string_append_printf (self->log, "sync %s\n", key);
}

void
valise_vicinity_remove_async (ValiseVicinity     *self,
                              const char         *key,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  for (guint i = self->colleagues->len; i-- > 0;)
    if (g_str_equal (((ValiseVicinityColleague *) g_ptr_array_index (self->colleagues, i))->key,
                     key))
      g_ptr_array_remove_index (self->colleagues, i);
  g_task_return_boolean (task, TRUE);
  tell (self);
}

gboolean
valise_vicinity_remove_finish (ValiseVicinity *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
valise_vicinity_set_door (ValiseVicinity *self, gboolean open)
{
  g_string_append_printf (self->log, "door %d\n", open);
  self->door = open;
  tell (self);
}

void
valise_vicinity_call (ValiseVicinity *self, const char *address)
{
  g_string_append_printf (self->log, "call %s\n", address);
  valise_fake_vicinity_pair (self, VALISE_PAIRING_CALLING, NULL, NULL, -1);
}

void
valise_vicinity_answer (ValiseVicinity *self, gboolean same)
{
  g_string_append_printf (self->log, "answer %d\n", same);
  valise_fake_vicinity_pair (self, same ? VALISE_PAIRING_CONFIRMING : VALISE_PAIRING_NONE,
                             "Jun Park", "xke", -1);
}

void
valise_vicinity_give_up (ValiseVicinity *self)
{
  clear_pairing (self);
  tell (self);
}

const ValiseVicinityPairing *
valise_vicinity_get_pairing (ValiseVicinity *self)
{
  return &self->pairing;
}
